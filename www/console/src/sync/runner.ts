/** One run of a sync: reads batches and stores each with its checkpoint. A Web Lock for each table keeps other tabs of the browser from it. */
import type { Instance } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import type { Copies } from "./copy/copies";
import type { CopyStatus, RunRecord } from "./copy/model";
import { afterBatch, begun, ended } from "./run";
import { optionsOf, type Setup } from "./setup";

export interface RunWatch {
  /** After each batch that was stored: what the run has done, and how many rows the copy has. */
  stored: (run: RunRecord, rows: number) => void;
  signal: AbortSignal;
}

/** `elsewhere`: another tab of this browser runs it. */
export type RunResult = "elsewhere" | "ended" | { thrown: unknown };

/** Held in common by every run of an environment, so that its copies are not removed meanwhile. */
const USE = "sysparm-console-copies-in-use ";
export const LOCK = "sysparm-console-sync ";

export function lockName({ environment, table }: Pick<Setup, "environment" | "table">): string {
  return `${LOCK}${environment} ${table}`;
}

export function runSync(setup: Setup, instance: Instance, ask: Copies, watch: RunWatch): Promise<RunResult> {
  const work = async (lock: Lock | null): Promise<RunResult> =>
    lock ? locked(setup, instance, ask, watch) : "elsewhere";
  const run = () => navigator.locks.request(lockName(setup), { ifAvailable: true }, work);
  const mode = "shared";
  return navigator.locks.request(USE + setup.environment, { mode, ifAvailable: true }, (use) =>
    use ? run() : "elsewhere",
  );
}

/** Does something with a copy, or with all of an environment, while nothing runs. @throws CopyBusy */
export function whileIdle(environment: string, table: string | undefined, work: () => Promise<unknown>): Promise<void> {
  const name = table === undefined ? USE + environment : lockName({ environment, table });
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) throw new CopyBusy();
    await work();
  });
}

export class CopyBusy extends Error {
  override readonly name = "CopyBusy";
  constructor() {
    super(
      "A run is under way, here or in another tab of this browser. Cancel it, then try again. Nothing was deleted.",
    );
  }
}

async function locked(setup: Setup, instance: Instance, ask: Copies, watch: RunWatch): Promise<RunResult> {
  let run = begun(Date.now());
  const keep = (record: RunRecord) => ask("keepRun", setup.environment, { table: setup.table, run: record });
  try {
    await copyAll(setup, instance, ask, watch, (stored) => {
      run = stored;
    });
    const there = await countThere(setup, instance, watch.signal);
    await keep(ended(run, run.end === "complete" ? "complete" : "incomplete", Date.now(), { there }));
    return "ended";
  } catch (thrown) {
    const how = watch.signal.aborted ? "cancelled" : "failed";
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    // Where the database is what failed, the record of the last batch stays.
    await keep(ended(run, how, Date.now(), how === "failed" ? { problem } : {})).catch(() => undefined);
    return how === "cancelled" ? "ended" : { thrown };
  }
}

/** Reads from the checkpoint that is stored now: another tab may have run since this one looked. */
async function copyAll(
  setup: Setup,
  instance: Instance,
  ask: Copies,
  { stored, signal }: RunWatch,
  note: (run: RunRecord) => void,
): Promise<void> {
  const { environment, table } = setup;
  const held = (await ask("status", environment, {})).find((copy) => copy.table === table);
  const { sync } = await import("sysparm/sync");
  let run = begun(Date.now());
  let from = checkpointOf(held, instance.url);
  const options = { ...optionsOf(setup), signal, ...(from && { checkpoint: from }) };
  for await (const batch of sync(instance.table(table), options)) {
    const { rows, deleted, checkpoint } = batch;
    run = afterBatch(run, batch, Date.now());
    const changes = { table, instance: instance.url, rows, deleted, checkpoint, from, run };
    stored(run, await ask("apply", environment, { changes }));
    from = checkpoint;
    note(run);
  }
}

/** A copy of an environment whose address was changed since is one of another instance. */
function checkpointOf(held: CopyStatus | undefined, url: string): SyncCheckpoint | null {
  if (held && held.instance !== url) throw new OtherInstance(held.table, held.instance);
  return held?.checkpoint ?? null;
}

export class OtherInstance extends Error {
  override readonly name = "OtherInstance";
  constructor(table: string, instance: string) {
    super(`The local copy of ${table} was read from ${instance}. Delete it, then run it again.`);
  }
}

/** Null where the user may not count. */
async function countThere({ table, query }: Setup, instance: Instance, signal: AbortSignal): Promise<number | null> {
  try {
    return await instance.table(table).count(query, { signal });
  } catch {
    return null;
  }
}
