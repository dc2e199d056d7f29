/** Says how far a walk has come and how it ended. Never claims to know what the instance did not say. */
import { count, plural } from "../number";

export interface Progress {
  /** Rows that arrived. */
  seen: number;
  /** Rows that the instance counts before access rules; null when it does not say. */
  total: number | null;
  /** Rows passed that access rules hide; null when the total is not known. */
  hidden: number | null;
  /** What the way that the walk had to take cannot promise. */
  caveat?: string | null;
}

export type Ending =
  | { how: "complete" }
  /** The walk came to its end without being able to vouch for it. */
  | { how: "unsure" }
  /** As many rows as were wanted. */
  | { how: "limit" }
  | { how: "cancelled" }
  | { how: "failed" };

/** "412 of 890, 38 hidden by access rules" */
export function progressWords({ seen, total, hidden }: Progress): string {
  if (total === null && seen === 0) return "No row yet";
  const read = total === null ? plural(seen, "row") : `${count(seen)} of ${count(total)}`;
  return hidden ? `${read}, ${count(hidden)} hidden by access rules` : read;
}

/** Between 0 and 1; null where no total is known. Hidden rows are passed, so they count. */
export function progressShare({ seen, total, hidden }: Progress): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, (seen + (hidden ?? 0)) / total);
}

export function endingWords(progress: Progress, ending: Ending, query: string): string {
  if (ending.how === "cancelled" || ending.how === "failed") {
    const what = ending.how === "cancelled" ? "Cancelled" : "Stopped by an error";
    return progress.seen === 0
      ? `${what} before any row came.`
      : `${what}. What was read stays: ${progressWords(progress)}.`;
  }
  if (progress.seen === 0) return emptyWords(progress, query);
  if (ending.how === "limit") return `Stopped at the limit you set: ${progressWords(progress)}.`;
  if (ending.how === "complete") return completeWords(progress);
  if (progress.total === null) {
    return `Perhaps complete: ${plural(progress.seen, "row")} came and then no more, but the instance did not say how many there are.`;
  }
  return (
    `Perhaps not complete: ${progressWords(progress)}. The instance's count and the rows do not agree; ` +
    "rows were probably added or removed meanwhile. Read again for a settled picture."
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
    return "No rows came, and the instance did not say how many there are: whether the table is empty or its rows are hidden cannot be known from here.";
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
    "security data filters); the two cannot be told apart from here. The same read as an administrator tells them apart."
  );
}
