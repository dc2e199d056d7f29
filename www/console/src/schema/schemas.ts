/**
 * The tables and fields of each environment, read when they are first asked for. Kept by connection, in memory: a change of the environment
 * opens another connection, so nothing of one instance or user is shown for another. Not kept beyond the page, because a schema is what one
 * signed-in user may see.
 */
import { type Signal, signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Query } from "sysparm/query";
import type { TableSchema } from "sysparm/schema";
import { failureOf } from "../failure/failure";
import { count, plural } from "../number";
import type { Known, Operator, Reading, TableName } from "./known";
import { everyOperator, operatorsFor } from "./operators";

export type Schemas = ReturnType<typeof createSchemas>;

/** What the reading needs of an instance. */
export type SchemaSource = Pick<Instance, "schema" | "table">;

interface Held {
  /** How many calls of `refresh` are reading. */
  refreshing: Signal<number>;
  tables?: Signal<Reading<readonly TableName[]>>;
  /** By name of the table, the one that was asked for last at the end. */
  fields: Map<string, Signal<Reading<TableSchema>>>;
}

/** Instances have some 5,000 tables. */
const MOST_TABLES = 20_000;
const MOST_SCHEMAS = 100;
/** A reading that failed is tried again when it is asked for later than this, in ms. */
const RETRY_MS = 20_000;
const NAME = /^[a-z]\w{0,79}$/i;

type Queries = typeof Query;

/** `load` gives the class when its module is ready to be used; `now` the time in ms. */
export function createSchemas(load: () => Promise<Queries> = loadQueries, now: () => number = Date.now) {
  const held = new WeakMap<SchemaSource, Held>();
  const queryClass = signal<Queries | null>(null);
  const unloaded = signal("");
  let asked = false;
  let every: readonly Operator[] = [];
  const byType = new Map<string | undefined, readonly Operator[]>();

  function heldOf(source: SchemaSource): Held {
    const known = held.get(source) ?? { refreshing: signal(0), fields: new Map() };
    held.set(source, known);
    return known;
  }

  function operators(field: { type?: string } | undefined): readonly Operator[] {
    const loaded = queryClass.value;
    if (!loaded) {
      needQueries();
      return [];
    }
    if (every.length === 0) every = everyOperator(loaded);
    const known = byType.get(field?.type);
    if (known) return known;
    const found = operatorsFor(loaded, every, field?.type);
    byType.set(field?.type, found);
    return found;
  }

  function isOver(reading: Reading<unknown>): boolean {
    return reading.phase === "failed" && reading.at !== undefined && now() - reading.at > RETRY_MS;
  }

  /** Without the module nothing of queries is completed. After a failure it is tried again when an operator is asked for. */
  function needQueries(): void {
    if (asked) return;
    asked = true;
    load().then(
      (loaded) => {
        unloaded.value = "";
        queryClass.value = loaded;
      },
      () => {
        asked = false;
        unloaded.value = "Operators could not be loaded. Type on to try again.";
      },
    );
  }

  /** What is known of one environment. Without a source: nothing, for the reason given. */
  function of(source: SchemaSource | null, why: string): Known {
    if (!source) {
      const none = { phase: "failed", why } as const;
      return { tables: () => none, schema: () => none, operators, unloaded: () => unloaded.value };
    }
    const here = heldOf(source);
    return {
      operators,
      unloaded: () => unloaded.value,
      tables: () => {
        if (!here.tables || isOver(here.tables.value)) here.tables = begun(() => readTables(source, now));
        return here.tables.value;
      },
      schema: (table) => {
        if (!NAME.test(table)) return { phase: "failed", why: "The address names no table." };
        const kept = here.fields.get(table);
        const found = kept && !isOver(kept.value) ? kept : begun(() => readSchema(source, table, now));
        here.fields.delete(table);
        here.fields.set(table, found);
        const [oldest] = here.fields.keys();
        if (here.fields.size > MOST_SCHEMAS && oldest !== undefined) here.fields.delete(oldest);
        return found.value;
      },
    };
  }

  /** Reads a table's schema anew, and the list of tables. What was read is shown until then. */
  async function refresh(source: SchemaSource, table: string): Promise<void> {
    const here = heldOf(source);
    here.refreshing.value += 1;
    const [fields, tables] = await Promise.all([
      readSchema(source, table, now, { maxAgeMs: 0 }),
      here.tables ? readTables(source, now) : undefined,
    ]).finally(() => {
      here.refreshing.value -= 1;
    });
    const shown = here.fields.get(table);
    if (shown) shown.value = newer(shown.peek(), fields);
    else here.fields.set(table, signal(fields));
    if (tables && here.tables) here.tables.value = newer(here.tables.peek(), tables);
  }

  const isRefreshing = (source: SchemaSource | null) => source !== null && heldOf(source).refreshing.value > 0;

  return { of, refresh, isRefreshing };
}

/** What was read before stays if it could not be read again. */
function newer<T>(before: Reading<T>, now: Reading<T>): Reading<T> {
  if (before.phase !== "read" || now.phase !== "failed") return now;
  return { ...before, note: `These are of an earlier reading. ${now.why}` };
}

/** The first sentence: a list's footer is no place for the whole diagnosis, which the request itself shows. */
function brief(thrown: unknown): string {
  const [first = ""] = failureOf(thrown).message.split(/ \(|\. /);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Begins a reading and shows its result when it comes. */
function begun<T>(read: () => Promise<Reading<T>>): Signal<Reading<T>> {
  const shown = signal<Reading<T>>({ phase: "reading" });
  void read().then((result) => {
    shown.value = result;
  });
  return shown;
}

async function readSchema(
  source: SchemaSource,
  table: string,
  now: () => number,
  options: { maxAgeMs?: number } = {},
): Promise<Reading<TableSchema>> {
  try {
    const data = await source.schema(table, options);
    return { phase: "read", data, note: unreadWords(data) };
  } catch (thrown) {
    const why = `The fields of ${table} could not be read. ${brief(thrown)}`;
    return { phase: "failed", why, at: now() };
  }
}

async function readTables(source: SchemaSource, now: () => number): Promise<Reading<readonly TableName[]>> {
  const fields = ["name", "label", "super_class.name"];
  const names: TableName[] = [];
  let hidden = 0;
  try {
    for await (const page of source.table("sys_db_object").pages({ fields, query: "ORDERBYname", pageSize: 5_000 })) {
      hidden = page.hidden ?? 0;
      for (const row of page.rows) {
        const [name, label, parent] = fields.map((field) => String(row[field] ?? ""));
        if (name) names.push({ name, label: label ?? "", extends: parent ?? "" });
      }
      if (names.length >= MOST_TABLES) break;
    }
  } catch (thrown) {
    if (names.length === 0)
      return { phase: "failed", why: `The list of tables could not be read. ${brief(thrown)}`, at: now() };
    return { phase: "read", data: names, note: "The list of tables was cut: its reading failed." };
  }
  if (names.length === 0)
    return { phase: "failed", why: "This user may not read sys_db_object: no list of tables.", at: now() };
  const cut = names.length >= MOST_TABLES ? `Only the first ${count(MOST_TABLES)} tables.` : "";
  return {
    phase: "read",
    data: names,
    note: hidden > 0 ? `Access rules hide ${plural(hidden, "table")}. ${cut}` : cut,
  };
}

/** What could not be read of a schema, in one sentence; empty where all was. */
function unreadWords({ complete, unread }: Pick<TableSchema, "complete" | "unread">): string {
  const [first, ...others] = unread.filter(({ what }) => what !== "rows");
  if (!first) return complete ? "" : "Not every field is known.";
  const more = others.length > 0 ? `, and ${plural(others.length, "further part")}` : "";
  return `Not all could be read: ${first.message}${more}.`;
}

export async function loadQueries(): Promise<Queries> {
  const module = await import("sysparm/query");
  await module.load();
  return module.Query;
}
