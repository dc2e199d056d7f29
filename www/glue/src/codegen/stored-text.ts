/** What the stored text of each kind looks like, for schemas that check rows. An empty text stands for no value. */
import type { ValueSort } from "./field-types.js";

/** A regular expression in the dialect of JSON Schema (ECMA-262), and what a text is that does not match it. */
export interface TextPattern {
  pattern: string;
  otherwise: string;
}

const TIME = String.raw`\d{2}:\d{2}:\d{2}`;
const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const DIGITS = String.raw`-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`;

/** A whole number; other numbers are `PATTERNS.number`. */
export const WHOLE_NUMBER: TextPattern = { pattern: String.raw`^(-?\d+)?$`, otherwise: "no whole number" };

/** By kind. A few shipped records have a word for their sys_id. */
export const PATTERNS = {
  sys_id: { pattern: String.raw`^[\w.-]{1,100}$`, otherwise: "no sys_id" },
  reference: { pattern: String.raw`^[\w.-]{0,100}$`, otherwise: "no sys_id of a record" },
  boolean: { pattern: "^(true|false|1|0)?$", otherwise: "neither true nor false" },
  number: { pattern: `^(${DIGITS})?$`, otherwise: "no number" },
  money: { pattern: `^(([A-Z]{3};)?${DIGITS})?$`, otherwise: "no amount of money" },
  "date-time": { pattern: `^(${DATE} ${TIME})?$`, otherwise: "no time of the form yyyy-MM-dd HH:mm:ss" },
  date: { pattern: `^(${DATE})?$`, otherwise: "no day of the form yyyy-MM-dd" },
  time: { pattern: `^((${DATE} )?${TIME})?$`, otherwise: "no time of day" },
  duration: { pattern: `^(${DATE} ${TIME})?$`, otherwise: "no duration, counted from 1970-01-01 00:00:00" },
} satisfies Partial<Record<ValueSort, TextPattern>>;

/** The form of a kind of value; undefined for texts. */
export function patternOf(sort: ValueSort, isWhole: boolean): TextPattern | undefined {
  const patterns: Partial<Record<ValueSort, TextPattern>> = PATTERNS;
  return sort === "number" && isWhole ? WHOLE_NUMBER : patterns[sort];
}
