/** The rows in memory with what their reading said of them. */
import type { Reader } from "../reader";
import type { RowsRead } from "./batches";

export function rowsRead({ rows, state, source }: Pick<Reader, "rows" | "state" | "source">): RowsRead {
  const now = state.peek();
  // A later reading that failed before its first row says nothing about these.
  const isTheirs = now.phase === "ended" && now.request === source.peek();
  return {
    rows,
    hidden: isTheirs ? now.progress.hidden : null,
    complete: isTheirs && now.ending.how === "complete",
  };
}
