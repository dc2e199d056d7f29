/**
 * Turns what the package throws into a reply. What the instance's API itself refused passes untouched; everything else
 * is said in the worker's own words, with the diagnosis's code, and never with the status 401: the caller's key was
 * right, so a new key would not help.
 */

import { type Diagnosis, SysparmError } from "sysparm";
import { envelope } from "./envelope.ts";
import { headersForCaller } from "./passing-headers.ts";
import { TokenFailure } from "./token-source.ts";

/** The reply for a failure of `request()`. */
export async function replyToFailure(failure: unknown): Promise<Response> {
  const tokenFailure = causesOf(failure).find((cause) => cause instanceof TokenFailure);
  if (tokenFailure) return explained(tokenFailure.report.message, tokenFailure.report.diagnosis);
  if (!(failure instanceof SysparmError)) return unknownFailure(failure);
  const reply = failure.response;
  if (reply === undefined) return explained(failure.message, failure.diagnosis);
  if (isTheApis(reply)) return passed(reply);
  await reply.body?.cancel();
  return explained(failure.message, failure.diagnosis, reply);
}

/** For what nothing here throws on purpose: its message may hold anything, so only its name is shown. */
export function unknownFailure(failure: unknown): Response {
  const name = failure instanceof Error ? failure.name : typeof failure;
  return envelope(500, "Worker failed", `The sysparm worker failed with an error that it does not know (${name}).`);
}

/** A reply of the instance as the caller may see it, body streaming. */
export function passed(reply: Response): Response {
  return new Response(reply.body, {
    status: reply.status,
    statusText: reply.statusText,
    headers: headersForCaller(reply.headers),
  });
}

/** Not the API's: a refused token, a redirect, and a web page, which a login, a gateway or a sleeping instance shows. */
function isTheApis(reply: Response): boolean {
  return reply.status >= 400 && reply.status !== 401 && !isPage(reply);
}

/** ServiceNow's REST APIs answer JSON or XML, whatever Accept says. */
function isPage(reply: Response): boolean {
  return /^\s*text\/html\b/i.test(reply.headers.get("content-type") ?? "");
}

function explained(message: string, diagnosis: Diagnosis, reply?: Response): Response {
  const { code, retry } = diagnosis;
  const headers: Record<string, string> = {};
  const seconds =
    reply?.headers.get("retry-after") ??
    (retry.afterMs === undefined ? undefined : String(Math.ceil(retry.afterMs / 1000)));
  if (seconds) headers["retry-after"] = seconds;
  const words = ["The sysparm worker got no usable answer from the instance.", message, `Code: ${code}.`];
  // The worker is no browser: CORS is not why it was refused.
  const causes = diagnosis.causes.filter((cause) => !cause.code.startsWith("cors.")).map((cause) => cause.title);
  if (causes.length > 0) words.push(`Possible causes, likeliest first: ${causes.join("; ")}.`);
  return envelope(statusFor(diagnosis, reply?.status), "No usable answer from the instance", words.join(" "), headers);
}

/** RFC 9110 section 15.6: 502 for an answer that is none, 503 to come back later, 504 for no answer in time. */
function statusFor(diagnosis: Diagnosis, status: number | undefined): number {
  if (diagnosis.code === "network.timeout") return 504;
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
