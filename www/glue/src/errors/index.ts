/**
 * The error classes of all entries, in one file of the package that every entry imports: `instanceof` holds whichever entry threw. Each
 * class states its name, because a minifier shortens the one it would have.
 */
import type { Diagnosis, ErrorCode, Kind, KnownErrorCode } from "sysparm";

interface ErrorContext {
  cause?: unknown;
  status?: number | undefined;
  resumesAt?: number | undefined;
  response?: Response | undefined;
}

/** The base class of all errors of the package. */
export class SysparmError extends Error {
  static override readonly name: string = "SysparmError";
  override readonly name: string;
  readonly code: ErrorCode;
  readonly kind: Kind;
  declare readonly diagnosis: Diagnosis;
  declare readonly status?: number;
  declare readonly resumesAt?: number;
  declare readonly response?: Response;

  constructor(message: string, diagnosis: Diagnosis, { status, resumesAt, response, ...rest }: ErrorContext = {}) {
    super(message, rest);
    this.name = new.target.name;
    this.code = diagnosis.code;
    this.kind = diagnosis.kind;
    if (status !== undefined) this.status = status;
    if (resumesAt !== undefined) this.resumesAt = resumesAt;
    // Not enumerable: a printed error should hold neither 8 KB of causes, whose first step is in its message, nor a reply with its streams.
    Object.defineProperty(this, "diagnosis", { value: diagnosis });
    if (response) Object.defineProperty(this, "response", { value: response });
  }

  /** For loggers: without it JSON has neither message nor diagnosis. */
  toJSON(): object {
    const { name, message, diagnosis } = this;
    return Object.assign({ name, message }, this, { diagnosis });
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

/** The diagnosis of what an entry refuses by itself, before or without a reply. */
export function refusal(code: KnownErrorCode, kind: Kind = "request"): Diagnosis {
  return { code, kind, retry: { when: "never" }, causes: [], evidence: [] };
}

/** An option or argument that cannot work. */
export function requestError(code: KnownErrorCode, message: string): RequestError {
  return new RequestError(message, refusal(code));
}
