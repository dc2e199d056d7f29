/** What is read of a reply: the count, and of single rows the stored values that are their keys. */
import type { KnownErrorCode, Row, SysparmError } from "sysparm";

/** How `invalid()` of `errors.ts` is handed to files that are bundles of their own. */
type Invalid = (code: KnownErrorCode, message: string, kind: "instance") => SysparmError;

/**
 * A value as it is stored, given as it is or with its label; undefined where the row does not show it. A gateway or a script may turn
 * texts into numbers or booleans, and WebAssembly would read any other kind from where no text is: only texts leave here.
 */
export function stored(row: Row | undefined, field: string): string | undefined {
  const cell: unknown = row?.[field];
  const value = typeof cell === "object" ? (cell as { value?: unknown } | null)?.value : cell;
  if (typeof value === "string") return value;
  // A whole number beyond 2^53 has lost digits: as a key it would be that of another row.
  const isExact = typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value));
  return isExact || typeof value === "boolean" ? String(value) : undefined;
}

/**
 * The instance's count; absent when it sent none or, in a browser, when a CORS rule does not expose it. Where no count was asked for, the
 * header says how many rows the reply holds (KB0564204): taken for a count, it would end a reading after that page.
 */
export function countOf(reply: Response | undefined, path = ""): number | undefined {
  const text = !path.includes("sysparm_no_count=true") && reply?.headers.get("x-total-count");
  const count = text ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** The count of the Aggregate API, which writes it as text. Nothing else is a count: a default would be taken for one. */
export function countIn(stats: unknown, invalid: Invalid): number {
  const { count } = Object(stats);
  if (/^\d{1,15}$/.test(count)) return Number(count);
  throw incomplete(invalid, "no count");
}

/** The record that a reply names in its `Location`. */
export function locatedIn(reply: Response | undefined): string | undefined {
  return /\/(?:table\/\w+|attachment)\/([\w-]+)(?:$|\?)/.exec(reply?.headers.get("location") ?? "")?.[1];
}

/** A success without the member that it is read for. */
export function incomplete(invalid: Invalid, lacks: string): SysparmError {
  return invalid("reply.incomplete", `The instance answered with a success that holds ${lacks}.`, "instance");
}
