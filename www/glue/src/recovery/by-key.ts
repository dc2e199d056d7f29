/** Records by the value of one field: found, and created or updated. */
import type { RecordOptions, Row, UpsertOptions, Written } from "sysparm";
import {
  ADDITIONS,
  checkArgument,
  checkOptions,
  DISPLAY_VALUE,
  NAMES,
  OBJECT,
  type OptionType,
  type OptionTypes,
  SIGNAL,
} from "../protocol/check-options.js";
import { stored } from "../shared/rows.js";
import { create } from "./create.js";
import { correlationKey, isKey, isQueryable, seenByKey, uncheckedQuery } from "./keys.js";
import { duplicateError, unusableKey, type WriteContext } from "./reports.js";
import { update } from "./update-delete.js";

const RECORD: OptionTypes<RecordOptions> = {
  fields: NAMES,
  displayValue: DISPLAY_VALUE,
  signal: SIGNAL,
  ...ADDITIONS,
};
const FIELD: OptionType = {
  expects: "the name of a field, without dots",
  accepts: (value) => typeof value === "string" && /^\w+$/.test(value),
  isRequired: true,
};
/** Of an empty value no record is found, and of one with `^` other records. */
const VALUE: OptionType = {
  expects: "a number, true, false or a string without ^, line breaks and spaces at its ends",
  accepts: (value) => isKey(typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  isRequired: true,
};
const UPSERT: OptionTypes<UpsertOptions> = {
  ...RECORD,
  by: { ...FIELD, expects: "the name of a field that the row has" },
  recovery: { ...OBJECT, expects: "{ settleMs?, attempts? }", code: "options.recovery" },
};

/** A record with this value; undefined where there is none. */
export async function findBy(
  context: WriteContext,
  field: string,
  value: string | number | boolean,
  options: RecordOptions = {},
): Promise<Row | undefined> {
  const { table, invalid } = context;
  checkArgument("field", field ?? undefined, FIELD, invalid);
  checkArgument("value", value ?? undefined, VALUE, invalid);
  checkOptions(options, RECORD, invalid);
  const { signal } = options;
  const { rows } = await table.list({ ...options, query: uncheckedQuery(`${field}=${value}`), limit: 1 });
  if (rows.length === 0) return undefined;
  // An instance that does not know the field ignores the condition and gives any record.
  const none = await table.count(uncheckedQuery(`${field}ISEMPTY^${field}ISNOTEMPTY`), signal && { signal });
  if (none === 0) return rows[0];
  throw unusableKey(context, `The instance does not filter by ${field}`);
}

/** Updates the one record that has the row's value of `by`, or creates it. */
export async function upsert(context: WriteContext, row: Written, options: UpsertOptions): Promise<Row> {
  const { table, invalid } = context;
  checkOptions(options ?? {}, UPSERT, invalid);
  const { by, recovery, ...plain } = options;
  const own = Object(row)[by];
  if (own === undefined || own === null || own === "") {
    throw invalid("request.body", `Missing value of field \`${by}\`. Pass the value that names the record.`);
  }
  if (!VALUE.accepts(own)) throw invalid("request.body", `Invalid value of field \`${by}\`. Pass ${VALUE.expects}.`);
  const { signal } = plain;
  const key = correlationKey(context, row, { field: by });
  const query = uncheckedQuery(`${by}=${key.value}`);
  const page = await table.list({ query, fields: [by, "sys_id"], pageSize: 2, ...(signal && { signal }) });
  const seen = seenByKey(key, page.total ?? page.rows.length, page.rows);
  if (seen.result === "twice") throw await duplicateError(context, seen);
  const id = stored(seen.row, "sys_id");
  if (seen.result === "done" && id) {
    return recovery ? update(context, id, row, { ...plain, recovery }) : table.update(id, row, plain);
  }
  if (seen.result !== "nothing") throw unusableKey(context, `Nothing was written: ${seen.evidence}`);
  if (!(await isQueryable(table, by, signal))) {
    throw unusableKey(context, `Nothing was written: the instance finds nothing by ${by}`);
  }
  return create(context, row, { ...plain, ...(recovery && { recovery }), correlation: { field: by } });
}
