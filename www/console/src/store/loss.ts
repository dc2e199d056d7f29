/** The notices of what cannot be kept. */
import type { Kind } from "./records";

/** Exporting is no way out: it reads the same database. */
export const CLOSED =
  "This tab can keep nothing any more: a newer console was opened in another tab, or the browser closed what it keeps for this page. Copy what you changed since, then reload this tab.";

/** Why a change of a record was not kept, and what to do. */
export function lossWords(kind: Kind, thrown: unknown): string {
  const name = thrown instanceof DOMException ? thrown.name : "";
  // Of IndexedDB: the database is closed.
  if (name === "InvalidStateError") return CLOSED;
  const why = thrown instanceof Error ? thrown.message.replace(/\.$/, "") : String(thrown);
  const advice =
    name === "QuotaExceededError"
      ? "Export your work, then free storage of this browser."
      : "Change it again to try once more. If that fails too, export your work.";
  return `A change of ${kind} could not be kept: ${why}. ${advice}`;
}
