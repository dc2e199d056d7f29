/** What is read of a page: its count, and of single rows the stored values that are its keys. */
import type { Row } from "sysparm";

/** A value as it is stored, given as it is or beside its label; undefined where the row does not show it. */
export function stored(row: Row | undefined, field: string): string | undefined {
  const cell = row?.[field];
  return typeof cell === "object" ? cell?.value : cell;
}

/** The instance's count; absent when it sent none or, in a browser, when a CORS rule does not expose it. */
export function countOf(reply: Response | undefined): number | undefined {
  const text = reply?.headers.get("x-total-count");
  const count = text ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
