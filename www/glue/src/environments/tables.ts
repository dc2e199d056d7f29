/** The tables that an integration uses, from the dictionary. */
import type { Instance, KnownErrorCode } from "sysparm";
import type { Fact, UsedField, UsedTable } from "sysparm/environments";
import type { Field, TableSchema } from "sysparm/schema";
import { partialFact, type Reader, readFact } from "./reader.js";

/** One table with the fields used; all of its fields where none is named. */
export async function readTable(
  reader: Reader,
  instance: Instance,
  table: string,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Fact<UsedTable>> {
  reader.begin(`table ${table}`);
  const query = `name=${table}`;
  const records = await reader.list(instance, {
    table: "sys_db_object",
    query,
    fields: ["name", "ws_access"],
    most: 2,
  });
  const access = records.status === "read" ? records.value.find(({ name }) => name === table)?.ws_access : undefined;
  return reader.attempt<UsedTable>(table, async () => {
    const schema = await instance.schema(table, { maxAgeMs: 0, ...(signal && { signal }) }).catch(absentOnly);
    if (!schema) return readFact({ absent: true, extends: [], fields: {} });
    const used = tableOf(schema, names, access);
    const gaps = schema.unread.filter(({ what }) => what === "ancestry" || what === "fields");
    const [gap] = gaps;
    if (gap) return partialFact(used, gap.message);
    return schema.complete ? readFact(used) : partialFact(used, `not every field of ${table} is known`);
  });
}

/** Null for a table that the instance does not have. */
function absentOnly(thrown: unknown): null {
  if ((thrown as { code?: unknown } | null)?.code === ("table.unknown" satisfies KnownErrorCode)) return null;
  throw thrown;
}

function tableOf(schema: TableSchema, names: readonly string[], access: string | undefined): UsedTable {
  const fields = schema.tables[schema.table]?.fields ?? {};
  // Fields of other tables, through a reference, are facts of those tables.
  const wanted = names.length > 0 ? [...new Set(names.map((name) => name.split(".")[0] ?? name))] : Object.keys(fields);
  const isRead = (part: "choices" | "overrides") => !schema.unread.some(({ what }) => what === part);
  const parts = { choices: isRead("choices"), overrides: isRead("overrides") };
  const used = wanted.sort().flatMap((name): [string, UsedField | null][] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field) return [[name, fieldOf(field, parts)]];
    return schema.complete ? [[name, null]] : [];
  });
  return {
    extends: schema.ancestry.slice(1).map(({ name }) => name),
    ...(access !== undefined && { webServiceAccess: access !== "false" }),
    fields: Object.fromEntries(used),
    ...(schema.indexes && {
      indexes: schema.indexes.map(({ fields: of, unique }) => of.join(", ") + (unique ? " (unique)" : "")).sort(),
    }),
  };
}

function fieldOf(field: Field, { choices: hasChoices, overrides }: KnownParts): UsedField {
  const { type, reference, maxLength, mandatory, readOnly, defaultValue, choices = [], source } = field;
  // Of a field that only a row shows, the dictionary's members are not known.
  if (source !== "dictionary") {
    return { ...(type !== undefined && { type }), ...(reference !== undefined && { reference }) };
  }
  const offered = choices.filter(({ inactive }) => !inactive).map(({ value, label }) => [value, label] as const);
  return {
    ...(type !== undefined && { type }),
    reference: reference ?? "",
    maxLength: maxLength ?? null,
    ...(overrides && { mandatory: mandatory === true, readOnly: readOnly === true, defaultValue: defaultValue ?? "" }),
    ...(hasChoices && { choices: Object.fromEntries(offered) }),
  };
}

/** What was read of the dictionary. */
interface KnownParts {
  choices: boolean;
  overrides: boolean;
}
