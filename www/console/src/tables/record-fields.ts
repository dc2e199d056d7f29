/** The fields of one record as the panel lists them. Pure. */
import type { Row } from "sysparm";
import type { Field } from "sysparm/schema";
import { cellText, secondText } from "./values";

export interface ShownField {
  name: string;
  label: string;
  type: string;
  text: string;
  /** The raw value where it differs from the text. */
  raw: string;
  /** The table of a reference; empty for any other field. */
  reference: string;
  isCustom: boolean;
}

/** Every field that the record has, sorted by label; what the dictionary says of it is added. */
export function shownFields(record: Row, fields: Readonly<Record<string, Field>>): ShownField[] {
  return Object.keys(record)
    .map((name) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return {
        name,
        label: field?.label ?? "",
        type: field?.type ?? "",
        text: cellText(record[name]),
        raw: secondText(record[name]),
        reference: field?.reference ?? "",
        isCustom: field?.custom === true,
      };
    })
    .sort((a, b) => (a.label || a.name).localeCompare(b.label || b.name));
}

/** Fields whose label, name or value has the text. */
export function matching(fields: readonly ShownField[], typed: string, filledOnly: boolean): ShownField[] {
  const wanted = typed.trim().toLowerCase();
  return fields.filter(
    ({ name, label, text, raw }) =>
      (!filledOnly || text !== "" || raw !== "") &&
      [name, label, text, raw].some((part) => part.toLowerCase().includes(wanted)),
  );
}

/** The sys_id that a reference leads to. */
export function referenceId({ raw, text }: ShownField): string {
  const id = raw || text;
  return /^[0-9a-f]{32}$/.test(id) ? id : "";
}

/** What a person calls the record. */
export function recordTitle(record: Row): string {
  for (const name of ["number", "name", "user_name", "short_description"]) {
    const text = cellText(record[name]);
    if (text !== "") return text;
  }
  return cellText(record.sys_id);
}
