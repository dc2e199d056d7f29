/**
 * What writes that are looked up share: how long they wait, and how they say what is known. They write and look through the table
 * like any caller, so they need nothing else of the client than the way to make its errors.
 */

import type { Cause, Kind, Known, Recovery, Row, SysparmError, Table } from "sysparm";
import { checkOptions, type OptionTypes, wholeNumber } from "../protocol/check-options.js";
import type { Failure } from "../protocol/failure.js";
import type { Patience, Seen } from "./decide.js";

export interface Surroundings {
  table: Table;
  invalid(code: string, message: string, kind?: Kind): SysparmError;
  failed(failure: Failure, cause?: unknown): Promise<SysparmError>;
}

export interface Looked extends Seen {
  row?: Row | undefined;
  known: Known;
}

/** The longest that the instance works on a request of the Table API ("Default quota rules"). */
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

export function patienceOf(
  around: Pick<Surroundings, "invalid">,
  recovery: Recovery | undefined,
  signal: AbortSignal | undefined,
): Patience {
  if (recovery !== undefined) checkOptions(recovery, OPTIONS, around.invalid, "recovery.");
  const { settleMs = SETTLE_MS, attempts = ATTEMPTS } = recovery ?? {};
  return { settleMs, attempts, signal };
}

type Likelihoods = readonly (readonly [code: string, likelihood: number])[];

export const CHANGED: Likelihoods = [["record.changed-by-another", 0.95]];
export const OVERTAKEN: Likelihoods = [["record.changed-meanwhile", 0.85]];
const TWICE: Likelihoods = [
  ["write.sent-twice", 0.6],
  ["write.key-shared", 0.35],
];

/** An error of the catalogue's rows that are found by looking. */
export async function told(
  around: Pick<Surroundings, "failed">,
  code: string,
  title: string,
  causes: Likelihoods,
  evidence: string,
  known: Known,
): Promise<SysparmError> {
  const error = await around.failed({
    message: `${title} (${evidence}).`,
    diagnosis: {
      code,
      kind: "record",
      retry: { when: code === "write.duplicated" ? "never" : "look-first" },
      // Their words come with the error.
      causes: causes.map(([code, likelihood]) => ({ code, likelihood }) as Cause),
      evidence: [evidence],
    },
    unknownOutcome: false,
  });
  return Object.assign(error, { known });
}

/** A write that was done more than once, as far as its key tells. */
export function twice(around: Pick<Surroundings, "failed">, { evidence, known }: Looked): Promise<SysparmError> {
  return told(around, "write.duplicated", "More than one record carries the key of this write", TWICE, evidence, known);
}

/** The outcome stays unknown; what is known goes with it. */
export async function unknown(
  around: Pick<Surroundings, "failed">,
  lost: SysparmError,
  seen: Seen | Looked,
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
  const error = await around.failed(failure, cause);
  return Object.assign(error, { known: { ...known, ...("known" in seen && seen.known), sends } });
}

export function isUnknown(thrown: unknown): thrown is SysparmError {
  return thrown instanceof Error && thrown.name === "UnknownOutcomeError";
}

/** A record as it was asked for: what was read beside that is taken out again. */
export function onlyFields(row: Row, fields: readonly string[] | undefined): Row {
  if (!fields) return row;
  const asked = Object.entries(row).filter(([name]) => fields.includes(name));
  // Of a record whose fields are hidden its name is left.
  return Object.fromEntries(asked.length > 0 ? asked : Object.entries(row).filter(([name]) => name === "sys_id"));
}
