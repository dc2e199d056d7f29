/**
 * Failures leave the core as data and become classes here. Each class states its name: the one it would have by itself dies
 * when a bundler shortens it.
 */

import type { Cause, Diagnosis, Kind } from "sysparm";
import { checkArgument, TEXT } from "../protocol/check-options.js";
import type { Failure } from "../protocol/failure.js";
import { failureWithTexts, loadTexts } from "../shared/explain.js";
import { BROKEN, trapped } from "../shared/wasm-module.js";

interface Surroundings {
  cause?: unknown;
  response?: Response | undefined;
  release?: string | undefined;
}

export class SysparmError extends Error {
  static override readonly name: string = "SysparmError";
  override readonly name: string;
  readonly code: string;
  readonly kind: Kind;
  readonly diagnosis: Diagnosis;
  declare readonly status?: number;
  declare readonly resumesAt?: number;
  declare readonly response?: Response;

  constructor(failure: Failure, surroundings: Surroundings = {}) {
    const { message, diagnosis } = failureWithTexts(failure, surroundings.release);
    const step = diagnosis.causes[0]?.fix[0];
    super(step ? `${message} ${step}` : message, "cause" in surroundings ? { cause: surroundings.cause } : undefined);
    this.name = new.target.name;
    this.diagnosis = diagnosis;
    this.code = failure.diagnosis.code;
    this.kind = failure.diagnosis.kind;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.resumesAt !== undefined) this.resumesAt = failure.resumesAt;
    // Not enumerable: whoever prints or copies the error does not want a reply with its streams.
    if (surroundings.response) Object.defineProperty(this, "response", { value: surroundings.response });
  }
}

export class AuthenticationError extends SysparmError {
  static override readonly name: string = "AuthenticationError";
}

export class AuthorizationError extends SysparmError {
  static override readonly name: string = "AuthorizationError";
}

export class RateLimitError extends SysparmError {
  static override readonly name: string = "RateLimitError";
}

export class RequestError extends SysparmError {
  static override readonly name: string = "RequestError";
}

export class RecordError extends SysparmError {
  static override readonly name: string = "RecordError";
}

export class UnknownOutcomeError extends SysparmError {
  static override readonly name: string = "UnknownOutcomeError";
}

export class InstanceError extends SysparmError {
  static override readonly name: string = "InstanceError";
}

export class CircuitOpenError extends InstanceError {
  static override readonly name: string = "CircuitOpenError";
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

export function toError(failure: Failure, surroundings?: Surroundings): SysparmError {
  const { code, kind } = failure.diagnosis;
  const known = code === "instance.circuit-open" ? CircuitOpenError : CLASSES[kind];
  const Class = failure.unknownOutcome ? UnknownOutcomeError : known;
  return new Class(failure, surroundings);
}

/** The same, when the words of its causes are there. */
export async function failed(failure: Failure, cause?: unknown): Promise<SysparmError> {
  await loadTexts(failure.diagnosis);
  return toError(failure, cause === undefined ? {} : { cause });
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
  const diagnosis: Diagnosis = { code, kind, retry: { when: "never" }, causes: [], evidence: [] };
  return toError({ message, diagnosis, unknownOutcome: false }, surroundings);
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
  const diagnosis: Diagnosis = { code: BROKEN, kind: "instance", retry: { when: "never" }, causes, evidence: [] };
  const message = trapped("sysparm", "connect() opens a new instance");
  return toError({ message, diagnosis, unknownOutcome }, { cause });
}

/** What goes into the core as text must be text: anything else would be read from where no text is. */
export function text(name: string, value: unknown): string {
  checkArgument(name, value ?? null, TEXT, invalid);
  return value as string;
}

export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && "diagnosis" in thrown && !(thrown instanceof Error);
}
