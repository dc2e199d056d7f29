/**
 * Builds a table's schema from records of the dictionary. Pure: the same records give the same schema.
 *
 * A nearer class wins over a farther one: for a field that both declare, for overrides, and for choices, which a class replaces as a whole
 * for a field ("Dictionary overrides", "Choice table" in the product documentation).
 */
import type { Field, FieldChoice, Index, TableSchema } from "sysparm/schema";
import { COMMON_COLUMNS } from "../shared/common-columns.js";
import { SchemaError } from "./error.js";
import type { RecordTexts, SchemaRecords } from "./read.js";

/** The schema of a table. */
export function assemble(table: string, found: SchemaRecords, language: string, readAt: number): TableSchema {
  const classes = found.ancestry.map(({ name }) => name);
  const fields: Record<string, Field> = Object.create(null);
  // From the root down, so that the nearer class is the later one.
  for (const name of [...classes].reverse()) {
    for (const record of found.dictionary) if (record.name === name) declare(fields, record);
    for (const record of found.overrides) if (record.name === name) override(fields, record);
  }
  for (const row of found.samples) for (const [name, cell] of Object.entries(row)) show(fields, name, cell);
  if (Object.keys(fields).length === 0) throw new SchemaError("schema.unreadable", unreadable(table, found));
  addChoices(fields, found.choices, classes, language);
  const indexes = found.indexes && addIndexes(fields, found.indexes);
  const { rows } = found;
  const all = [found.dictionary, found.overrides, found.choices, found.indexes ?? []].flat();
  const changes = all.map((record) => Date.parse(`${record.sys_updated_on?.replace(" ", "T")}Z`));
  const newest = Math.max(...changes.filter((at) => !Number.isNaN(at)));
  return {
    table,
    // Without known indexes every order would seem to have none.
    tables: { [table]: { ...(rows !== undefined && indexes && { rows }), fields: { ...fields } } },
    ancestry: found.ancestry,
    custom: Object.keys(fields).filter((name) => fields[name]?.custom),
    indexes,
    complete: !found.unread.some(({ what }) => what === "ancestry" || what === "fields"),
    unread: found.unread,
    language,
    readAt,
    changedAt: Number.isFinite(newest) ? newest : null,
  };
}

function declare(fields: Record<string, Field>, record: RecordTexts): void {
  const { element = "", name = "", internal_type: type, column_label: label, reference, max_length: length } = record;
  // Replies contain no inactive fields.
  if (element === "" || record.active === "false") return;
  const { default_value: defaultValue, reference_key: referenceKey, "sys_scope.scope": scope } = record;
  fields[element] = {
    ...(type && { type }),
    ...(label && { label }),
    ...(reference && { reference }),
    ...(referenceKey && referenceKey !== "sys_id" && { referenceKey }),
    ...(length && /^\d{1,9}$/.test(length) && { maxLength: Number(length) }),
    ...(record.mandatory !== undefined && { mandatory: isTrue(record.mandatory) }),
    ...(record.read_only !== undefined && { readOnly: isTrue(record.read_only) }),
    ...(defaultValue && { defaultValue }),
    declaredIn: name,
    ...(customOf(element) ?? (element.startsWith("sys_") ? undefined : customOf(name))),
    ...(scope && { scope }),
    // 2 is "Suggestion" in the choice list specification of a field.
    ...(record.choice === "2" && { suggestions: true as const }),
    source: "dictionary",
  };
}

function override(fields: Record<string, Field>, record: RecordTexts): void {
  const { name = "", element = "" } = record;
  const field = fields[element];
  if (!field) return;
  const changed: Field["overridden"] = { ...field.overridden };
  if (isTrue(record.mandatory_override)) {
    field.mandatory = isTrue(record.mandatory);
    changed.mandatory = name;
  }
  if (isTrue(record.read_only_override)) {
    field.readOnly = isTrue(record.read_only);
    changed.readOnly = name;
  }
  if (isTrue(record.default_value_override)) {
    field.defaultValue = record.default_value ?? "";
    changed.defaultValue = name;
  }
  if (Object.keys(changed).length > 0) field.overridden = changed;
}

/** A row shows that a field exists, and the target of a reference. */
function show(fields: Record<string, Field>, name: string, cell: unknown): void {
  const link = typeof cell === "object" && cell !== null && "link" in cell ? String(cell.link) : undefined;
  const reference = /\/table\/(\w+)\/[^/]*$/.exec(link ?? "")?.[1];
  const known = fields[name];
  if (known && (known.source === "dictionary" || known.type)) return;
  const type = reference ? "reference" : COMMON_COLUMNS[name];
  fields[name] = { ...(type && { type }), ...(reference && { reference }), ...customOf(name), source: "row" };
}

function customOf(name: string): { custom: true } | undefined {
  return /^[ux]_/.test(name) ? { custom: true } : undefined;
}

/** The choices of the nearest class that has any, with labels in the language, or in English. */
function addChoices(
  fields: Record<string, Field>,
  records: readonly RecordTexts[],
  classes: string[],
  language: string,
): void {
  const byField = new Map<string, RecordTexts[]>();
  for (const record of records) {
    const { element = "", name = "" } = record;
    const others = byField.get(element) ?? [];
    const rank = classes.indexOf(name) - classes.indexOf(others[0]?.name ?? "");
    if (others.length === 0 || rank < 0) byField.set(element, [record]);
    else if (rank === 0) others.push(record);
  }
  for (const [element, own] of byField) {
    const field = fields[element];
    if (!field) continue;
    const choices = new Map<string, FieldChoice & { sequence: number; known: boolean }>();
    for (const { value = "", label = "", sequence, inactive, dependent_value: dependent, ...record } of own) {
      const key = `${value}\0${dependent ?? ""}`;
      const known = record.language === language;
      if (choices.get(key)?.known) continue;
      choices.set(key, {
        value,
        label,
        ...(isTrue(inactive) && { inactive: true as const }),
        ...(dependent && { dependent }),
        sequence: sequence ? Number(sequence) : Number.POSITIVE_INFINITY,
        known,
      });
    }
    const ordered = [...choices.values()].sort(
      (one, other) => compare(one.sequence, other.sequence) || compare(one.label, other.label),
    );
    field.choices = ordered.map(({ sequence: _, known: __, ...choice }) => choice);
  }
}

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Every table also has an index of `sys_id`. */
function addIndexes(fields: Record<string, Field>, records: readonly RecordTexts[]): Index[] {
  if (fields.sys_id) fields.sys_id.indexed = true;
  return records.flatMap(({ col_name_string: columns = "", logical_table_name: table = "", unique_index: unique }) => {
    const names = columns.split(",").map((name) => name.trim());
    const first = fields[names[0] ?? ""];
    if (names[0] === "") return [];
    if (first) first.indexed = true;
    return [{ fields: names, unique: isTrue(unique), table }];
  });
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}

function unreadable(table: string, { unread }: SchemaRecords): string {
  const reasons = unread.map(({ message }) => message).join("; ");
  return `Nothing says what fields ${table} has, and it shows no row. ${reasons}`.trim();
}
