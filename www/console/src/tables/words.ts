/** Describes the progress and the result of a read. Claims nothing that the instance did not report. */
import { count, plural } from "../number";

export interface Progress {
  /** Rows read so far. */
  seen: number;
  /** The instance's count before access rules; null if it reports none. */
  total: number | null;
  /** Rows hidden by access rules so far; null if the total is unknown. */
  hidden: number | null;
  /** What the reading cannot guarantee. */
  caveat?: string | null;
}

export type Ending =
  | { how: "complete" }
  /** The read reached its end, but cannot prove that it is complete. */
  | { how: "unverified" }
  /** The limit was reached. */
  | { how: "limit" }
  | { how: "cancelled" }
  | { how: "failed" };

/** "412 of 890, 38 hidden by access rules" */
export function progressWords({ seen, total, hidden }: Progress): string {
  if (total === null && seen === 0) return "No rows yet";
  const read = total === null ? plural(seen, "row") : `${count(seen)} of ${count(total)}`;
  return hidden ? `${read}, ${count(hidden)} hidden by access rules` : read;
}

/** Between 0 and 1; null if the total is unknown. Hidden rows count as read. */
export function progressShare({ seen, total, hidden }: Progress): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, (seen + (hidden ?? 0)) / total);
}

export function endingWords(progress: Progress, ending: Ending, query: string): string {
  if (ending.how === "cancelled" || ending.how === "failed") {
    const what = ending.how === "cancelled" ? "Cancelled" : "Stopped by an error";
    return progress.seen === 0
      ? `${what} before any row came.`
      : `${what}. Rows read so far are kept: ${progressWords(progress)}.`;
  }
  if (progress.seen === 0) return emptyWords(progress, query);
  if (ending.how === "limit") return `Stopped at the limit you set: ${progressWords(progress)}.`;
  if (ending.how === "complete") return completeWords(progress);
  if (progress.total === null) {
    return `Possibly complete: ${plural(progress.seen, "row")} were read to the end, but the instance did not report a count.`;
  }
  return (
    `Possibly incomplete: ${progressWords(progress)}. The rows do not match the instance's count; ` +
    "rows were probably added or removed meanwhile. Read again."
  );
}

function completeWords({ seen, total, hidden }: Progress): string {
  if (!hidden) return `Complete: all ${count(total ?? seen)} rows that the instance counts were read.`;
  return (
    `Complete: the instance counts ${plural(total ?? seen + hidden, "row")}; ${count(seen)} were read and ` +
    `${count(hidden)} are hidden from this user by access rules.`
  );
}

function emptyWords({ total, hidden }: Progress, query: string): string {
  if (total === null) {
    return "No rows came, and the instance did not report a count. The table may be empty, or its rows may be hidden.";
  }
  if (total > 0) {
    return (
      `No rows: the instance counts ${plural(total, "row")}, and ${hidden === total ? "all of them" : count(hidden ?? 0)} ` +
      "are hidden from this user by access rules. Give the integration's user a role that may read this table."
    );
  }
  const why = query.trim() === "" ? "The table is empty" : "Nothing matches the query";
  return (
    `No rows: the instance counts none. ${why}, or rows are withheld before they are counted (domain separation, ` +
    "security data filters); a read as an administrator shows which."
  );
}
