/** Completes the values of parameters and headers. */

import type { Completion, Suggestion } from "../kit/suggestion";
import { completeTable } from "./complete-address";
import { completeQuery } from "./complete-query";
import { completed } from "./completion";
import { choicesOf, completeField, findField } from "./fields";
import type { Known } from "./known";

const LISTS_OF_FIELDS = new Set([
  "sysparm_fields",
  "sysparm_group_by",
  "sysparm_avg_fields",
  "sysparm_min_fields",
  "sysparm_max_fields",
  "sysparm_sum_fields",
]);

const YES_OR_NO: readonly Suggestion[] = [
  { value: "true", note: "" },
  { value: "false", note: "" },
];

/** Parameters with a few values. The notes are of the Table API's documentation. */
const FIXED: ReadonlyMap<string, readonly Suggestion[]> = new Map([
  [
    "sysparm_display_value",
    [
      { value: "false", note: "raw values; the default" },
      { value: "true", note: "display values" },
      { value: "all", note: "both, as value and display_value" },
    ],
  ],
  [
    "sysparm_view",
    [
      { value: "desktop", note: "" },
      { value: "mobile", note: "" },
      { value: "both", note: "" },
    ],
  ],
  ...[
    "sysparm_exclude_reference_link",
    "sysparm_suppress_pagination_header",
    "sysparm_no_count",
    "sysparm_input_display_value",
    "sysparm_query_no_domain",
    "sysparm_suppress_auto_sys_field",
    "sysparm_count",
  ].map((name) => [name, YES_OR_NO] as const),
]);

const FORMATS: readonly Suggestion[] = [
  { value: "application/json", note: "" },
  { value: "application/xml", note: "" },
];
const HEADER_VALUES: ReadonlyMap<string, readonly Suggestion[]> = new Map([
  ["accept", FORMATS],
  ["content-type", FORMATS],
  ["x-no-response-body", YES_OR_NO],
]);

/** Null where nothing is to be said: most values are free text. */
export function completeParameter(
  name: string,
  text: string,
  caret: number,
  table: string,
  known: Known,
): Completion | null {
  if (text.slice(0, caret).lastIndexOf("{{") > text.slice(0, caret).lastIndexOf("}}")) return null;
  if (name === "sysparm_query") return completeQuery(text, caret, table, known);
  const fixed = FIXED.get(name);
  if (fixed) return completed(0, text.length, text.slice(0, caret), fixed, "values");
  if (name === "table_name") return completeTable(text.slice(0, caret), 0, text.length, known);
  if (table === "") return null;
  if (LISTS_OF_FIELDS.has(name)) return completeListed(text, caret, table, known);
  if (name === "sysparm_order_by") return completeOrder(text, caret, table, known);
  if (name === "" || name.startsWith("sysparm_")) return null;
  // Fields are conditions where there is no sysparm_query.
  const found = findField(table, name, known);
  const choices = "field" in found ? choicesOf(found.field) : [];
  return choices.length === 0 ? null : completed(0, text.length, text.slice(0, caret), choices, `choices of ${name}`);
}

export function completeHeader(name: string, text: string, caret: number): Completion | null {
  const values = HEADER_VALUES.get(name.toLowerCase());
  return values ? completed(0, text.length, text.slice(0, caret), values, "values") : null;
}

function completeListed(text: string, caret: number, table: string, known: Known): Completion | null {
  const from = text.lastIndexOf(",", caret - 1) + 1;
  const skipped = /^\s*/.exec(text.slice(from, caret))?.[0].length ?? 0;
  const comma = text.indexOf(",", caret);
  const to = comma < 0 ? text.length : comma;
  return completeField(text.slice(from + skipped, caret), { from: from + skipped, to, table, known, follows: false });
}

/** `AVG^duration^DESC`, `state^DESC`, `COUNT`, of the Aggregate API. */
function completeOrder(text: string, caret: number, table: string, known: Known): Completion | null {
  const item = text.lastIndexOf(",", caret - 1) + 1;
  const from = Math.max(item, text.lastIndexOf("^", caret - 1) + 1);
  const typed = text.slice(from, caret);
  if (from > item && !AGGREGATES.test(text.slice(item, from - 1)))
    return completed(from, caret, typed, DIRECTIONS, "directions");
  return completeField(typed, { from, to: caret, table, known, follows: false });
}

const AGGREGATES = /^(?:AVG|COUNT|MIN|MAX|SUM)$/i;
const DIRECTIONS: readonly Suggestion[] = [
  { value: "DESC", note: "descending" },
  { value: "ASC", note: "ascending" },
];
