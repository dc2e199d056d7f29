/** The syncs of the page: what is set up, what the copies hold, what runs. Work belongs to the environment that it was started in. */
import { batch, computed, signal } from "@preact/signals";
import type { Workspace } from "../environments/workspace";
import { type Failure, failureOf } from "../failure/failure";
import type { Copies } from "./copy/copies";
import { type CopyFailureName, failureName } from "./copy/failure";
import type { CopyStatus, RunRecord } from "./copy/model";
import { CopyBusy, LOCK, lockName, OtherInstance, runSync, whileIdle } from "./runner";
import { isDue, needsNewCopy, type Setup, setupsAmong } from "./setup";

/** Why copies cannot be read or written, or why a run failed. */
export type Problem = { environment: string; table?: string } & (
  | { copies: CopyFailureName; message: string }
  | { failure: Failure; needsDeletion: boolean }
);

interface LiveRun {
  record: RunRecord | null;
  rows: number | null;
  cancel: () => void;
}

export type Syncing = ReturnType<typeof createSyncing>;

export function createSyncing({ store, environments, connections }: Workspace, ask: Copies) {
  const all = signal<readonly Setup[]>([]);
  /** The copies of each environment that was looked at. */
  const held = signal<ReadonlyMap<string, readonly CopyStatus[]>>(new Map());
  const live = signal<ReadonlyMap<string, LiveRun>>(new Map());
  /** Ids of setups that another tab runs. */
  const elsewhere = signal<ReadonlySet<string>>(new Set());
  const lastProblem = signal<Problem | null>(null);

  const setups = computed(() => all.value.filter(({ environment }) => environment === environments.currentId.value));
  const copies = computed(() => held.value.get(environments.currentId.value));
  /** What is set up for environments that were removed: their copies may still be there. */
  const leftOver = computed(() => all.value.filter(({ environment }) => !environments.find(environment)));
  /** Of the environment in use, or of one that was removed: the same table of another one has nothing to do with it. */
  const problem = computed(() => {
    const last = lastProblem.value;
    const isShown = last && (last.environment === environments.currentId.value || !environments.find(last.environment));
    return isShown ? last : null;
  });
  /** When this page began each run. A run whose record could not be stored is not due again at once. */
  const beganAt = new Map<string, number>();

  const isOf = ({ environment, table }: Pick<Problem, "environment" | "table">): boolean =>
    lastProblem.value?.environment === environment && lastProblem.value.table === table;

  function say(environment: string, thrown: unknown, table?: string): void {
    const where = { environment, ...(table !== undefined && { table }) };
    const name = failureName(thrown);
    if (name) lastProblem.value = { ...where, copies: name, message: (thrown as Error).message };
    else {
      const needsDeletion =
        (thrown as { code?: string }).code === "sync.other-query" || thrown instanceof OtherInstance;
      const isOwn = thrown instanceof OtherInstance || thrown instanceof CopyBusy;
      const failure = isOwn ? { message: thrown.message, repeat: "" } : failureOf(thrown);
      lastProblem.value = { ...where, failure, needsDeletion };
    }
  }

  /** Reads what is set up and what the copies of the environment in use hold. */
  async function refresh(): Promise<void> {
    const environment = environments.currentId.value;
    all.value = setupsAmong(await store.all("preferences"));
    await lookForTabs();
    if (environment === "") return;
    try {
      const found = await ask("status", environment, {});
      batch(() => {
        held.value = new Map([...held.value, [environment, found]]);
        if (isOf({ environment }) && lastProblem.value && "copies" in lastProblem.value) lastProblem.value = null;
      });
    } catch (thrown) {
      say(environment, thrown);
    }
  }

  /** Which tables other tabs run. */
  async function lookForTabs(): Promise<void> {
    const locks = (await navigator.locks.query()).held ?? [];
    const names = new Set(locks.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name] : [])));
    const found = all.value.filter((setup) => names.has(lockName(setup)) && !live.value.has(setup.id));
    elsewhere.value = new Set(found.map(({ id }) => id));
  }

  async function run(setup: Setup): Promise<void> {
    const connection = connections.of(setup.environment);
    if (connection.name !== "open" || live.value.has(setup.id)) return;
    const abort = new AbortController();
    beganAt.set(setup.id, Date.now());
    const set = (part: Partial<LiveRun>) => {
      const before = live.value.get(setup.id) ?? { record: null, rows: null, cancel: () => abort.abort() };
      live.value = new Map([...live.value, [setup.id, { ...before, ...part }]]);
    };
    batch(() => {
      set({});
      if (isOf(setup)) lastProblem.value = null;
    });
    const watch = { signal: abort.signal, stored: (record: RunRecord, rows: number) => set({ record, rows }) };
    let result: Awaited<ReturnType<typeof runSync>>;
    try {
      result = await runSync(setup, connection.instance, ask, watch);
    } catch (thrown) {
      result = { thrown };
    }
    const looked = await ask("status", setup.environment, {}).catch((thrown: unknown) => ({ thrown }));
    batch(() => {
      live.value = new Map([...live.value].filter(([id]) => id !== setup.id));
      if (result === "elsewhere") elsewhere.value = new Set([...elsewhere.value, setup.id]);
      else if (result !== "ended") say(setup.environment, result.thrown, setup.table);
      if (Array.isArray(looked)) held.value = new Map([...held.value, [setup.environment, looked]]);
    });
  }

  function cancelAll(): void {
    for (const { cancel } of live.value.values()) cancel();
  }

  /**
   * Keeps a setup. A copy of another query, other fields or another form of values is deleted first. False where that could not be done,
   * which `problem` says.
   */
  async function keep(setup: Setup, before?: Setup): Promise<boolean> {
    if (before && needsNewCopy(before, setup) && !(await dropCopy(setup))) return false;
    await store.put("preferences", { ...setup });
    all.value = setupsAmong([...all.value.filter(({ id }) => id !== setup.id), setup].map((one) => ({ ...one })));
    return true;
  }

  const dropCopy = ({ environment, table }: Setup) =>
    deleting(environment, table, () => ask("drop", environment, { table }));

  /** Deletes the copy, then what is set up: a failure leaves both, so that it can be repeated. */
  const remove = ({ id, environment, table }: Setup) =>
    deleting(environment, table, async () => {
      await ask("drop", environment, { table });
      await forget([id]);
    });

  /** Removes the files of an environment's copies, damaged ones too. What is set up stays. */
  const removeCopies = (environment: string) =>
    deleting(environment, undefined, () => ask("removeAll", environment, {}));

  /** Removes the copies of an environment that is gone, and what was set up for it. */
  const removeLeftOver = (environment: string) =>
    deleting(environment, undefined, async () => {
      await ask("removeAll", environment, {});
      await forget(all.value.filter((setup) => setup.environment === environment).map(({ id }) => id));
    });

  async function forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) await store.remove("preferences", id);
  }

  /** False where it could not be done, which `problem` says. */
  async function deleting(
    environment: string,
    table: string | undefined,
    work: () => Promise<unknown>,
  ): Promise<boolean> {
    let done = false;
    try {
      await whileIdle(environment, table, work);
      lastProblem.value = null;
      done = true;
    } catch (thrown) {
      say(environment, thrown, table);
    }
    await refresh();
    return done;
  }

  /** Does something that a person asked for, and says why it failed. */
  async function doing({ environment, table }: { environment: string; table?: string }, work: () => Promise<void>) {
    try {
      await work();
    } catch (thrown) {
      say(environment, thrown, table);
    }
  }

  /** Runs what is due by its schedule. Another tab that runs it keeps this one from it. */
  function runDue(now: number): void {
    for (const setup of all.value) {
      const status = held.value.get(setup.environment)?.find(({ table }) => table === setup.table);
      const storedAt = status?.run?.at;
      const lastAt = storedAt === undefined ? null : Math.max(storedAt, beganAt.get(setup.id) ?? 0);
      if (isDue(setup, lastAt, now)) void run(setup);
    }
  }

  function hideProblem(): void {
    lastProblem.value = null;
  }

  return {
    ...{ setups, copies, leftOver, live, elsewhere, problem },
    ...{
      refresh,
      lookForTabs,
      run,
      cancelAll,
      keep,
      dropCopy,
      remove,
      removeCopies,
      removeLeftOver,
      runDue,
      hideProblem,
      doing,
      ask,
    },
  };
}
