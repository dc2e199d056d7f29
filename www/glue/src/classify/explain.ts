/** Explains the failures of a client from the exchange that its core has printed: the diagnosis, without secrets, and the texts of its causes. */

import type { Cause, Diagnosis } from "sysparm";
import type { Failure, Unexplained } from "../protocol/failure.js";
import { isInPage } from "../shared/platform.js";
import { diagnosisFrom } from "./read-diagnosis.js";
import { redactedCause, redactedReply } from "./redact-cause.js";
import { classifiers } from "./wasm.js";

let texts: typeof import("../explanations/index.js") | undefined;

/** Resolves when the WebAssembly is there, from `source` if given. The texts of causes may come later. */
export async function ready(source?: unknown): Promise<void> {
  void loadTexts();
  await classifiers.load(source);
}

/** Where the texts cannot be loaded, codes stand in their place. */
export async function loadTexts(): Promise<void> {
  texts ??= await import("../explanations/index.js").catch(() => undefined);
}

/** The failure with its explanation. A web page's own check of the instance may change the ranking of its causes. */
export async function explainFailure<T extends Unexplained>(
  failure: T,
  { release, origin }: { release?: string | undefined; origin?: string | undefined },
): Promise<T> {
  await loadTexts();
  const known = explainWithLoaded(failure, release);
  const { diagnosis } = known;
  if (diagnosis.kind !== "network" || origin === undefined) return known;
  const seen = await texts?.causesByReachability(
    origin,
    diagnosis.code,
    (failure as Partial<Failure>).ofToken === true,
  );
  if (!seen) return known;
  const evidence = [...diagnosis.evidence, seen.title];
  const ranked = withTexts({ ...diagnosis, causes: seen.causes as Cause[], evidence }, release);
  return { ...known, message: `${known.message} ${seen.title}.`, diagnosis: ranked };
}

/** The same without the check. */
export function explainWithLoaded<T extends Unexplained>({ exchange, ...failure }: T, release?: string): T {
  const own = withRule(failure.diagnosis);
  const parts = exchange === undefined ? [] : classifiers.glue.explainExchange(exchange, own.evidence);
  const [message, ...rest] = parts;
  if (message === undefined) return { ...failure, diagnosis: withTexts(own, release) } as T;
  const diagnosis = withTexts(possibleHere(diagnosisFrom(rest)), release);
  if (own.code !== "instance.circuit-open") return { ...failure, message, diagnosis } as T;
  // The causes of an open circuit are those of what opened it.
  const because = `${diagnosis.code}: ${diagnosis.evidence[0]}`;
  const opened = { ...own, causes: diagnosis.causes, evidence: [because] };
  return { ...failure, message: `${failure.message.slice(0, -1)} (${because}).`, diagnosis: opened } as T;
}

/** What the client refuses by itself, because an hourly rule is used up, has the cause of the refusal that it expects. */
function withRule(diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.code !== "rate.rule" || diagnosis.causes.length > 0) return diagnosis;
  return { ...diagnosis, causes: [{ code: "rate.rule-reached", likelihood: 0.95 } as Cause] };
}

/** Only browsers apply CORS. */
function possibleHere(diagnosis: Diagnosis): Diagnosis {
  if (isInPage()) return diagnosis;
  return { ...diagnosis, causes: diagnosis.causes.filter(({ code }) => !code.startsWith("cors.")) };
}

/** A diagnosis with the texts of its causes, in the menu names of the release. */
export function withTexts(diagnosis: Diagnosis, release?: string): Diagnosis {
  const unknown = (code: string) => ({ title: code, tellApart: "", fix: [], source: "" });
  const known = ({ code }: Cause) => texts?.textsOfCause(code, release);
  return {
    ...diagnosis,
    causes: diagnosis.causes.map((cause) => ({ ...unknown(cause.code), ...cause, ...known(cause) })),
  };
}

/** The failure of a reply inside another one, without these secrets and without the texts of its causes. */
export function explainReply(...reply: Parameters<typeof classifiers.glue.explainReply>): Failure {
  const [message = "", ...rest] = classifiers.glue.explainReply(...reply);
  const diagnosis = diagnosisFrom(rest);
  const [, , , status, , , now] = reply;
  const { afterMs } = diagnosis.retry;
  const resumesAt = afterMs === undefined ? {} : { resumesAt: now + afterMs };
  return { message, diagnosis, status, ...resumesAt, unknownOutcome: diagnosis.code === "write.unknown-outcome" };
}

/** What was thrown, without these secrets. */
export function redactThrown(thrown: unknown, secrets: string): unknown {
  return redacting(secrets, (mask) => redactedCause(thrown, mask));
}

/** A failing reply without these secrets. `whole`: what was read of its body. */
export function redactResponse(reply: Response, whole: string, secrets: string): Response {
  return redacting(secrets, (mask) => redactedReply(reply, whole, mask));
}

function redacting<T>(secrets: string, run: (mask: (text: string) => string | undefined) => T): T {
  const redaction = new classifiers.glue.Redaction(secrets);
  try {
    return run((text) => redaction.masked(text));
  } finally {
    redaction.free();
  }
}
