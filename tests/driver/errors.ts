/** Errors of the Rust driver in the package's classes. Messages, codes and causes are those of the crate. */
import type { Diagnosis, Kind, KnownErrorCode } from "sysparm";
import * as classes from "../../www/glue/src/errors/index.js";

export * from "../../www/glue/src/errors/index.js";

const BY_KIND: Record<Kind, typeof classes.SysparmError> = {
  authentication: classes.AuthenticationError,
  authorization: classes.AuthorizationError,
  rate: classes.RateLimitError,
  capacity: classes.InstanceError,
  request: classes.RequestError,
  record: classes.RecordError,
  network: classes.InstanceError,
  instance: classes.InstanceError,
  unknown: classes.InstanceError,
};

export interface Failure {
  message: string;
  diagnosis: Diagnosis;
  status?: number;
  resumesAt?: number;
  unknownOutcome: boolean;
}

export function toError({ message, diagnosis, unknownOutcome, ...rest }: Failure, cause?: unknown) {
  const known = diagnosis.code === "instance.circuit-open" ? classes.CircuitOpenError : BY_KIND[diagnosis.kind];
  const Class = unknownOutcome ? classes.UnknownOutcomeError : known;
  return new Class(message, diagnosis, { ...rest, ...(cause !== undefined && { cause }) });
}

/** What the types of the crate exclude, refused as the package refuses it. */
export function invalid(code: KnownErrorCode, message: string, kind: Kind = "request") {
  return toError({ message, diagnosis: classes.refusal(code, kind), unknownOutcome: false });
}
