/** Parameters and headers that ServiceNow's REST APIs know, with what they do. */
import { NOTES } from "../catalogue/parameters";
import type { Suggestion } from "../kit/suggestion";

export const PARAMETER_NOTES: ReadonlyMap<string, string> = new Map(Object.entries(NOTES));

const HEADER_NOTES: ReadonlyMap<string, string> = new Map([
  ["Accept", "Format of the reply"],
  ["Content-Type", "Format of the body"],
  ["X-no-response-body", "true: a write answers without the record"],
  ["X-http-method-override", "Another method than that of the request"],
  ["X-WantSessionDebugMessages", "true: the reply has the session's messages"],
  ["X-BATCHREQUEST-MAX-OUTPUT-SIZE", "A lower limit of each item of a batch"],
]);

const suggestions = (notes: ReadonlyMap<string, string>): Suggestion[] =>
  [...notes].map(([value, note]) => ({ value, note }));

export const PARAMETER_NAMES = suggestions(PARAMETER_NOTES);
export const HEADER_NAMES = suggestions(HEADER_NOTES);
