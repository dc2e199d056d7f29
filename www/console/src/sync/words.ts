/** What the list of syncs says of each. Pure. */
import type { Tone } from "../kit/notice";
import { count, plural } from "../number";
import type { CopyStatus, RunRecord } from "./copy/model";

export interface SyncFacts {
  /** Whether what is stored was read. */
  isKnown: boolean;
  status: CopyStatus | undefined;
  isRunning: boolean;
  /** The run of this tab, once a batch is stored. */
  live: RunRecord | undefined;
  /** Whether another tab of this browser runs it. */
  elsewhere: boolean;
}

export type NextStep = "Run" | "Resume" | "Cancel" | "Wait";

export function nextStep({ status, isRunning, elsewhere }: SyncFacts): NextStep {
  if (isRunning) return "Cancel";
  if (elsewhere) return "Wait";
  return status && status.run?.end !== "complete" ? "Resume" : "Run";
}

export interface StateWords {
  tone: Tone | "none";
  /** One or two words. */
  state: string;
  /** A sentence, or nothing. */
  note: string;
}

export function stateWords({ isKnown, status, isRunning, live, elsewhere }: SyncFacts): StateWords {
  if (isRunning)
    return { tone: "info", state: "Running", note: live ? progressWords(live) : "Asks for the first page." };
  if (elsewhere) {
    return { tone: "info", state: "In another tab", note: "Another tab of this browser runs it. Cancel it there." };
  }
  if (!isKnown) return { tone: "none", state: "Looking", note: "Reads what is stored in this browser." };
  if (!status) return { tone: "none", state: "No copy", note: "The next run reads every row." };
  const { run } = status;
  switch (run?.end) {
    case "complete":
      return { tone: "ok", state: "Complete", note: caveatWords(run) };
    case "failed":
      return { tone: "error", state: "Failed", note: run.problem ?? "What was stored is kept." };
    case "cancelled":
      return { tone: "warn", state: "Cancelled", note: "What was stored is kept." };
    case "incomplete":
      return { tone: "warn", state: "Not complete", note: caveatWords(run) };
    default:
      return {
        tone: "warn",
        state: "Interrupted",
        note: `Its tab was closed. ${run ? progressWords(run) : ""}`.trim(),
      };
  }
}

/** Caveats name a function of the package, for which the view has no button. */
function caveatWords({ progress }: RunRecord): string {
  const caveat = progress?.caveat ?? "";
  return caveat.includes("reconcile()") ? `${caveat} ${WITHOUT_RECONCILE}` : caveat;
}

const WITHOUT_RECONCILE =
  "It is a function of the package (sysparm/sync). A new copy has no such rows either: delete this one, then run it again.";

/** "12,000 of 20,000 rows of this run". */
export function progressWords({ progress }: RunRecord): string {
  if (!progress) return "";
  const of = progress.total === null ? "" : ` of ${count(progress.total)}`;
  return `${count(progress.passed)}${of} rows of this run.`;
}

/** Rows that the source counted at the end of the last whole run and that the copy lacks; null where that is not known. */
export function hiddenRows(status: CopyStatus | undefined): number | null {
  const { run, rows = 0 } = status ?? {};
  if (run?.end !== "complete" || run.there === null) return run?.progress?.hidden ?? null;
  return Math.max(0, run.there - rows);
}

/** Deletions of the last run, or why there are none. */
export function deletedWords(run: RunRecord | null | undefined): { text: string; why: string } {
  if (!run?.progress) return { text: "–", why: "" };
  switch (run.progress.deletions) {
    case "read":
      return { text: count(run.deleted), why: "" };
    case "trimmed":
      return {
        text: `${count(run.deleted)}, some lost`,
        why: "The instance has thrown away records of deletions since the run before: deleted rows may still be in the copy.",
      };
    case "unread":
      return {
        text: "not read",
        why: "Rows that were deleted may still be in the copy.",
      };
  }
}

/** The moment up to which changes are in the copy, as the instance writes it. */
export function checkpointWords(status: CopyStatus | undefined): string {
  const { rows } = status?.checkpoint ?? {};
  return rows ? `${rows.value} UTC` : "–";
}

export function rateWords(run: RunRecord | null | undefined): string {
  return run?.rate === null || run?.rate === undefined || run.written === 0 ? "–" : `${plural(run.rate, "row")}/s`;
}
