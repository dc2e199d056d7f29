/** Records by the value of one field: found, and created or updated. */
import type { RecordOptions, Row, SysparmError, UpsertOptions, Written } from "sysparm";
import {
  checkOptions,
  DISPLAY_VALUE,
  NAMES,
  OBJECT,
  type OptionTypes,
  SIGNAL,
  TEXT,
} from "../protocol/check-options.js";
import { stored } from "../shared/rows.js";
import { create } from "./create.js";
import { correlationKey, isQueryable, seenByKey, uncheckedQuery } from "./keys.js";
import { duplicateError, type WriteContext } from "./reports.js";
import { update } from "./update-delete.js";

const RECORD: OptionTypes<RecordOptions> = { fields: NAMES, displayValue: DISPLAY_VALUE, signal: SIGNAL };
const UPSERT: OptionTypes<UpsertOptions> = {
  ...RECORD,
  by: { ...TEXT, expects: "the name of a field that the row has", isRequired: true },
  recovery: { ...OBJECT, expects: "{ settleMs?, attempts? }", code: "options.recovery" },
};

/** A record with this value; undefined where there is none. */
export async function findBy(
  context: WriteContext,
  field: string,
  value: string | number | boolean,
  options: RecordOptions = {},
): Promise<Row | undefined> {
  checkOptions(options, RECORD, context.invalid);
  const key = correlationKey(context, { [field]: value }, { field });
  const { table } = context;
  const { signal } = options;
  const { rows } = await table.list({ ...options, query: uncheckedQuery(`${field}=${key.value}`), limit: 1 });
  if (rows.length === 0) return undefined;
  // An instance that does not know the field ignores the condition and gives any record.
  const none = await table.count(uncheckedQuery(`${field}ISEMPTY^${field}ISNOTEMPTY`), signal && { signal });
  if (none === 0) return rows[0];
  throw unusable(context, `The instance does not filter by ${field}. Pass a field that ${table.name} has`);
}

/** Updates the one record that has the row's value of `by`, or creates it. */
export async function upsert(context: WriteContext, row: Written, options: UpsertOptions): Promise<Row> {
  checkOptions(options ?? {}, UPSERT, context.invalid);
  const { by, recovery, ...plain } = options;
  const own = Object(row)[by];
  if (own === undefined || own === null || own === "") {
    throw context.invalid("request.body", `Missing value of field \`${by}\`. Pass the value that names the record.`);
  }
  const { table } = context;
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
  if (seen.result !== "nothing" || !(await isQueryable(table, by, signal))) {
    throw unusable(context, `Nothing was written: ${seen.evidence}`);
  }
  return create(context, row, { ...plain, ...(recovery && { recovery }), correlation: { field: by } });
}

function unusable({ invalid }: WriteContext, message: string): SysparmError {
  return invalid("write.key-unusable", message);
}
