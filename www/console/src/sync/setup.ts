/** What is kept of a sync that was set up, and the form that it is made with. Pure. */
import type { SyncOptions } from "sysparm/sync";
import * as v from "valibot";
import type { Kept } from "../store/schemas";
import { fieldList } from "../tables/columns";

/** A record of the store's preferences. There is one copy of a table for each environment. */
export interface Setup {
  id: string;
  environment: string;
  /** The environment's name, for when it is removed and its copies stay. */
  environmentName: string;
  table: string;
  query: string;
  /** All fields where it is empty. */
  fields: string[];
  /** Labels with the stored values. */
  labels: boolean;
  pageSize: number;
  /** Tables under whose names deletions are looked up; the table itself where it is empty. */
  deletions: string[];
  /** Minutes between runs while the page is open; 0 for none. */
  every: number;
}

export const SCHEDULES = [0, 5, 15, 60] as const;
const MOST_ROWS = 10_000;
const PREFIX = "sync ";
/** Tables of SQLite and of the copies themselves (`copy/shape.ts`). */
const OWN = /^(sqlite_|sysparm_)/i;

const schema = v.object({
  id: v.string(),
  environment: v.string(),
  environmentName: v.string(),
  table: v.pipe(v.string(), v.regex(/^\w{1,80}$/)),
  query: v.string(),
  fields: v.array(v.string()),
  labels: v.boolean(),
  pageSize: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_ROWS)),
  deletions: v.array(v.string()),
  every: v.picklist(SCHEDULES),
});

export function setupId(environment: string, table: string): string {
  return `${PREFIX}${environment} ${table}`;
}

/** The setups among the store's preferences. One that cannot be read is left out. */
export function setupsAmong(preferences: readonly Kept[]): Setup[] {
  return preferences
    .filter(({ id }) => id.startsWith(PREFIX))
    .flatMap((kept) => {
      const read = v.safeParse(schema, kept);
      return read.success ? [read.output] : [];
    })
    .sort((one, other) => one.table.localeCompare(other.table));
}

export interface SetupTexts {
  table: string;
  query: string;
  fields: string;
  pageSize: string;
  deletions: string;
  labels: boolean;
  every: string;
}

export const EMPTY: SetupTexts = {
  table: "",
  query: "",
  fields: "",
  pageSize: "1000",
  deletions: "",
  labels: false,
  every: "0",
};

export function textsOf(setup: Setup): SetupTexts {
  return {
    table: setup.table,
    query: setup.query,
    fields: setup.fields.join(", "),
    pageSize: String(setup.pageSize),
    deletions: setup.deletions.join(", "),
    labels: setup.labels,
    every: String(setup.every),
  };
}

export type Problems = Partial<Record<"table" | "fields" | "pageSize" | "deletions", string>>;

/** The setup that the texts mean, or what is wrong with each. `taken` are the tables that are set up already. */
export function setupFrom(
  texts: SetupTexts,
  environment: { id: string; name: string },
  taken: readonly string[],
): { setup: Setup } | { problems: Problems } {
  const problems: Problems = {};
  const table = texts.table.trim();
  const fields = fieldList(texts.fields);
  const deletions = fieldList(texts.deletions);
  const pageSize = /^\s*\d+\s*$/.test(texts.pageSize) ? Number(texts.pageSize) : Number.NaN;
  const wrongField = fields.find((name) => !/^[\w.]{1,255}$/.test(name));
  const wrongTable = deletions.find((name) => !/^\w{1,80}$/.test(name));
  if (!/^\w{1,80}$/.test(table)) problems.table = "This is no name of a table. Type one of letters, digits and _.";
  else if (OWN.test(table)) problems.table = `${table} is a name that the database of the copies keeps for itself.`;
  // Of names, SQLite does not tell upper from lower case.
  else if (taken.some((name) => name.toLowerCase() === table.toLowerCase()))
    problems.table = `${table} is set up already. Change it in the list.`;
  if (wrongField !== undefined) problems.fields = `${wrongField} is no name of a field. Separate names by commas.`;
  if (wrongTable !== undefined) problems.deletions = `${wrongTable} is no name of a table. Separate names by commas.`;
  if (!(pageSize >= 1 && pageSize <= MOST_ROWS)) problems.pageSize = "Type a whole number from 1 to 10000.";
  if (Object.keys(problems).length > 0) return { problems };
  const every = SCHEDULES.find((minutes) => String(minutes) === texts.every) ?? 0;
  const { labels } = texts;
  const owner = { environment: environment.id, environmentName: environment.name };
  const query = texts.query.trim();
  const id = setupId(environment.id, table);
  return { setup: { id, ...owner, table, query, fields, labels, pageSize, deletions, every } };
}

/** Whether a copy of the one is of no use for the other: a checkpoint belongs to query, fields and form of values. */
export function needsNewCopy(one: Setup, other: Setup): boolean {
  const ofCopy = ({ query, fields, labels }: Setup) => JSON.stringify([query, fields, labels]);
  return ofCopy(one) !== ofCopy(other);
}

export function optionsOf({ query, fields, labels, pageSize, deletions }: Setup): SyncOptions {
  return {
    pageSize,
    ...(query !== "" && { query }),
    ...(fields.length > 0 && { fields }),
    ...(labels && { displayValue: "all" as const }),
    ...(deletions.length > 0 && { deletions }),
  };
}

/** Whether a run by schedule is due. A clock that went backwards makes none due for ever. */
export function isDue({ every }: Setup, lastAt: number | null, now: number): boolean {
  if (every === 0 || lastAt === null) return false;
  return now - lastAt >= every * 60_000 || now < lastAt;
}
