/**
 * Converts an error of the package to a reply. A refusal of the instance's API passes unchanged. Any other failure becomes an
 * error of the worker with the code of the diagnosis, and never with status 401: the caller's key is valid, so another key
 * would not help.
 */

import { type Diagnosis, type KnownErrorCode, SysparmError } from "sysparm";
import { BrokerUnavailable, TenantChanged, TokenFailure } from "../broker/credential-memory.ts";
import { type EnvelopeCause, envelope } from "./envelope.ts";
import { passed } from "./passing-headers.ts";
import { brokerUnavailable, unknownFailure } from "./refusals.ts";

/** The worker is not a browser, so these are not the cause. */
export const CORS_CAUSES: readonly string[] = ["cors.api", "cors.header", "cors.token-endpoint"];

/**
 * The reply for a failure of `request()`. `explains`: a refusal of the instance's API gets its causes, instead of passing as it is.
 * @throws TenantChanged, which the gateway answers
 */
export async function replyToFailure(failure: unknown, explains = false): Promise<Response> {
  const causes = causesOf(failure);
  const changed = causes.find((cause) => cause instanceof TenantChanged);
  if (changed) throw changed;
  if (causes.some((cause) => cause instanceof BrokerUnavailable)) return brokerUnavailable();
  const tokenFailure = causes.find((cause) => cause instanceof TokenFailure);
  if (tokenFailure) return workerReply(tokenFailure.report.message, tokenFailure.report.diagnosis);
  if (!(failure instanceof SysparmError)) return unknownFailure(failure);
  const reply = failure.response;
  if (reply === undefined) return workerReply(failure.message, failure.diagnosis);
  if (isTheApis(reply) && !explains) return passed(reply);
  await reply.body?.cancel();
  return isTheApis(reply) ? explained(failure, reply) : workerReply(failure.message, failure.diagnosis, reply);
}

/** Whether the API itself refused. A 401, a redirect, or a web page (of a login, a gateway, a hibernating instance) is not its reply. */
function isTheApis(reply: Response): boolean {
  return reply.status >= 400 && reply.status !== 401 && !isPage(reply);
}

/** Whether the reply is a web page. ServiceNow's REST APIs reply with JSON or XML for any Accept header. */
function isPage(reply: Response): boolean {
  return /^\s*text\/html\b/i.test(reply.headers.get("content-type") ?? "");
}

/** The status stays: it says whose fault it is. */
function explained({ message, diagnosis }: SysparmError, { status, headers }: Response): Response {
  const { code } = diagnosis;
  const causes = causesShown(diagnosis);
  const seconds = headers.get("retry-after");
  const detail = `The instance, not the sysparm worker, refused this. ${message} Code: ${code}.`;
  return envelope(status, "Refused by the instance", detail, seconds ? { "retry-after": seconds } : {}, {
    code,
    causes,
  });
}

function causesShown({ causes }: Diagnosis): EnvelopeCause[] {
  return causes
    .filter(({ code }) => !CORS_CAUSES.includes(code))
    .slice(0, MOST_CAUSES)
    .map(({ code, title, fix }) => ({ code, title, fix }));
}

function workerReply(message: string, diagnosis: Diagnosis, reply?: Response): Response {
  const { code, retry } = diagnosis;
  const headers: Record<string, string> = {};
  const seconds =
    reply?.headers.get("retry-after") ??
    (retry.afterMs === undefined ? undefined : String(Math.ceil(retry.afterMs / 1000)));
  if (seconds) headers["retry-after"] = seconds;
  const isOwn = OF_THE_WORKER.includes(code);
  const what = isOwn
    ? "The sysparm worker cannot call the instance"
    : "The sysparm worker got no usable answer from the instance";
  const sentences = [`${what}.`, message, `Code: ${code}.`];
  const causes = causesShown(diagnosis);
  const titles = causes.map(({ title }) => title).join("; ");
  if (titles) sentences.push(`Possible causes, likeliest first: ${titles}.`);
  if (retry.when === "look-first") sentences.push(LOOK_FIRST);
  return envelope(
    statusFor(diagnosis, reply?.status),
    isOwn ? "Instance not called" : "No usable answer from the instance",
    sentences.join(" "),
    headers,
    { code, causes },
  );
}

/** The broker's own codes: the instance was not asked. */
const OF_THE_WORKER = ["broker.unavailable", "tenant.paused"];
const MOST_CAUSES = 6;
const LOOK_FIRST = "The write may have happened: look for the record before you send it again.";

/** RFC 9110 section 15.6: 502 for an invalid reply, 503 for a temporary overload, 504 for no reply in time. */
function statusFor(diagnosis: Diagnosis, status: number | undefined): number {
  if (diagnosis.code === ("network.timeout" satisfies KnownErrorCode)) return 504;
  if (status === 429 || status === 503) return status;
  switch (diagnosis.kind) {
    case "rate":
    case "capacity":
      return 503;
    case "request":
      return 500;
    default:
      return 502;
  }
}

function causesOf(failure: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let next = failure; next instanceof Error && causes.length < 8; next = next.cause) causes.push(next);
  return causes;
}
