/** What a person changed of a record: before it is sent, and where others changed it meanwhile. Pure. */
import type { Row } from "sysparm";
import type { TableSchema } from "sysparm/schema";
import { read } from "sysparm/values";
import type { Reading } from "../schema/known";
import { type FieldFact, rawOf, titleOf } from "./facts";

/** New stored values by field. */
export type Drafts = ReadonlyMap<string, string>;

export interface Change {
  name: string;
  title: string;
  from: string;
  to: string;
}

/** The drafts that differ from what is stored. A journal has no stored value: its draft is an entry. */
export function changesOf(facts: readonly FieldFact[], drafts: Drafts): Change[] {
  return facts.flatMap((fact) => {
    const to = drafts.get(fact.name);
    const from = isJournal(fact) ? "" : (fact.raw ?? "");
    return to === undefined || to === from ? [] : [{ name: fact.name, title: titleOf(fact), from, to }];
  });
}

/** A change, and what the record has in that field now. */
export interface Conflict extends Change {
  now: string;
}

/** The changes whose field somebody else has changed, too. `before` is the row that the drafts began with. */
export function conflictsOf(changes: readonly Change[], before: Row, now: Row): Conflict[] {
  return changes
    .map((change) => ({ ...change, now: rawOf(now, change.name) }))
    .filter(({ name, now: value, to }) => value !== rawOf(before, name) && value !== to);
}

/** The changes that add an entry to a journal. */
export function entriesIn(changes: readonly Change[], facts: readonly FieldFact[]): Change[] {
  const journals = new Set(facts.filter(isJournal).map(({ name }) => name));
  return changes.filter(({ name }) => journals.has(name));
}

/** The changes that the instance did not keep as they were sent: a rule changed them, or the field was dropped. */
export function notKept(changes: readonly Change[], stored: Row, facts: readonly FieldFact[]): Conflict[] {
  const entries = new Set(entriesIn(changes, facts));
  return changes
    .filter((change) => !entries.has(change))
    .map((change) => ({ ...change, now: rawOf(stored, change.name) }))
    .filter(({ to, now }) => to !== now);
}

export function isJournal({ type }: Pick<FieldFact, "type">): boolean {
  return type === "journal" || type === "journal_input" || type === "journal_list";
}

/** Why a field that no dictionary is known to declare cannot be changed. */
const UNDECLARED: Readonly<Record<Reading<unknown>["phase"], string>> = {
  reading: "The dictionary is still being read.",
  failed: "The dictionary could not be read, so it is not known whether this field can be changed.",
  read: "This field is not in the dictionary.",
};

const SECRETS = ["password", "password2", "glide_encrypted"];

/** Why a field cannot be changed here, in a sentence; empty where it can. `dictionary` is how far its reading has come. */
export function whyFixed(fact: FieldFact, dictionary: Reading<unknown>["phase"]): string {
  const { name, raw, type, field } = fact;
  if (name.startsWith("sys_")) return "The instance sets this field.";
  if (raw === null) return "This user may not read this field.";
  if (SECRETS.includes(type)) return "Passwords are not changed here.";
  if (field?.readOnly) return "The dictionary declares this field read-only.";
  if (!field) return UNDECLARED[dictionary];
  return type === "journal_list" ? "This field shows the entries of other journals." : "";
}

/** What is wrong with a stored value, and what to do; empty if nothing is. The instance drops or cuts such a value without a word. */
export function problemOf(fact: FieldFact, text: string, schema: TableSchema | null): string {
  const { field, name } = fact;
  if (field?.mandatory && text === "" && !isJournal(fact))
    return "The dictionary declares this field mandatory. Enter a value.";
  const { maxLength } = field ?? {};
  if (maxLength !== undefined && !isJournal(fact) && text.length > maxLength)
    return `${text.length} characters: the field holds ${maxLength}. Shorten it.`;
  if (fact.field?.reference && fact.type === "reference" && /\s|,/.test(text))
    return `“${text}” is no sys_id. Enter that of a record of ${fact.field.reference}.`;
  if (isJournal(fact) || text === "" || text === fact.raw) return "";
  return read({ [name]: text }, schema, { displayValue: false }).problems[0]?.message ?? "";
}
