/** A create that carries a key: found by it when its outcome is unknown, and repeated only if there surely is no such record. */
import type { CreateOptions, Known, Row, SysparmError, Written } from "sysparm";
import { isInPage } from "../shared/platform.js";
import { stored } from "../shared/rows.js";
import { stepAfter } from "./decide.js";
import { built, confirmNone, isQueryable, keeps, keyOf, MOST_RECORDS, seenByKey } from "./keys.js";
import { isUnknown, type Looked, onlyFields, patienceOf, type Surroundings, twice, unknown } from "./reports.js";

export async function create(around: Surroundings, row: Written, options: CreateOptions): Promise<Row> {
  const { table } = around;
  const { correlation, recovery, ...plain } = options;
  const { signal } = plain;
  const patience = patienceOf(around, recovery, signal);
  const { field, value } = keyOf(around, row, correlation as NonNullable<typeof correlation>);
  const { lookFirst, verify = isInPage() } = { ...correlation };
  const asked = { ...plain, ...(plain.fields && { fields: [...new Set([...plain.fields, field, "sys_id"])] }) };
  const began = Date.now();
  const text = `${field}=${value}`;
  const query = built(text);

  const look = async (): Promise<Looked> => {
    // Before access rules on rows, and whether or not a browser may see X-Total-Count.
    const records = await table.count(query, signal && { signal });
    const isFew = records > 0 && records <= MOST_RECORDS;
    const { rows } = isFew ? await table.list({ ...asked, query, pageSize: MOST_RECORDS }) : { rows: [] };
    return seenByKey({ field, value }, records, rows);
  };

  const confirm = () =>
    confirmNone(table, field, Math.max(Date.now() - began, patience.settleMs * patience.attempts), signal);

  /** A key that the reply does not show may be there all the same: the query that is to find it decides, and only if it can. */
  const isDropped = async (): Promise<boolean> => {
    try {
      const page = await table.list({ query, fields: ["sys_id"], limit: MOST_RECORDS, ...(signal && { signal }) });
      const records = Math.max(page.total ?? 0, page.rows.length);
      // So many records are no accident: the instance passes over the condition, as it does for a field that is not there.
      return records > MOST_RECORDS || (records === 0 && (await isQueryable(table, field, signal)));
    } catch {
      return false;
    }
  };

  const shown = (made: Row) => onlyFields(made, plain.fields);
  /** A record that was answered: with its key, and where that is asked for, alone with it. */
  const examined = async (made: Row): Promise<Row> => {
    const id = stored(made, "sys_id");
    const known: Known = { key: { field, value }, ids: id ? [id] : [] };
    const shows = stored(made, field);
    if (shows === undefined ? await isDropped() : shows !== value) {
      const why = "the table has no such field, or this user may not write it";
      const title = `A record was created (sys_id ${id}), and the instance did not keep ${field}: ${why}`;
      throw Object.assign(around.invalid("write.key-dropped", title), { known });
    }
    if (shows === value) keeps(table, table.name, field);
    if (!verify) return made;
    const records = await table.count(query, signal && { signal }).catch((thrown: unknown) => {
      // The record is there, whatever became of the look.
      throw thrown instanceof Error ? Object.assign(thrown, { known }) : thrown;
    });
    if (records <= 1) return made;
    // Which they are may not be found out; that they are more than one is known.
    const evidence = `${records} records have ${text}`;
    const seen = await look().catch((): Looked => ({ sight: "twice", evidence, known: { ...known, records } }));
    if (seen.sight === "twice") throw await twice(around, seen);
    return made;
  };

  if (lookFirst === true) {
    const seen = await look();
    if (seen.sight === "done" && seen.row) return shown(seen.row);
    if (seen.sight === "twice") throw await twice(around, seen);
    if (seen.sight === "unclear" || !(await isQueryable(table, field, signal))) {
      throw around.invalid("write.key-unusable", `Nothing was written: ${seen.evidence}`);
    }
  }
  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    try {
      const made = await table.create({ ...row, [field]: value }, asked);
      return shown(await examined(made));
    } catch (thrown) {
      lost = thrown as SysparmError;
      // What a user may create but not read is refused after it was written (KB2697679).
      const refused = lost.status === 403 && !lost.known && (await look().catch(() => undefined));
      if (refused && refused.sight !== "nothing") throw await unknown(around, lost, refused, refused.known, sends);
      if (lost.code === "reply.incomplete" && !lost.known) {
        const found = await look().catch(() => undefined);
        if (found?.sight === "done" && found.row) return shown(found.row);
        throw Object.assign(lost, { known: found?.known ?? { key: { field, value }, ids: [] } });
      }
      if (!isUnknown(thrown)) throw thrown;
    }
    const { step, seen } = await stepAfter(look, confirm, patience, sends);
    if (step === "done" && "row" in seen && seen.row) return shown(seen.row);
    if (seen.sight === "twice") throw await twice(around, seen as Looked);
    if (step !== "repeat") throw await unknown(around, lost, seen, { key: { field, value }, ids: [] }, sends);
  }
}
