/**
 * The core decides what follows a failure and does not explain it: diagnosis, redaction and words are in a file that is loaded with the
 * first failure. Where that file cannot be loaded, an error has a code and a status, and nothing that the other side has said.
 */

import type { Cause, Diagnosis, KnownErrorCode, Status } from "sysparm";
import { refusal } from "../errors/index.js";
import type { Failure, Unexplained } from "../protocol/failure.js";

/** A failure waits no longer than this for its explanation: what made the request fail may stop that file, too. */
const LONGEST_WAIT_MS = 2000;

/** Refused by the core itself, which holds no causes. */
const RATE_RULE: KnownErrorCode = "rate.rule";
const UNKNOWN: KnownErrorCode = "unknown";

/** What the driver knows about the instance. */
export interface InstanceFacts {
  /** Decides which menu names a text has. */
  release?: string | undefined;
  /** The origin that a web page checks after a request without a reply; none with a custom `fetch`, of which the check says nothing. */
  origin?: string | undefined;
  /** The largest body that is parsed. */
  maxBodyBytes: number;
}

/** What was thrown or answered, as it came, with the secrets to redact in it. */
export interface Unredacted<T> {
  value: T;
  secrets: string;
}

type Explainer = typeof import("../classify/explain.js");

let arrival: (() => Promise<Explainer>) | undefined;
let loaded: Explainer | undefined;
let loading: Promise<Explainer | undefined> | undefined;
let attempt: Promise<Explainer | undefined> | undefined;

/** An entry names its file here. */
export function explainBy(way: () => Promise<Explainer>): void {
  arrival = way;
}

/** Undefined where the file cannot be loaded; the next failure tries again. `source`: its WebAssembly, where the application supplies it. */
export function loadExplainer(source?: unknown): Promise<Explainer | undefined> {
  loading ??= (async () => {
    try {
      const explainer = await arrival?.();
      await explainer?.ready(source);
      loaded = explainer;
    } catch {
      loading = undefined;
      attempt = undefined;
    }
    return loaded;
  })();
  return loading;
}

/** One wait for each attempt to load it: after a wait in vain, failures go without explanation until it is there. */
async function explainerInTime(): Promise<Explainer | undefined> {
  if (loaded) return loaded;
  const first = loadExplainer();
  attempt ??= bounded(first);
  return (await attempt) ?? loaded;
}

/** The failure with its explanation. */
export async function explain<T extends Unexplained>(failure: T, facts: Partial<InstanceFacts> = {}): Promise<T> {
  // The core's own texts need no file.
  const { exchange, diagnosis } = failure;
  if (exchange === undefined && diagnosis.causes.length === 0 && diagnosis.code !== RATE_RULE)
    return explainNow(failure);
  const explainer = await explainerInTime();
  const whole = explainer && (await bounded(explainer.explainFailure(failure, facts)));
  return whole ?? explainNow(failure, facts.release);
}

/** The same with what is loaded already. */
export function explainNow<T extends Unexplained>(failure: T, release?: string): T {
  try {
    return loaded?.explainWithLoaded(failure, release) ?? unexplained(failure);
  } catch {
    // The WebAssembly has trapped; the next failure gets another instance.
    return unexplained(failure);
  }
}

/** The failure of a reply inside another one. Where it cannot be explained, what is no refusal may have been written. */
export async function replyFailure(...reply: Parameters<Explainer["explainReply"]>): Promise<Failure> {
  const explainer = await explainerInTime();
  try {
    if (explainer) return explainer.explainReply(...reply);
  } catch {
    // The WebAssembly has trapped.
  }
  const [, method, , status] = reply;
  // A write that is answered by 408 may have happened, as in the judgement of the core.
  const unknownOutcome = method !== "GET" && (status < 400 || status === 408 || status >= 500);
  return { message: `HTTP status ${status}.`, diagnosis: refusal(UNKNOWN, "unknown"), status, unknownOutcome };
}

/** A status of the core, in which the latest failure has its exchange in addition to its diagnosis. */
export function explainStatus(given: Status & { lastExchange?: string }, release?: string): Status {
  const { lastExchange: exchange, lastDiagnosis: diagnosis, ...status } = given;
  const { attention } = status.token;
  if (attention) status.token.attention = explainNow(attention, release);
  if (!diagnosis) return status;
  const failure = { message: "", diagnosis, ...(exchange !== undefined && { exchange }) };
  return { ...status, lastDiagnosis: explainNow(failure, release).diagnosis };
}

/** What was thrown, without secrets; nothing where it cannot be redacted. */
export async function redacted(thrown: Unredacted<unknown> | undefined): Promise<{ cause?: unknown }> {
  const explainer = thrown && (await explainerInTime());
  try {
    return explainer && thrown ? { cause: explainer.redactThrown(thrown.value, thrown.secrets) } : {};
  } catch {
    // A getter of what was thrown throws, or the WebAssembly has trapped.
    return {};
  }
}

/** A failing reply without secrets; nothing where it cannot be redacted. `whole`: what was read of its body. */
export async function redactedResponse(reply: Response, whole: Unredacted<string>): Promise<Response | undefined> {
  const explainer = await explainerInTime();
  try {
    return explainer?.redactResponse(reply, whole.value, whole.secrets);
  } catch {
    return undefined;
  }
}

function unexplained<T extends Unexplained>({ exchange, ...failure }: T): T {
  const { code, causes } = failure.diagnosis;
  const texts = ({ code, likelihood }: Cause) => ({
    code,
    likelihood,
    title: code,
    tellApart: "",
    fix: [],
    source: "",
  });
  const diagnosis: Diagnosis = { ...failure.diagnosis, causes: causes.map(texts) };
  const { status } = failure as Partial<Failure>;
  const message = exchange === undefined ? failure.message : `${code}${status ? ` (HTTP status ${status})` : ""}.`;
  return { ...failure, message, diagnosis } as T;
}

/** Undefined where it fails or takes too long. */
export async function bounded<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LONGEST_WAIT_MS);
  });
  const first = await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
  return first;
}
