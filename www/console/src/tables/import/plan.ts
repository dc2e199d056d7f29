/** What an import would do with each row, before anything is written. Pure. */
import type { Row } from "sysparm";
import type { Field } from "sysparm/schema";
import { cellText, rawText } from "../values";

export type Action = "create" | "update" | "same" | "refuse" | "stage";

export interface Planned {
  /** Counted from 1, without the head line. */
  row: number;
  /** The value of the key field; empty without one. */
  key: string;
  action: Action;
  /** Why it is refused, or what may be lost. */
  why: string[];
  /** What is sent. Of an update only what differs. */
  values: Record<string, string>;
  id?: string;
  modCount?: string;
  /** Of an update: what the changed fields hold now, in the form of the file. A field that this user may not read is missing. */
  before?: Record<string, string>;
  /** The same as raw values. */
  old?: Record<string, string>;
}

export interface PlanOptions {
  fields: Readonly<Record<string, Field>>;
  /** The field whose value names a record; empty to create every row. */
  key: string;
  /** Values are labels: names of references and choices, times of the user's zone. */
  labels: boolean;
  /** An empty cell empties the field. Otherwise it changes nothing. */
  clears: boolean;
}

/** The records that have a key, as `folded`. `hiddenKeys`: keys that an unreadable record may have. */
export interface Existing {
  byKey: ReadonlyMap<string, readonly Row[]>;
  hiddenKeys: ReadonlySet<string>;
}

/** The instance compares without case, and without spaces at the end. */
export const folded = (key: string): string => key.trim().toLowerCase();

/** Of a value. A query would end there, or run it. */
export const NO_QUERY_HOLDS = /[\^\r\n]|^javascript:/i;

export function planRows(
  rows: readonly Record<string, string>[],
  existing: Existing,
  { fields, key, labels, clears }: PlanOptions,
): Planned[] {
  const seen = new Set<string>();
  return rows.map((cells, index) => {
    const given = clears ? cells : filled(cells);
    const values = labels ? given : withBooleans(given, fields);
    const value = key === "" ? "" : (values[key] ?? "").trim();
    const planned: Planned = { row: index + 1, key: value, action: "create", why: [], values };
    const refuse = (why: string): Planned => ({ ...planned, action: "refuse", why: [why] });
    const unfit = labels ? [] : unfitValues(values, fields);
    if (unfit.length > 0) return { ...planned, action: "refuse", why: unfit };
    const notes = notesOf(values, fields, labels);
    // A new record has no field that could be emptied.
    if (key === "") return { ...planned, values: filled(values), why: notes };
    const name = folded(value);
    if (value === "") return refuse(`It has no ${key}, so its record cannot be found.`);
    if (NO_QUERY_HOLDS.test(value))
      return refuse(`No query can hold its ${key}: it has a caret (^), lines or a script.`);
    if (seen.has(name)) return refuse(`An earlier row has the same ${key}.`);
    seen.add(name);
    const found = existing.byKey.get(name) ?? [];
    const [record, ...others] = found;
    if (others.length > 0) return refuse(`${found.length} records have this ${key}.`);
    if (!record) {
      if (key === "sys_id") return refuse("There is no record with this sys_id, or this user may not read it.");
      if (existing.hiddenKeys.has(name))
        return refuse(
          `A record whose ${key} this user may not read, or which spells it otherwise, may have this ${key}.`,
        );
      return { ...planned, values: filled(values), why: notes };
    }
    return { ...planned, ...changesOf(values, record, labels), why: notes };
  });
}

function changesOf(values: Record<string, string>, record: Row, labels: boolean): Partial<Planned> {
  const text = (field: string) => rawText(record[field], "raw") ?? "";
  const changed: Record<string, string> = {};
  const before: Record<string, string> = {};
  const old: Record<string, string> = {};
  for (const [field, value] of Object.entries(values)) {
    if (field === "sys_id") continue;
    const given = Object.hasOwn(record, field) ? record[field] : undefined;
    const raw = text(field);
    const now = labels ? cellText(given) : raw;
    if (given !== undefined && now === value) continue;
    changed[field] = value;
    if (given === undefined) continue;
    before[field] = now;
    old[field] = raw;
  }
  const same = Object.keys(changed).length === 0;
  return {
    action: same ? "same" : "update",
    values: changed,
    before,
    old,
    id: text("sys_id"),
    ...(text("sys_mod_count") === "" ? {} : { modCount: text("sys_mod_count") }),
  };
}

function filled(cells: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== ""));
}

/** As the instance stores them. */
function withBooleans(values: Record<string, string>, fields: PlanOptions["fields"]): Record<string, string> {
  const isBoolean = (name: string) => Object.hasOwn(fields, name) && fields[name]?.type === "boolean";
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isBoolean(name) ? (BOOLEANS[value.toLowerCase()] ?? value) : value,
    ]),
  );
}

const BOOLEANS: Readonly<Record<string, string>> = { "1": "true", "0": "false", true: "true", false: "false" };

const FORMATS: Readonly<Record<string, [RegExp, string]>> = {
  integer: [/^-?\d+$/, "a whole number"],
  longint: [/^-?\d+$/, "a whole number"],
  decimal: [/^-?\d+(\.\d+)?$/, "a number"],
  float: [/^-?\d+(\.\d+)?$/, "a number"],
  boolean: [/^(true|false|0|1)$/i, "true or false"],
  glide_date_time: [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, "a time as 2026-11-30 14:05:00 in UTC"],
  glide_date: [/^\d{4}-\d\d-\d\d$/, "a date as 2026-11-30"],
  reference: [/^[0-9a-f]{32}$/i, "a sys_id"],
};

/** The instance stores such values as something else, or not at all, and reports success. */
function unfitValues(values: Record<string, string>, fields: PlanOptions["fields"]): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const [pattern, what] = FORMATS[field?.type ?? ""] ?? [];
    if (value === "" || !pattern || field?.referenceKey || pattern.test(value)) return [];
    if (field?.choices?.some((choice) => choice.value === value)) return [];
    return [`${name} is “${brief(value)}”, which is not ${what}.`];
  });
}

function notesOf(values: Record<string, string>, fields: PlanOptions["fields"], labels: boolean): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field || value === "") return [];
    if (field.maxLength && value.length > field.maxLength && field.type === "string")
      return [`${name} has ${value.length} characters, and the field takes ${field.maxLength}.`];
    const known = field.choices?.some((choice) => (labels ? choice.label : choice.value) === value);
    return known === false && !field.suggestions ? [`${name} is “${brief(value)}”, which is none of its choices.`] : [];
  });
}

function brief(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}

export function countsOf(planned: readonly Planned[]): Record<Action, number> {
  const counts = { create: 0, update: 0, same: 0, refuse: 0, stage: 0 };
  for (const { action } of planned) counts[action] += 1;
  return counts;
}
