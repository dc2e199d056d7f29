/** A create that carries a key: found by it when its outcome is unknown, and repeated only if there surely is no such record. */
import type { CreateOptions, Known, Row, SysparmError, Table, Written } from "sysparm";
import { type Seen, stepAfter } from "./outcome.js";
import { isInPage } from "./platform.js";
import { stored } from "./rows.js";
import {
  isUnknown,
  type Looked,
  onlyFields,
  patienceOf,
  type Surroundings,
  TWICE,
  told,
  unknown,
} from "./write-outcomes.js";

/** The keys that an answered create of this table has shown to be kept. */
const kept = new WeakMap<Table, Set<string>>();

/** More than so many with one key are no accident of sending. */
const MOST_RECORDS = 10;

export async function create(around: Surroundings, row: Written, options: CreateOptions): Promise<Row> {
  const { table } = around;
  const { correlation, recovery, ...plain } = options;
  const { signal } = plain;
  const patience = patienceOf(around, recovery, signal);
  const { field, value, lookFirst, verify } = keyOf(around, row, correlation);
  const asked = { ...plain, ...(plain.fields && { fields: [...new Set([...plain.fields, field, "sys_id"])] }) };
  const began = Date.now();
  const query = `${field}=${value}`;

  const look = async (): Promise<Looked> => {
    // Before access rules on rows, and whether or not a browser may see X-Total-Count.
    const records = await table.count(query, signal && { signal });
    const isFew = records > 0 && records <= MOST_RECORDS;
    const { rows } = isFew ? await table.list({ ...asked, query, pageSize: MOST_RECORDS }) : { rows: [] };
    const own = rows.filter((one) => stored(one, field) === value);
    const ids = own.flatMap((one) => stored(one, "sys_id") ?? []);
    const known: Known = { key: { field, value }, records, ids };
    const seen = (sight: Seen["sight"], evidence: string) => ({ sight, evidence, known, row: own[0] });
    if (own.length < rows.length) return seen("unclear", `The instance does not filter by ${field}`);
    const all = Math.max(records, own.length);
    if (own.length > 0)
      return all > 1 ? seen("twice", `${all} records have ${query}`) : seen("done", `One has ${query}`);
    if (!isFew && records > 0) return seen("unclear", `The instance counts ${records} records with ${query}`);
    if (records > 0) return seen("unclear", `The instance counts ${records} with ${query}, and access rules hide them`);
    return seen("nothing", `No record has ${query}`);
  };

  /** Whether the instance filters by the key at all: where it answers an invalid part of a query with no rows, none is no news. */
  const isQueryable = async () => {
    const all = await table.count(`${field}ISNOTEMPTY^OR${field}ISEMPTY`, signal && { signal });
    return all > 0 || (await table.count("", signal && { signal })) === 0;
  };

  /** None is none if the key is one that the instance keeps: without it the record would be there, and not be found by it. */
  const confirm = async (): Promise<Seen> => {
    if (!kept.get(table)?.has(field)) {
      if (!(await isQueryable())) return { sight: "unclear", evidence: `The instance finds nothing by ${field}` };
      const minutes = 3 + Math.ceil(Math.max(Date.now() - began, patience.settleMs * patience.attempts) / 60_000);
      const fresh = `sys_created_onRELATIVEGT@minute@ago@${minutes}^${field}ISEMPTY`;
      const without = await table.count(fresh, signal && { signal });
      if (without > 0) {
        const evidence = `${without} new records have no ${field}: the instance may have dropped it from this one`;
        return { sight: "unclear", evidence };
      }
    }
    return { sight: "nothing", evidence: `Surely no record has ${query}` };
  };

  const shown = (made: Row) => onlyFields(made, plain.fields);
  const twice = (seen: Looked) =>
    told(
      around,
      "write.duplicated",
      "More than one record carries the key of this write",
      TWICE,
      seen.evidence,
      seen.known,
    );

  /** A record that was answered: with its key, and where that is asked for, alone with it. */
  const examined = async (made: Row): Promise<Row> => {
    const id = stored(made, "sys_id");
    const known: Known = { key: { field, value }, ids: id ? [id] : [] };
    if (stored(made, field) !== value) {
      const why = "the table has no such field, or this user may not write it";
      const title = `A record was created (sys_id ${id}), and the instance did not keep ${field}: ${why}`;
      throw Object.assign(around.invalid("write.key-dropped", title), { known });
    }
    kept.set(table, (kept.get(table) ?? new Set()).add(field));
    if (!verify) return made;
    const records = await table.count(query, signal && { signal }).catch((thrown: unknown) => {
      // The record is there, whatever became of the look.
      throw thrown instanceof Error ? Object.assign(thrown, { known }) : thrown;
    });
    if (records <= 1) return made;
    // Which they are may not be found out; that they are more than one is known.
    const evidence = `${records} records have ${query}`;
    const seen = await look().catch((): Looked => ({ sight: "twice", evidence, known: { ...known, records } }));
    if (seen.sight === "twice") throw await twice(seen);
    return made;
  };

  if (lookFirst) {
    const seen = await look();
    if (seen.sight === "done" && seen.row) return shown(seen.row);
    if (seen.sight === "twice") throw await twice(seen);
    if (seen.sight === "unclear" || !(await isQueryable())) {
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
      if (!isUnknown(thrown)) throw thrown;
    }
    const { step, seen } = await stepAfter(look, confirm, patience, sends);
    if (step === "done" && "row" in seen && seen.row) return shown(seen.row);
    if (seen.sight === "twice") throw await twice(seen as Looked);
    if (step !== "repeat") throw await unknown(around, lost, seen, { key: { field, value }, ids: [] }, sends);
  }
}

function keyOf(around: Surroundings, row: Written, correlation: CreateOptions["correlation"]) {
  const { field, value, lookFirst, verify } = { ...correlation };
  if (typeof field !== "string" || !/^\w+$/.test(field)) {
    throw around.invalid(
      "options.correlation",
      "correlation.field is the name of a text field, such as correlation_id",
    );
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw around.invalid("request.body", "A record is written as an object of its fields");
  }
  const given = row[field];
  const key = value ?? (given === undefined || given === null || given === "" ? randomKey() : String(given));
  if (value !== undefined && given !== undefined && given !== value) {
    throw around.invalid("options.correlation", `The row and correlation.value give ${field} two different values`);
  }
  // What a query would read as more than a value, or an instance would trim.
  if (typeof key !== "string" || key.trim() !== key || key === "" || /[\^\p{Cc}]|^javascript:/iu.test(key)) {
    throw around.invalid(
      "options.correlation",
      "correlation.value is a text without ^, line breaks and spaces at its ends",
    );
  }
  return { field, value: key, lookFirst: lookFirst === true, verify: verify ?? isInPage() };
}

/** A UUID (RFC 9562 section 5.4). Not `randomUUID()`, which pages that came by http do not have. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const [version = 0, variant = 0] = [bytes[6], bytes[8]];
  bytes[6] = (version & 0x0f) | 0x40;
  bytes[8] = (variant & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
