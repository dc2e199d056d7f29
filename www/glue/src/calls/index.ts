/**
 * The calls beside tables, in a file of their own that is loaded with the first of them. What is given as options is looked at here,
 * alike for all: a name that none of them has is told and not passed over.
 */

import type { Tools } from "../protocol/call-context.js";
import { aggregate as aggregating } from "./aggregate.js";
import { download as downloading, list as listing, remove, upload as uploading } from "./attachments.js";
import { batch as batching } from "./batch.js";
import { results as finding, insert as inserting, insertMultiple as insertingMultiple } from "./import-set.js";

export { joining } from "./batch.js";

type Call<Given extends unknown[], Found> = (tools: Tools, ...given: Given) => Promise<Found>;

/** `place`: which of the arguments holds the options. `needed`: the call cannot do without. */
function checked<Given extends unknown[], Found>(
  call: Call<Given, Found>,
  name: string,
  place: number,
  names: string,
  needed = false,
): Call<Given, Found> {
  const known = names.split(" ");
  return async (tools, ...given) => {
    const options = given[place];
    if (options !== undefined || needed) check(tools.invalid, name, known, options);
    return call(tools, ...given);
  };
}

function check(invalid: Tools["invalid"], name: string, known: string[], options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid("options.type", `${name} takes an object of options: ${known.join(", ")}`);
  }
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined) {
    throw invalid("options.unknown", `${name} knows no option ${unknown}; it knows ${known.join(", ")}`);
  }
  const { signal, progress } = options as { signal?: Partial<AbortSignal>; progress?: unknown };
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw invalid("options.type", "signal must be an AbortSignal");
  }
  if (progress !== undefined && typeof progress !== "function") {
    throw invalid("options.type", "progress must be a function");
  }
}

const AGGREGATE = "query avg min max sum groupBy having orderBy displayValue signal";
export const aggregate = checked(aggregating, "aggregate()", 1, AGGREGATE);
export const batch = checked(batching, "batch()", 1, "size recovery signal");
export const insert = checked(inserting, "insert()", 2, "correlation recovery signal");
export const insertMultiple = checked(
  insertingMultiple,
  "insertMultiple()",
  2,
  "multiImportSetId runAfter correlation recovery signal",
);
export const results = checked(finding, "results()", 2, "signal");
export const list = checked(listing, "attachments.list()", 0, "table record query signal", true);
const UPLOAD = "table record name type body maxBytes recovery progress signal";
export const upload = checked(uploading, "attachments.upload()", 0, UPLOAD, true);
export const download = checked(downloading, "attachments.download()", 1, "progress signal");
const checkedRemove = checked(remove, "attachments.delete()", 1, "signal");

export { checkedRemove as delete };
