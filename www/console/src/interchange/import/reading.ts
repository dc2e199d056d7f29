/** Reads values of unknown shape. Never throws: a value of another type counts as absent. */
import { newPair, type Pair } from "../../workspace/model";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own properties only: a key such as `constructor` must not reach a prototype. */
export function field(value: unknown, name: string): unknown {
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function entries(value: unknown): [string, unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

/** Numbers and booleans as text; objects as JSON; null and undefined as the empty text. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A description is a text, or an object with `content`. */
export function prose(value: unknown): string {
  return isFields(value) ? text(field(value, "content")) : text(value);
}

export function pair(name: string, value: string, on: boolean, note: string): Pair {
  const made = newPair(name, value, on);
  return note === "" ? made : { ...made, note };
}
