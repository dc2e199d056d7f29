/** Aggregates, batches, import sets and attachments, loaded with the first of them. Their options are checked here, alike for all. */
import type { AggregateOptions, BatchOptions, CallOptions, ImportOptions, Upload } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import {
  ADDITIONS,
  ANY,
  checkOptions,
  DISPLAY_VALUE,
  FLAG,
  FUNCTION,
  LIST,
  OBJECT,
  type OptionType,
  type OptionTypes,
  QUERY,
  SIGNAL,
  TEXT,
  wholeNumber,
} from "../protocol/check-options.js";
import { tableWith } from "../shared/table-with.js";
import { readAggregate } from "./aggregate.js";
import { downloadAttachment, listAttachments, removeAttachment, uploadAttachment } from "./attachments.js";
import { LARGEST_SIZE, sendBatch } from "./batch.js";
import { insertRows, insertTogether, readImportResults } from "./import-set.js";

export { joining } from "./batch.js";

type CheckedCall<Given extends unknown[], Found> = (context: CallContext, ...given: Given) => Promise<Found>;

/** A context whose requests have the headers and parameters of the call. */
async function withAdditions(context: CallContext, { headers, params }: CallOptions): Promise<CallContext> {
  if (!headers && !params) return context;
  const { send, table, writer = context, callerHeaders, invalid } = context;
  // Checked before the first request, because a batch and an import report the failure of a request in its outcome.
  (await import("../additions/index.js")).checkAdditions({ headers, params }, callerHeaders, invalid);
  return {
    ...context,
    writer,
    send: (asked) => send({ ...asked, headers, params }),
    table: (name) => tableWith(table(name), { headers, params }),
  };
}

/** `place`: which of the arguments holds the options. */
function withCheckedOptions<Given extends unknown[], Found>(
  call: CheckedCall<Given, Found>,
  place: number,
  types: Readonly<Record<string, OptionType>>,
  isNeeded = false,
): CheckedCall<Given, Found> {
  return async (context, ...given) => {
    const options = given[place];
    if (options !== undefined || isNeeded) checkOptions(options, types, context.invalid);
    return call(await withAdditions(context, Object(options)), ...given);
  };
}

const CALL: OptionTypes<CallOptions> = { signal: SIGNAL, ...ADDITIONS };
const FIELDS: OptionType = {
  expects: "a list of field names",
  accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === "string" && /^[\w.]+$/.test(name)),
};
const AGGREGATE: OptionTypes<AggregateOptions> = {
  query: QUERY,
  avg: FIELDS,
  min: FIELDS,
  max: FIELDS,
  sum: FIELDS,
  groupBy: FIELDS,
  having: LIST,
  orderBy: LIST,
  displayValue: DISPLAY_VALUE,
  verify: FLAG,
  ...CALL,
};
const RECOVERY: OptionType = { ...OBJECT, expects: "{ settleMs?, attempts? }", code: "options.recovery" };
const BATCH: OptionTypes<BatchOptions> = {
  size: wholeNumber(1, LARGEST_SIZE, "options.size"),
  recovery: RECOVERY,
  signal: SIGNAL,
  headers: ADDITIONS.headers,
};
const IMPORT: OptionTypes<ImportOptions> = {
  correlation: { ...OBJECT, expects: "{ field }", code: "options.correlation" },
  recovery: RECOVERY,
  ...CALL,
};
const NAMED: OptionType = {
  ...TEXT,
  expects: "a string that is not empty",
  isRequired: true,
  accepts: (value) => typeof value === "string" && value !== "",
};
const UPLOAD: OptionTypes<Upload> = {
  table: NAMED,
  record: NAMED,
  name: NAMED,
  type: { expects: "a media type, such as text/plain", accepts: (value) => /^[ -~]*$/.test(String(value)) },
  body: ANY,
  maxBytes: { expects: "a number of bytes above 0", accepts: (value) => (value as number) > 0 },
  recovery: RECOVERY,
  progress: FUNCTION,
  ...CALL,
};
const ATTACHMENTS = { query: QUERY, table: TEXT, record: TEXT, ...CALL };

export const aggregate = withCheckedOptions(readAggregate, 1, AGGREGATE);
export const batch = withCheckedOptions(sendBatch, 1, BATCH);
export const insert = withCheckedOptions(insertRows, 2, IMPORT);
export const insertMultiple = withCheckedOptions(insertTogether, 2, {
  multiImportSetId: TEXT,
  runAfter: TEXT,
  ...IMPORT,
});
export const results = withCheckedOptions(readImportResults, 2, CALL);
export const list = withCheckedOptions(listAttachments, 0, ATTACHMENTS, true);
export const upload = withCheckedOptions(uploadAttachment, 0, UPLOAD, true);
export const download = withCheckedOptions(downloadAttachment, 1, { progress: FUNCTION, ...CALL });
const checkedRemove = withCheckedOptions(removeAttachment, 1, CALL);

export { checkedRemove as delete };
