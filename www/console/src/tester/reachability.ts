/**
 * Tells a reply that the browser withheld from an instance that does not answer. The package does so by itself only with the platform's
 * own fetch, and the console's is guarded (environments/guarded-fetch.ts). Only Send of the tester uses it:
 * comparisons, runs, Tables and connecting do not.
 */
import { classify } from "sysparm";
import type { Failure } from "../failure/failure";
import { repeatWords } from "../failure/words";

/** What was asked. `path` has its query. */
export interface Asked {
  method: string;
  /** Of the instance or worker. */
  origin: string;
  path: string;
  /** Empty if unknown. */
  release: string;
}

/** Whether something answers at an origin. */
export type Probe = (origin: string, signal: AbortSignal | undefined) => Promise<boolean>;

/** The failure with the causes that fit what the probe finds; unchanged if the browser is none of its causes, or the signal is aborted. */
export async function withReachability(
  failure: Failure,
  asked: Asked,
  signal?: AbortSignal,
  probe: Probe = answers,
): Promise<Failure> {
  const causes = failure.diagnosis?.causes ?? [];
  if (failure.status !== undefined || !causes.some(({ code }) => code.startsWith("cors."))) return failure;
  const ofToken = causes.some(({ code }) => code === "cors.token-endpoint");
  const [method, path] = ofToken ? ["POST", "/oauth_token.do"] : [asked.method, asked.path];
  const isAnswering = await probe(asked.origin, signal);
  if (signal?.aborted) return failure;
  const transport = isAnswering ? "unreadable" : "silent";
  const { title, ...diagnosis } = await classify(
    { transport, request: { method, url: `${asked.origin}${path}` } },
    asked.release === "" ? {} : { release: asked.release },
  );
  const found = { ...failure, message: `${title}.` };
  // The probe does not know whether a write happened, so its advice on repeating stays.
  if (failure.diagnosis?.retry.when === "look-first") {
    return { ...found, diagnosis: { ...diagnosis, retry: failure.diagnosis.retry } };
  }
  return { ...found, repeat: repeatWords(diagnosis.retry), diagnosis };
}

/** A request that needs no permission, carries no credentials, and of whose reply nothing is read. */
async function answers(origin: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await fetch(`${origin}/favicon.ico`, {
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([AbortSignal.timeout(PROBE_MS), ...(signal ? [signal] : [])]),
    });
    return true;
  } catch {
    return false;
  }
}

const PROBE_MS = 1_500;
