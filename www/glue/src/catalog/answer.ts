/** One answer to one variable: its text as it is sent, or why it cannot be. */
import type { CatalogVariable, VariableProblem } from "sysparm";
import { KEY, SYS_ID } from "../shared/keys.js";

/** A refusal: what is wrong with the answer, and what to pass. */
export interface RefusedAnswer {
  problem: VariableProblem["problem"];
  why: string;
  step: string;
}

/** An accepted answer, with the keys that have to be looked up. */
export interface AcceptedAnswer {
  text: string;
  keys: string[];
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^(?=.*:.*:)[\da-f:]{2,39}(?:%\w+)?$/i;
const EMAIL = /^[^\s@,]+@[^\s@,]+$/;
/** More keys than a person selects in one variable. */
const MOST_KEYS = 200;
const SHOWN = 60;

/** The text of an answer; undefined for none. A list is joined by commas, as a list collector takes it. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isFinite(value)) return String(value);
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value.join(",") : undefined;
}

/** Checks an answer by itself. An empty one is accepted here: whether one is required is decided by the caller. */
export function checkAnswer(variable: CatalogVariable, value: unknown): AcceptedAnswer | RefusedAnswer {
  const text = textOf(value);
  if (text === undefined || (Array.isArray(value) && variable.kind !== "references")) {
    const wanted = variable.kind === "references" ? "a list of sys_ids" : "a string, a number, true or false";
    return refused("type", "has a value that is not text", `Pass ${wanted}`);
  }
  if (text === "") return { text, keys: [] };
  const accepted = { text, keys: [] };
  const { maxLength } = variable;
  if (maxLength > 0 && text.length > maxLength) {
    return refused("length", `has ${text.length} characters`, `Pass at most ${maxLength}`);
  }
  switch (variable.kind) {
    case "check-box":
      return /^(?:true|false)$/.test(text) ? accepted : refused("type", is(text), "Pass true or false");
    case "choice":
      return choice(variable, text);
    case "date":
      return isDate(text) ? accepted : refused("type", is(text), "Pass a date as YYYY-MM-DD");
    case "date-time":
      return isInstant(text) ? accepted : refused("type", is(text), "Pass a time in UTC as YYYY-MM-DD HH:MM:SS");
    case "email":
      return EMAIL.test(text) ? accepted : refused("type", is(text), "Pass one e-mail address");
    case "url":
      return URL.canParse(text)
        ? accepted
        : refused("type", is(text), "Pass an address with its scheme, such as https:");
    case "ip-address":
      return IPV4.test(text) || IPV6.test(text) ? accepted : refused("type", is(text), "Pass an IPv4 or IPv6 address");
    case "reference":
      if (!KEY.test(text)) return refused("reference", is(text), `Pass the sys_id of a ${recordOf(variable)}`);
      return { text: storedId(text), keys: variable.table ? [text] : [] };
    case "attachment":
      if (!SYS_ID.test(text)) return refused("reference", is(text), "Pass the sys_id of a record of sys_attachment");
      return { text: storedId(text), keys: [] };
    case "references":
      return keys(variable, text);
    case "lookup":
      // The column that it takes is not in the reply; a text that is no sys_id may be a value of another column.
      return { text, keys: variable.table && SYS_ID.test(text) ? [text] : [] };
    default:
      return accepted;
  }
}

function choice({ choices }: CatalogVariable, text: string): AcceptedAnswer | RefusedAnswer {
  if (!choices || choices.some(({ value }) => value === text)) return { text, keys: [] };
  const meant = choices.find(({ label, value }) => [label, value].some((one) => isAlike(one, text)));
  const values = choices.flatMap(({ value }) => value || []).slice(0, 10);
  const more = choices.length > values.length + 1 ? ", ..." : "";
  return refused("choice", is(text), meant ? `Pass ${meant.value}` : `Pass one of: ${values.join(", ")}${more}`);
}

function keys(variable: CatalogVariable, text: string): AcceptedAnswer | RefusedAnswer {
  const all = [...new Set(text.split(",").map((key) => key.trim()))].filter(Boolean);
  const wrong = all.find((key) => !KEY.test(key));
  if (wrong !== undefined)
    return refused("reference", `contains ${quoted(wrong)}`, `Pass sys_ids of ${recordOf(variable)}`);
  if (all.length > MOST_KEYS) return refused("length", `has ${all.length} keys`, `Pass at most ${MOST_KEYS}`);
  return { text: all.map(storedId).join(","), keys: variable.table ? all : [] };
}

/** A sys_id as the instance stores it: it may not find a record by capital letters. */
export function storedId(id: string): string {
  return SYS_ID.test(id) ? id.toLowerCase() : id;
}

function isAlike(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** A day of the calendar. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return Number(year) > 0 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isInstant(text: string): boolean {
  const [date = "", time = ""] = text.split(" ");
  return isDate(date) && /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time) && text.length === 19;
}

export function recordOf({ table }: { table?: string }): string {
  return table ? `record of ${table}` : "record";
}

function is(text: string): string {
  return `is ${quoted(text)}`;
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
}

function refused(problem: RefusedAnswer["problem"], why: string, step: string): RefusedAnswer {
  return { problem, why, step };
}
