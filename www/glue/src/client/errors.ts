/** Failures leave the core as data and become errors here, with their words. */

import type { Cause, Kind } from "sysparm";
import {
  AuthenticationError,
  AuthorizationError,
  CircuitOpenError,
  InstanceError,
  RateLimitError,
  RecordError,
  RequestError,
  refusal,
  type SysparmError,
  UnknownOutcomeError,
} from "../errors/index.js";
import { checkArgument, TEXT } from "../protocol/check-options.js";
import type { Failure } from "../protocol/failure.js";
import { BROKEN, trapped } from "../shared/wasm-module.js";
import { explain, explainNow } from "./explain.js";

interface Surroundings {
  cause?: unknown;
  response?: Response | undefined;
}

const CLASSES: Record<Kind, typeof SysparmError> = {
  authentication: AuthenticationError,
  authorization: AuthorizationError,
  rate: RateLimitError,
  capacity: InstanceError,
  request: RequestError,
  record: RecordError,
  network: InstanceError,
  instance: InstanceError,
  unknown: InstanceError,
};

export function toError(failure: Failure, surroundings: Surroundings = {}): SysparmError {
  const { code, kind } = failure.diagnosis;
  const known = code === "instance.circuit-open" ? CircuitOpenError : CLASSES[kind];
  const Class = failure.unknownOutcome ? UnknownOutcomeError : known;
  const { message, diagnosis } = failure;
  const step = diagnosis.causes[0]?.fix[0];
  const { status, resumesAt } = failure;
  return new Class(step ? `${message} ${step}` : message, diagnosis, { ...surroundings, status, resumesAt });
}

/** The same, when the words of its causes are there. */
export async function failed(failure: Failure, cause?: unknown): Promise<SysparmError> {
  return toError(await explain(failure), cause === undefined ? {} : { cause });
}

/** Runs what may throw a failure as data, and throws it as an error. */
export function throwing<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw isFailure(thrown) ? toError(thrown) : thrown;
  }
}

/** What this glue refuses by itself: an option or argument before the core sees it, or a reply that lacks what it is read for. */
export function invalid(
  code: string,
  message: string,
  kind: Kind = "request",
  surroundings?: Surroundings,
): SysparmError {
  return toError({ message, diagnosis: refusal(code, kind), unknownOutcome: false }, surroundings);
}

/** Why a core traps; the likelihoods are those of its row in the catalogue. */
const TRAPS = [
  ["core.memory", 0.55],
  ["core.fault", 0.3],
  ["core.stack", 0.1],
] as const;

/** The core has trapped. A write that was sent may have been made. */
export function broken(cause: unknown, unknownOutcome = false): SysparmError {
  // Their words come when there are any: nothing is kept back for them here.
  const causes = TRAPS.map(([code, likelihood]) => ({ code, likelihood }) as Cause);
  const diagnosis = { ...refusal(BROKEN, "instance"), causes };
  const message = trapped("sysparm", "connect() opens a new instance");
  return toError(explainNow({ message, diagnosis, unknownOutcome }), { cause });
}

/** What goes into the core as text must be text: anything else would be read from where no text is. */
export function text(name: string, value: unknown): string {
  checkArgument(name, value ?? null, TEXT, invalid);
  return value as string;
}

export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && "diagnosis" in thrown && !(thrown instanceof Error);
}
