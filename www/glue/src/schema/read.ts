/**
 * The requests of a schema. A table that access rules close is reported as unread, and the schema does without it. Any other failure is thrown.
 *
 * sys_db_object, class after class to the root
 *   -> sys_dictionary, sys_dictionary_override, sys_choice, sys_index, the count: at once
 *     -> a few rows of the table, where the dictionary is hidden or has gaps
 */
import type { Instance, KnownErrorCode, Row } from "sysparm";
import type { TableClass, Unread } from "sysparm/schema";

/** A record as texts by field; hidden fields are absent. */
export type RecordTexts = Readonly<Record<string, string>>;

/** What the requests returned. */
export interface SchemaRecords {
  ancestry: TableClass[];
  dictionary: RecordTexts[];
  overrides: RecordTexts[];
  choices: RecordTexts[];
  /** Null if they may not be read. */
  indexes: RecordTexts[] | null;
  /** Rows of the table with links, only if the dictionary has gaps. */
  samples: Row[];
  rows?: number;
  unread: Unread[];
}

interface WantedParts {
  language: string;
  rows: boolean;
}

/** Extending classes go no deeper on any instance, and a circle must end. */
const DEEPEST = 20;
/** More records than any table's dictionary has. */
const MOST_RECORDS = 10_000;
const SAMPLES = 10;

/** Reads the dictionary records of a table. */
export async function readSchema(
  instance: Instance,
  table: string,
  { language, rows }: WantedParts,
  signal: AbortSignal,
): Promise<SchemaRecords> {
  const unread: Unread[] = [];
  const ancestry = await classes(instance, table, unread, signal);
  const names = ancestry.map(({ name }) => name).join(",");
  const ask = (what: Unread["what"], name: string, query: string, fields: string[]) =>
    records(instance, { what, name, query, fields }, unread, signal);
  const languages = language === "en" ? "en" : `${language},en`;
  const [dictionary, overrides, choices, indexes, count] = await Promise.all([
    ask("fields", "sys_dictionary", `nameIN${names}^elementISNOTEMPTY`, COLUMNS),
    ancestry.length > 1 ? ask("overrides", "sys_dictionary_override", `nameIN${names}`, OVERRIDES) : [],
    ask("choices", "sys_choice", `nameIN${names}^languageIN${languages}`, CHOICES),
    ask("indexes", "sys_index", `logical_table_nameIN${names}`, INDEXES),
    rows ? countRows(instance, table, unread, signal) : undefined,
  ]);
  const gaps = unread.some(({ what }) => what === "ancestry" || what === "fields") || !dictionary?.length;
  const samples = gaps ? await sampleRows(instance, table, signal) : [];
  return {
    ancestry,
    dictionary: dictionary ?? [],
    overrides: overrides ?? [],
    choices: choices ?? [],
    indexes,
    samples,
    // In a fixed order, because the answers arrive in any.
    unread: unread.sort((one, other) => ORDER.indexOf(one.what) - ORDER.indexOf(other.what)),
    ...(count !== undefined && { rows: count }),
  };
}

const COLUMNS = [
  ...[
    "name",
    "element",
    "column_label",
    "internal_type",
    "reference",
    "max_length",
    "mandatory",
    "read_only",
    "active",
  ],
  ...["reference_key", "default_value", "choice", "sys_scope.scope", "sys_updated_on"],
];
const OVERRIDES = [
  ...["name", "element", "mandatory_override", "mandatory", "read_only_override", "read_only"],
  ...["default_value_override", "default_value", "sys_updated_on"],
];
const CHOICES = [
  ...["name", "element", "value", "label", "language", "sequence", "inactive", "dependent_value", "sys_updated_on"],
];
const INDEXES = ["logical_table_name", "col_name_string", "unique_index", "sys_updated_on"];

/** Up to the root. Classes are found by `sys_id`, because a reference shows the label. */
async function classes(
  instance: Instance,
  table: string,
  unread: Unread[],
  signal: AbortSignal,
): Promise<TableClass[]> {
  const found: TableClass[] = [];
  const fields = ["sys_id", "name", "label", "super_class", "sys_scope.scope"];
  let query = `name=${table}`;
  while (found.length < DEEPEST) {
    const before = unread.length;
    const [record] =
      (await records(instance, { what: "ancestry", name: "sys_db_object", query, fields }, unread, signal)) ?? [];
    if (!record?.name) {
      // A referenced class that is not found is hidden, whatever the count.
      if (unread.length === before)
        unread.push(unreadPart("ancestry", "sys_db_object", null, "shows no record of the class"));
      break;
    }
    if (found.some(({ name }) => name === record.name)) break;
    const { label, "sys_scope.scope": scope } = record;
    found.push({ name: record.name, ...(label && { label }), ...(scope && { scope }) });
    if (!record.super_class) break;
    query = `sys_id=${record.super_class}`;
  }
  return found.length > 0 ? found : [{ name: table }];
}

/** Null if the user may read none of it. */
async function records(
  instance: Instance,
  asked: { what: Unread["what"]; name: string; query: string; fields: string[] },
  unread: Unread[],
  signal: AbortSignal,
): Promise<RecordTexts[] | null> {
  const { what, name, query, fields } = asked;
  try {
    const options = { query, fields, pageSize: MOST_RECORDS, limit: MOST_RECORDS, signal };
    const { rows, total, hidden, complete } = await instance.table(name).list(options);
    if (hidden) unread.push(unreadPart(what, name, hidden, `has ${hidden} records here that access rules hide`));
    else if (rows.length >= MOST_RECORDS)
      unread.push(unreadPart(what, name, null, `has ${MOST_RECORDS} records here or more`));
    // In a browser the count needs a CORS rule that exposes X-Total-Count.
    else if (total === null)
      unread.push(unreadPart(what, name, null, "does not say how many records it has, so some may be hidden"));
    else if (!complete) unread.push(unreadPart(what, name, null, "was not read to its end"));
    // If all are hidden, none may be read.
    return rows.length === 0 && hidden ? null : rows.map(texts);
  } catch (thrown) {
    if (!isClosed(thrown)) throw thrown;
    unread.push(unreadPart(what, name, null, "may not be read by this user"));
    return null;
  }
}

/** Refused to this user, or absent in this release: the other requests are unaffected. */
function isClosed(thrown: unknown): boolean {
  const { kind, code } = (thrown ?? {}) as { kind?: unknown; code?: unknown };
  return kind === "authorization" || kind === "record" || code === ("table.unknown" satisfies KnownErrorCode);
}

function unreadPart(what: Unread["what"], table: string, hidden: number | null, reason: string): Unread {
  return { what, table, hidden, message: `${table} ${reason}: ${MEANING[what]}` };
}

const MEANING: Record<Unread["what"], string> = {
  ancestry: "the classes above may be missing, and with them fields",
  fields: "fields may be missing, and those that only rows show have no type",
  overrides: "what the table changes of inherited fields is not known",
  choices: "choices and their labels may be missing",
  indexes: "which fields have an index is not known",
  rows: "how many rows there are is not known",
};

const ORDER = Object.keys(MEANING);

async function countRows(
  instance: Instance,
  table: string,
  unread: Unread[],
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return await instance.table(table).count("", { signal });
  } catch (thrown) {
    if (!isClosed(thrown)) throw thrown;
    unread.push(unreadPart("rows", table, null, "may not be counted by this user"));
    return undefined;
  }
}

/** A few rows with links, which name the targets of references. @throws SysparmError also for an unknown table, which only this request detects */
async function sampleRows(instance: Instance, table: string, signal: AbortSignal): Promise<Row[]> {
  const path = `/api/now/table/${table}?sysparm_limit=${SAMPLES}&sysparm_suppress_pagination_header=true&sysparm_no_count=true`;
  const reply = await instance.request(path, { signal });
  const { result } = (await reply.json()) as { result?: unknown };
  return Array.isArray(result) ? result : [];
}

/** The dictionary refers to types and tables by name (`internal_type`, `reference`): a value with or without a link. */
function texts(row: Row): RecordTexts {
  const known = Object.entries(row).map(([name, cell]) => [
    name,
    typeof cell === "string" ? cell : (cell?.value ?? ""),
  ]);
  return Object.fromEntries(known);
}
