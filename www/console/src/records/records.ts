/** The records that a page has opened, the one that is shown, and the search for one. */
import { batch, effect, signal } from "@preact/signals";
import { hostOf } from "../environments/environments";
import type { Workspace } from "../environments/workspace";
import { type Failure, failureOf } from "../failure/failure";
import { count } from "../number";
import type { Known, TableName } from "../schema/known";
import type { Environment } from "../workspace/model";
import { rawOf } from "./facts";
import { type Found, locate, type Searched, searchTables } from "./locate";
import { createRecord, type OpenRecord } from "./record";
import { isSysId, type Wanted, wantedRecord } from "./target";

export type Search =
  | { phase: "idle" }
  | { phase: "searching"; wanted: Wanted; searched: number; of: number }
  /** `everywhere`: the tables of the instance were asked, `searched` of `of` that extend none. */
  | { phase: "missed"; wanted: Wanted; everywhere: boolean; searched: number; of: number }
  | { phase: "refused"; why: string }
  | { phase: "failed"; failure: Failure };

export type Records = ReturnType<typeof createRecords>;

type Parts = Pick<Workspace, "environments" | "connections" | "guard">;

const MOST_KEPT = 20;

/** `knownOf` gives what is known of an instance's tables; `show` changes the page's address. */
export function createRecords(
  { environments, connections, guard }: Parts,
  knownOf: (instance: Searched & Parameters<typeof createRecord>[0]["instance"]) => Known,
  show: (table: string, id: string) => void,
) {
  const typed = signal("");
  const search = signal<Search>({ phase: "idle" });
  const shown = signal<OpenRecord | null>(null);
  /** Those with drafts are among them, so that nothing typed is lost when another record is shown. */
  const kept = new Map<string, OpenRecord>();
  let abort: AbortController | undefined;

  const openInstance = (environment: Environment | undefined) => {
    const connection = connections.of(environment?.id ?? "");
    return connection.name === "open" ? connection.instance : null;
  };

  /** Shows the record that an address names, from the environment in use. One that is shown already stays while its connection is open. */
  function take(table: string, key: string): void {
    const before = shown.peek()?.place;
    const isShown = before?.table === table && before.id === key;
    if (isShown && before.instance === openInstance(before.environment)) return;
    if (isShown && before.environment.id !== environments.current.peek()?.id) return;
    if (isSysId(key)) open(table, key);
    else void find({ key: key.toUpperCase(), isId: false, tables: [table] });
  }

  /** Reads a record from the environment in use, also one that another environment is shown of. */
  function open(table: string, id: string): void {
    const environment = environments.current.peek();
    const instance = openInstance(environment);
    if (!environment || !instance) return;
    const name = `${environment.id} ${table} ${id}`;
    const former = kept.get(name);
    const place = {
      get environment() {
        return environments.find(environment.id) ?? environment;
      },
      ...{ instance, table, id },
    };
    const record = former?.place.instance === instance ? former : begin(place, former);
    kept.delete(name);
    kept.set(name, record);
    forgetOldest(record);
    batch(() => {
      shown.value = record;
      search.value = { phase: "idle" };
    });
  }

  function begin(place: OpenRecord["place"], former: OpenRecord | undefined): OpenRecord {
    const reading = former?.reading.peek();
    const drafts = former?.drafts.peek();
    const isBegun = reading?.phase === "read" && drafts !== undefined && drafts.size > 0;
    former?.cancel();
    const begun = isBegun ? { row: reading.row, at: reading.at, drafts } : null;
    const record = createRecord(place, knownOf(place.instance), guard, begun);
    if (!begun) void record.load().then(() => showClass(record));
    return record;
  }

  /** A record of a class that extends the table is shown as one of its class, which has more fields. */
  function showClass({ row, place }: OpenRecord): void {
    const own = row.peek() ? rawOf(row.peek() ?? {}, "sys_class_name") : "";
    const isShown = shown.peek()?.place === place;
    if (isShown && /^[a-z]\w{1,79}$/.test(own) && own !== place.table) show(own, place.id);
  }

  function forgetOldest(newest: OpenRecord): void {
    for (const [name, record] of kept) {
      if (kept.size <= MOST_KEPT) return;
      if (record === newest || record.changes.peek().length > 0) continue;
      record.cancel();
      kept.delete(name);
    }
  }

  /** Finds what was typed: a number, a sys_id, or an address. */
  function jump(likely: string): void {
    const other = otherOfAddress(typed.value);
    const wanted = wantedRecord(typed.value, shown.peek()?.place.table ?? likely);
    if (other) search.value = { phase: "refused", why: otherWords(other.name) };
    else if (wanted) void find(wanted);
    else search.value = { phase: "refused", why: WHAT_TO_TYPE };
  }

  /** The environment that an address is of, where that is not the one in use. Clones keep sys_ids: the record would be found in the wrong one. */
  function otherOfAddress(text: string): Environment | undefined {
    const host = URL.canParse(text.trim()) ? new URL(text.trim()).host : "";
    const current = environments.current.peek();
    if (host === "" || !current || hostOf(current) === host) return undefined;
    return environments.list.peek().find((environment) => hostOf(environment) === host);
  }

  const find = (wanted: Wanted) => searching(wanted, false, (instance, signal) => locate(instance, wanted, signal));

  /** Asks every table that extends none. Their extensions are in them. */
  function findEverywhere(wanted: Wanted): void {
    const instance = openInstance(environments.current.peek());
    if (!instance) return;
    void searching(wanted, true, async (searched, signal, progress) => {
      const tables = await tablesOf(knownOf(instance), signal);
      const roots = tables.filter((table) => table.extends === "").map(({ name }) => name);
      progress(0, roots.length);
      return searchTables(searched, roots, wanted, signal, (asked) => progress(asked, roots.length));
    });
  }

  async function searching(
    wanted: Wanted,
    everywhere: boolean,
    run: (
      instance: Searched,
      signal: AbortSignal,
      progress: (searched: number, of: number) => void,
    ) => Promise<Found | null>,
  ): Promise<void> {
    const instance = openInstance(environments.current.peek());
    if (!instance) return;
    abort?.abort();
    const mine = new AbortController();
    abort = mine;
    let asked = { searched: 0, of: 0 };
    search.value = { phase: "searching", wanted, searched: 0, of: 0 };
    try {
      const found = await run(instance, mine.signal, (searched, of) => {
        asked = { searched, of };
        if (abort === mine) search.value = { phase: "searching", wanted, ...asked };
      });
      if (abort !== mine) return;
      if (found) {
        batch(() => {
          search.value = { phase: "idle" };
          typed.value = "";
        });
        show(found.table, found.id);
      } else search.value = { phase: "missed", wanted, everywhere, ...asked };
    } catch (thrown) {
      if (abort === mine) search.value = endOf(thrown, mine.signal);
    }
  }

  function cancel(): void {
    abort?.abort();
    abort = undefined;
    search.value = { phase: "idle" };
  }

  return { typed, search, shown, take, open, jump, find, findEverywhere, cancel };
}

export const WHAT_TO_TYPE =
  "This names no record. Enter a number such as INC0010001, a sys_id of 32 digits, or the address of a record.";

/** Where a record was looked for in vain. Where tables were left out, it may be in one of them. */
export function missedWords({ wanted, everywhere, searched, of }: Extract<Search, { phase: "missed" }>): string {
  if (searched < of)
    return `was not found in ${count(searched)} of ${count(of)} tables. The others were not searched: if you know its table, look for it there in the view Tables.`;
  const where = everywhere ? `any of ${count(of)} tables` : `${wanted.tables.join(", ")} and the usual tables`;
  return `was not found in ${where}. It is not there, or this user may not read it.`;
}

function otherWords(name: string): string {
  return `This is an address of ${name}, which is not in use. Choose ${name}, or enter the sys_id alone.`;
}

/** Why the tables of an instance cannot be searched, in a sentence for the person. */
class NoTables extends Error {}

function endOf(thrown: unknown, signal: AbortSignal): Search {
  if (signal.aborted) return { phase: "idle" };
  if (thrown instanceof NoTables) return { phase: "refused", why: thrown.message };
  return { phase: "failed", failure: failureOf(thrown) };
}

/** The list of tables, as soon as it is read. */
function tablesOf(known: Known, signal: AbortSignal): Promise<readonly TableName[]> {
  return new Promise((resolve, reject) => {
    const stop = effect(() => {
      const tables = known.tables();
      if (tables.phase === "reading") return;
      if (tables.phase === "read") resolve(tables.data);
      else reject(new NoTables(tables.why));
      // The first run has not returned what ends it.
      queueMicrotask(() => stop());
    });
    signal.addEventListener("abort", () => {
      stop();
      reject(signal.reason);
    });
  });
}
