/** Parameters and headers that ServiceNow's REST APIs know, with what they do. */
import type { Suggestion } from "../kit/suggestion";

export const PARAMETER_NOTES: ReadonlyMap<string, string> = new Map([
  ["sysparm_query", "Encoded query; ORDERBY sorts"],
  ["sysparm_fields", "Fields of each row, separated by commas"],
  ["sysparm_limit", "Rows per page, before access rules"],
  ["sysparm_offset", "First row of the page"],
  ["sysparm_display_value", "false: raw, true: display value, all: both"],
  ["sysparm_exclude_reference_link", "true: no links in reference fields"],
  ["sysparm_input_display_value", "true: written values are display values"],
  ["sysparm_no_count", "true: no X-Total-Count, which is faster"],
  ["sysparm_suppress_pagination_header", "true: no Link header"],
  ["sysparm_view", "Fields of a view; sysparm_fields goes before it"],
]);

const HEADER_NOTES: ReadonlyMap<string, string> = new Map([
  ["Accept", "Format of the reply"],
  ["Content-Type", "Format of the body"],
  ["X-no-response-body", "true: a write answers without the record"],
]);

const suggestions = (notes: ReadonlyMap<string, string>): Suggestion[] =>
  [...notes].map(([value, note]) => ({ value, note }));

export const PARAMETER_NAMES = suggestions(PARAMETER_NOTES);
export const HEADER_NAMES = suggestions(HEADER_NOTES);
