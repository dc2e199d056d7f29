/** A create with a correlation key: looked up by it when its outcome is unknown, and repeated only if there is certainly no such record. */
import type { CreateOptions, Known, KnownErrorCode, Row, SysparmError, Written } from "sysparm";
import { isInPage } from "../shared/platform.js";
import { stored } from "../shared/rows.js";
import { nextStep } from "./decide.js";
import {
  confirmNone,
  correlationKey,
  isQueryable,
  MOST_RECORDS,
  markStored,
  seenByKey,
  uncheckedQuery,
} from "./keys.js";
import {
  duplicateError,
  isUnknownOutcome,
  onlyFields,
  recoveryLimits,
  unknownOutcome,
  unusableKey,
  type WriteContext,
  type WriteLookup,
} from "./reports.js";

/** Creates a record once. */
export async function create(context: WriteContext, row: Written, options: CreateOptions): Promise<Row> {
  const { table, writer = table } = context;
  const { correlation, recovery, ...plain } = options;
  const { signal } = plain;
  const limits = recoveryLimits(context, recovery, signal);
  const { field, value } = correlationKey(context, row, correlation as NonNullable<typeof correlation>);
  const { lookFirst, verify = isInPage() } = { ...correlation };
  const asked = { ...plain, ...(plain.fields && { fields: [...new Set([...plain.fields, field, "sys_id"])] }) };
  const began = Date.now();
  const text = `${field}=${value}`;
  const query = uncheckedQuery(text);

  const lookUp = async (): Promise<WriteLookup> => {
    // The count includes rows that access rules hide, and a browser sees it also without access to X-Total-Count.
    const records = await table.count(query, signal && { signal });
    const isFew = records > 0 && records <= MOST_RECORDS;
    const { rows } = isFew ? await table.list({ ...asked, query, pageSize: MOST_RECORDS }) : { rows: [] };
    return seenByKey({ field, value }, records, rows);
  };

  const confirm = () =>
    confirmNone(table, field, Math.max(Date.now() - began, limits.settleMs * limits.attempts), signal, writer);

  /** Whether the key was not stored. Where the reply does not show it, the lookup's own query decides, if it can. */
  const isDropped = async (): Promise<boolean> => {
    try {
      const page = await table.list({ query, fields: ["sys_id"], limit: MOST_RECORDS, ...(signal && { signal }) });
      const records = Math.max(page.total ?? 0, page.rows.length);
      // More records mean that the instance ignores the condition, as it does for a field that does not exist.
      return records > MOST_RECORDS || (records === 0 && (await isQueryable(table, field, signal)));
    } catch {
      return false;
    }
  };

  const shown = (made: Row) => onlyFields(made, plain.fields);
  /** Checks an answered record: it must have its key, and with `verify` be the only record with it. */
  const examined = async (made: Row): Promise<Row> => {
    const id = stored(made, "sys_id");
    const known: Known = { key: { field, value }, ids: id ? [id] : [] };
    const shows = stored(made, field);
    if (shows === undefined ? await isDropped() : shows !== value) {
      const why = "the table has no such field, or this user may not write it";
      const title = `A record was created (sys_id ${id}), and the instance did not keep ${field}: ${why}`;
      throw Object.assign(context.invalid("write.key-dropped", title), { known });
    }
    if (shows === value) markStored(writer, table.name, field);
    if (!verify) return made;
    const records = await table.count(query, signal && { signal }).catch((thrown: unknown) => {
      // The record exists, whatever became of the lookup.
      throw thrown instanceof Error ? Object.assign(thrown, { known }) : thrown;
    });
    if (records <= 1) return made;
    // That there are several is known even where the lookup of which they are fails.
    const evidence = `${records} records have ${text}`;
    const seen = await lookUp().catch((): WriteLookup => ({ result: "twice", evidence, known: { ...known, records } }));
    if (seen.result === "twice") throw await duplicateError(context, seen);
    return made;
  };

  if (lookFirst === true) {
    const seen = await lookUp();
    if (seen.result === "done" && seen.row) return shown(seen.row);
    if (seen.result === "twice") throw await duplicateError(context, seen);
    if (seen.result === "unclear") throw unusableKey(context, `Nothing was written: ${seen.evidence}`);
    if (!(await isQueryable(table, field, signal))) {
      throw unusableKey(context, `Nothing was written: the instance finds nothing by ${field}`);
    }
  }
  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    try {
      const made = await table.create({ ...row, [field]: value }, asked);
      return shown(await examined(made));
    } catch (thrown) {
      lost = thrown as SysparmError;
      // A record that the user may create but not read is refused after it was written (KB2697679).
      const refused = lost.status === 403 && !lost.known && (await lookUp().catch(() => undefined));
      if (refused && refused.result !== "nothing")
        throw await unknownOutcome(context, lost, refused, refused.known, sends);
      if (lost.code === ("reply.incomplete" satisfies KnownErrorCode) && !lost.known) {
        const found = await lookUp().catch(() => undefined);
        if (found?.result === "done" && found.row) return shown(found.row);
        throw Object.assign(lost, { known: found?.known ?? { key: { field, value }, ids: [] } });
      }
      if (!isUnknownOutcome(thrown)) throw thrown;
    }
    const { step, seen } = await nextStep(lookUp, confirm, limits, sends);
    if (step === "done" && "row" in seen && seen.row) return shown(seen.row);
    if (seen.result === "twice") throw await duplicateError(context, seen as WriteLookup);
    if (step !== "repeat") throw await unknownOutcome(context, lost, seen, { key: { field, value }, ids: [] }, sends);
  }
}
