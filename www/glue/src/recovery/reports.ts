/**
 * What all writes with recovery share: their limits and their errors. They write and look up through the table like any caller, so of the
 * client they only need how to make its errors.
 */

import type { Cause, Kind, Known, KnownErrorCode, Recovery, Row, SysparmError, Table } from "sysparm";
import { checkOptions, type OptionTypes, wholeNumber } from "../protocol/check-options.js";
import type { Failure } from "../protocol/failure.js";
import type { Lookup, RecoveryLimits } from "./decide.js";

/** What a write with recovery needs of the client. */
export interface WriteContext {
  table: Table;
  /** The object under which earlier writes are remembered, where it is not `table`. */
  writer?: object;
  invalid(code: KnownErrorCode, message: string, kind?: Kind): SysparmError;
  failed(failure: Failure, cause?: unknown): Promise<SysparmError>;
}

/** A lookup with what is known of the record. */
export interface WriteLookup extends Lookup {
  row?: Row | undefined;
  known: Known;
}

/** The instance cancels a request of the Table API after this time ("Default quota rules"). */
const SETTLE_MS = 60_000;
const LONGEST_SETTLE_MS = 600_000;
const ATTEMPTS = 3;
const MOST_ATTEMPTS = 10;

const OPTIONS: OptionTypes<Recovery> = {
  settleMs: {
    expects: `milliseconds from 0 to ${LONGEST_SETTLE_MS}`,
    accepts: (value) => typeof value === "number" && value >= 0 && value <= LONGEST_SETTLE_MS,
    code: "options.recovery",
  },
  attempts: wholeNumber(1, MOST_ATTEMPTS, "options.recovery"),
};

/** The limits that the options set. */
export function recoveryLimits(
  context: Pick<WriteContext, "invalid">,
  recovery: Recovery | undefined,
  signal: AbortSignal | undefined,
): RecoveryLimits {
  if (recovery !== undefined) checkOptions(recovery, OPTIONS, context.invalid, "recovery.");
  const { settleMs = SETTLE_MS, attempts = ATTEMPTS } = recovery ?? {};
  return { settleMs, attempts, signal };
}

type Likelihoods = readonly (readonly [code: string, likelihood: number])[];

export const CHANGED: Likelihoods = [["record.changed-by-another", 0.95]];
export const OVERTAKEN: Likelihoods = [["record.changed-meanwhile", 0.85]];
export const TWICE: Likelihoods = [
  ["write.sent-twice", 0.6],
  ["write.key-shared", 0.35],
];

/** An error whose catalogue row only a lookup can find. */
export async function lookupError(
  context: Pick<WriteContext, "failed">,
  code: KnownErrorCode,
  title: string,
  causes: Likelihoods,
  evidence: string,
  known: Known,
): Promise<SysparmError> {
  const error = await context.failed({
    message: `${title} (${evidence}).`,
    diagnosis: {
      code,
      kind: "record",
      retry: { when: code === "write.duplicated" ? "never" : "look-first" },
      // Their texts are added when the error is made.
      causes: causes.map(([code, likelihood]) => ({ code, likelihood }) as Cause),
      evidence: [evidence],
    },
    unknownOutcome: false,
  });
  return Object.assign(error, { known });
}

/** The error of a write that happened more than once, according to its key. */
export function duplicateError(
  context: Pick<WriteContext, "failed">,
  { evidence, known }: WriteLookup,
): Promise<SysparmError> {
  return lookupError(
    context,
    "write.duplicated",
    "More than one record carries the key of this write",
    TWICE,
    evidence,
    known,
  );
}

/** The error of a field by which no record can be found for certain. Nothing was written. */
export function unusableKey({ table, invalid }: WriteContext, why: string): SysparmError {
  const step = `Pass a field that tells the records of ${table.name} apart and that this user may read`;
  return invalid("write.key-unusable", `${why}. ${step}.`);
}

/** The error of a write whose outcome stays unknown, with what is known of it. */
export async function unknownOutcome(
  context: Pick<WriteContext, "failed">,
  lost: SysparmError,
  seen: Lookup | WriteLookup,
  known: Known,
  sends: number,
): Promise<SysparmError> {
  const { diagnosis, status, cause } = lost;
  const evidence = [...diagnosis.evidence, seen.evidence].filter(Boolean);
  const failure: Failure = {
    message: `The outcome of the write is unknown (${evidence.join("; ")}).`,
    diagnosis: { ...diagnosis, evidence },
    ...(status !== undefined && { status }),
    unknownOutcome: true,
  };
  const error = await context.failed(failure, cause);
  return Object.assign(error, { known: { ...known, ...("known" in seen && seen.known), sends } });
}

/** Whether an error leaves the outcome of a write unknown. */
export function isUnknownOutcome(thrown: unknown): thrown is SysparmError {
  return thrown instanceof Error && thrown.name === "UnknownOutcomeError";
}

/** Removes fields that were read in addition to those the caller wants. */
export function onlyFields(row: Row, fields: readonly string[] | undefined): Row {
  if (!fields) return row;
  const asked = Object.entries(row).filter(([name]) => fields.includes(name));
  // Where all wanted fields are hidden, sys_id remains.
  return Object.fromEntries(asked.length > 0 ? asked : Object.entries(row).filter(([name]) => name === "sys_id"));
}
