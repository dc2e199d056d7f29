/** Turns the core's failures, which are data, into errors with texts. */

import type { Cause, Kind, KnownErrorCode } from "sysparm";
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
import { type ThrownMembers, throwingText } from "../protocol/thrown-text.js";
import { BROKEN, trapped } from "../shared/wasm-module.js";
import { explain, explainNow } from "./explain.js";

interface ErrorDetails {
  cause?: unknown;
  response?: Response | undefined;
}

const LAST_DATE = 8.64e15;
const CIRCUIT_OPEN: KnownErrorCode = "instance.circuit-open";

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

/** The error of a failure. */
export function toError(failure: Failure, details: ErrorDetails = {}): SysparmError {
  const { code, kind } = failure.diagnosis;
  const known = code === CIRCUIT_OPEN ? CircuitOpenError : CLASSES[kind];
  const Class = failure.unknownOutcome ? UnknownOutcomeError : known;
  const { message, diagnosis } = failure;
  const [first, next] = diagnosis.causes;
  const step = first?.fix[0];
  // As `Cause::advice()` in the crate.
  const other =
    step && next && next.likelihood * 4 >= first.likelihood * 3 && next.title && `About as likely: ${next.title}.`;
  const { status, resumesAt } = failure;
  // Later times are no dates.
  const until = (resumesAt ?? LAST_DATE) < LAST_DATE && `Again from ${new Date(resumesAt as number).toISOString()}.`;
  const words = [message, until, step, other].filter(Boolean).join(" ");
  return new Class(words, diagnosis, { ...details, status, resumesAt });
}

/** The same, with its explanation. */
export async function failed(failure: Failure, cause?: unknown): Promise<SysparmError> {
  return toError(await explain(failure), cause === undefined ? {} : { cause });
}

/** Runs a call of the core, and throws its text as an error. */
export function throwingErrors<T>(run: () => T): T {
  return throwingText(run, coreError);
}

/** The error of what the core has thrown. Only an unknown code and an unreadable text have no diagnosis. */
export function coreError(
  code: KnownErrorCode,
  message: string,
  { diagnosis = refusal(code, "instance") }: ThrownMembers,
): SysparmError {
  return toError({ message, diagnosis, unknownOutcome: false });
}

/** An error of this package's TypeScript: an invalid option or argument, or an incomplete reply. */
export function invalid(
  code: KnownErrorCode,
  message: string,
  kind: Kind = "request",
  details?: ErrorDetails,
): SysparmError {
  return toError({ message, diagnosis: refusal(code, kind), unknownOutcome: false }, details);
}

/** Causes of a trap, with the likelihoods of the catalogue. */
const TRAPS = [
  ["core.memory", 0.55],
  ["core.fault", 0.3],
  ["core.stack", 0.1],
] as const;

/** The error after a trap. A write that was sent may have happened. */
export function broken(
  cause: unknown,
  unknownOutcome = false,
  name = "sysparm",
  then = "connect() opens a new instance",
): SysparmError {
  // Without waiting for texts, because calls must end at once.
  const causes = TRAPS.map(([code, likelihood]) => ({ code, likelihood }) as Cause);
  const diagnosis = { ...refusal(BROKEN, "instance"), causes };
  const message = trapped(name, then);
  return toError(explainNow({ message, diagnosis, unknownOutcome }), { cause });
}

/** Checks a text argument: wasm-bindgen does not, and a non-string would be read as arbitrary memory. */
export function text(name: string, value: unknown): string {
  checkArgument(name, value ?? null, TEXT, invalid);
  return value as string;
}
