/** What `sysparm sync` says of a run. */
import type { SyncProgress } from "sysparm/sync";
import type { World } from "../command.js";

/** The copy lacks rows that the next run may bring. */
const INCOMPLETE = 1;

/** Caveats name a function of the package, which no command runs. */
const WITHOUT_RECONCILE =
  " It is a function of the package (sysparm/sync), and no command. A new copy has no such rows either: pass another file to --to.";

/** What a run has done so far. */
export interface SyncRunResult {
  rows: number;
  deleted: number;
  /** Fields that were asked for and that no row has had. */
  unseen: Set<string>;
  /** Of the last batch. */
  progress: SyncProgress | undefined;
  /** The last one that a batch had. */
  caveat: string | null;
}

/** How far a run has come. */
export function progressLine(table: string, { passed, total, remainingMs }: SyncProgress): string {
  const of = total === null ? "" : ` of ${total.toLocaleString("en")}`;
  const rest = remainingMs === null ? "" : `, ${Math.ceil(remainingMs / 1000)} s to go`;
  return `${table}: ${passed.toLocaleString("en")}${of} rows${rest}`;
}

/** Says what the run has done, and what the copy may lack. Returns the exit code. */
export function reportRun(
  { rows, deleted, unseen, progress, caveat }: SyncRunResult,
  held: number,
  table: string,
  to: string,
  world: World,
): number {
  world.print(`${table}: ${rows} rows written, ${deleted} deleted; ${to} holds ${held} rows.\n`);
  if (rows > 0 && unseen.size > 0) {
    const fields = [...unseen].join(", ");
    world.complain(`warning: no row has ${fields}: the table has no such field, or this user may not read it.`);
  }
  if (progress?.hidden) {
    world.complain(
      `warning: ${progress.hidden} rows were not read: access rules hide them, or they changed meanwhile and come with the next run.`,
    );
  }
  if (progress?.deletions === "trimmed") {
    world.complain(
      "warning: the instance has deleted records of deletions since the last run: deleted rows may still be in the copy.",
    );
  }
  if (caveat !== null) world.complain(`warning: ${caveat}${caveat.includes("reconcile()") ? WITHOUT_RECONCILE : ""}`);
  if (progress?.complete) return 0;
  world.complain("The copy is not complete. Run again to go on.");
  return INCOMPLETE;
}
