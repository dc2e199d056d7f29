/** Parameters and headers that ServiceNow's REST APIs know, with what they do. */
import { callOf } from "../catalogue/catalogue";
import { NOTES } from "../catalogue/parameters";
import type { Suggestion } from "../kit/suggestion";

export const PARAMETER_NOTES: ReadonlyMap<string, string> = new Map(Object.entries(NOTES));

const HEADER_NOTES: ReadonlyMap<string, string> = new Map([
  ["Accept", "Format of the reply"],
  ["Content-Type", "Format of the body"],
  ["X-no-response-body", "true: a write answers without the record"],
  ["X-WantSessionDebugMessages", "true: the reply has the session's messages"],
  ["X-BATCHREQUEST-MAX-OUTPUT-SIZE", "A lower limit of each item of a batch"],
]);

const suggestions = (notes: ReadonlyMap<string, string>): Suggestion[] =>
  [...notes].map(([value, note]) => ({ value, note }));

const PARAMETER_NAMES = suggestions(PARAMETER_NOTES);

/** Those of the call that the request makes, or all where the catalogue does not know it. */
export function parameterNames(method: string, address: string): readonly Suggestion[] {
  const known = callOf(method, address)?.parameters ?? [];
  return known.length === 0 ? PARAMETER_NAMES : known.map(({ name, note }) => ({ value: name, note }));
}
export const HEADER_NAMES = suggestions(HEADER_NOTES);
