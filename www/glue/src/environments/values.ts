/** Texts of records as values. A member whose field is hidden is left out. */
import type { CellTexts } from "./reader.js";

type Convert = (text: string) => unknown;

export const asText: Convert = (value) => value;
export const asFlag: Convert = (value) => value === "true" || value === "1";
/** Null for an empty field. */
export const asNumber: Convert = (value) => (value === "" || Number.isNaN(Number(value)) ? null : Number(value));
/** Separated by commas, in a fixed order. */
export const asSortedList: Convert = (value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)
    .sort();

/** Which member is made of which field. */
export type Members = Readonly<Record<string, readonly [field: string, convert: Convert]>>;

/** The fields to ask for. */
export function fieldsOf(members: Members): string[] {
  return [...new Set(Object.values(members).map(([field]) => field))];
}

/** The members of one record. */
export function membersOf<T>(record: CellTexts, members: Members): T {
  const made = Object.entries(members).flatMap(([member, [field, convert]]) => {
    const given = record[field];
    const value = given === undefined ? undefined : convert(given);
    return value === undefined ? [] : [[member, value]];
  });
  return Object.fromEntries(made) as T;
}
