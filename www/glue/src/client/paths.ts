/**
 * Paths of single records and of a count. Pages have theirs from the core, whose `page::Reading` refuses the same names: the browser parses
 * these few lines sooner than a second copy of that check in the client's WebAssembly.
 */
import type { RecordOptions } from "sysparm";
import { encodedQuery } from "../shared/query-text.js";
import { invalid } from "./errors.js";

/** Names of tables have 80 characters at most, a sys_id 32 (dictionary of `sys_db_object`): what is longer is no name. */
const TABLE = /^\w{1,255}$/;
const FIELD = /^[\w.]+$/;
/** A path ends with it, and a dot or two would lead to another address. */
const RECORD = /^(?!\.\.?$)[\w.-]{1,255}$/;

/** The path of one record, or without an id the path that creates records. */
export function recordPath(table: string, id?: string, { fields = [], displayValue }: RecordOptions = {}): string {
  const name = checked("table", table, TABLE, "a name of letters, digits and underscores");
  // One text may name several.
  const all = fields.join();
  const names = all ? all.split(",") : [];
  for (const field of names)
    checked("field", field, FIELD, "a name of letters, digits, underscores and the dots of a dot-walk");
  const record =
    id === undefined ? "" : `/${checked("sys_id", id, RECORD, "letters, digits, underscores, dots and hyphens")}`;
  const wanted = all && `&sysparm_fields=${names.join("%2C")}`;
  const form = displayValue ? `&sysparm_display_value=${displayValue}` : "";
  return `/api/now/table/${name}${record}?sysparm_exclude_reference_link=true${wanted}${form}`;
}

/** The path that counts the rows of a query ("Aggregate API"). */
export function countPath(table: string, query: unknown): string {
  const name = checked("table", table, TABLE, "a name of letters, digits and underscores");
  const text = encodedQuery(query, invalid);
  if (/\p{Cc}/u.test(text))
    throw invalid(
      "request.reading",
      "Invalid option `query`. Pass an encoded query without line breaks and other control characters.",
    );
  // Half a surrogate pair is no character.
  return `/api/now/stats/${name}?sysparm_count=true&sysparm_query=${encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd"))}`;
}

function checked(what: string, value: string, form: RegExp, expects: string): string {
  if (form.test(value)) return value;
  throw invalid("request.reading", `Invalid ${what} \`${value.slice(0, 80)}\`. Pass ${expects}.`);
}
