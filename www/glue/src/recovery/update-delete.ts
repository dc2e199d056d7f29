/** Updates and deletes that are guarded by `sys_mod_count`, or looked up when their outcome is unknown. */
import type { DeleteOptions, Known, Row, SysparmError, UpdateOptions, Written } from "sysparm";
import { stored } from "../shared/rows.js";
import { type Seen, stepAfter } from "./decide.js";
import {
  CHANGED,
  isUnknown,
  type Looked,
  OVERTAKEN,
  onlyFields,
  patienceOf,
  type Surroundings,
  told,
  unknown,
} from "./reports.js";

const nothing = async (): Promise<Seen> => ({ sight: "nothing", evidence: "" });

export async function update(around: Surroundings, id: string, patch: Written, options: UpdateOptions): Promise<Row> {
  const { table } = around;
  const { expect, recovery, ...plain } = options;
  const { signal } = plain;
  const patience = recovery && patienceOf(around, recovery, signal);
  const before = await guarded(around, id, expect, signal);
  const names = Object.keys(patch);
  const asked = { ...plain, ...(plain.fields && { fields: [...new Set([...plain.fields, "sys_mod_count"])] }) };
  const shown = (row: Row) => onlyFields(row, plain.fields);

  const look = async (): Promise<Looked> => {
    let row: Row;
    try {
      row = await table.get(id, { fields: ["sys_mod_count", ...names], ...(signal && { signal }) });
    } catch (thrown) {
      if ((thrown as SysparmError).kind !== "record") throw thrown;
      const known: Known = { ids: [id], sys_mod_count: { before } };
      return { sight: "unclear", evidence: GONE, known };
    }
    return seenChanged(id, patch, before, row);
  };

  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    try {
      const row = await table.update(id, patch, asked);
      const after = Number(stored(row, "sys_mod_count"));
      if (expect && after > before + 1) {
        const evidence = `sys_mod_count was ${before} at the look and is ${after} after the write`;
        const known: Known = { ids: [id], sys_mod_count: { before, after } };
        throw await told(
          around,
          "record.overtaken",
          "The write was done, and another change came between",
          OVERTAKEN,
          evidence,
          known,
        );
      }
      return shown(row);
    } catch (thrown) {
      if (!isUnknown(thrown) || !patience) throw thrown;
      lost = thrown;
    }
    const { step, seen } = await stepAfter(look, nothing, patience, sends);
    if (step === "done") return shown(await table.get(id, asked));
    if (step !== "repeat") throw await unknown(around, lost, seen, { ids: [id] }, sends);
  }
}

export const GONE = "The record is gone, or hidden now";

/** Whether a record carries an update: by its `sys_mod_count`, which was `before`, and by every field as it was written. */
export function seenChanged(id: string, patch: Readonly<Record<string, unknown>>, before: number, row: Row): Looked {
  const version = stored(row, "sys_mod_count");
  if (!version) {
    const known: Known = { ids: [id], sys_mod_count: { before } };
    return { sight: "unclear", evidence: "The record does not show its sys_mod_count any more", known };
  }
  const after = Number(version);
  const known: Known = { ids: [id], sys_mod_count: { before, after } };
  const evidence = `sys_mod_count was ${before} and is ${after}`;
  if (after === before) return { sight: "nothing", evidence, known };
  const same = Object.entries(patch).every(([name, value]) => stored(row, name) === asText(value));
  return after === before + 1 && same
    ? { sight: "done", evidence, known }
    : { sight: "unclear", evidence: `${evidence}, by this write or by others`, known };
}

/** `delete`, which is no name for a function. */
export async function remove(around: Surroundings, id: string, options: DeleteOptions): Promise<void> {
  const { table } = around;
  const { expect, recovery, signal } = options;
  if (!/^[\w-]+$/.test(id)) throw around.invalid("request.reading", "A sys_id holds letters and digits");
  const patience = recovery && patienceOf(around, recovery, signal);
  // Rows are counted before access rules, so that hidden is told from gone.
  const look = async (): Promise<Looked> => {
    const records = await table.count(`sys_id=${id}`, signal && { signal });
    const known: Known = { ids: [id], records };
    return records === 0
      ? { sight: "done", evidence: "The record is gone", known }
      : { sight: "nothing", evidence: "The record is still there", known };
  };
  // A record that was there, and is not found by its delete, is gone: one sent before has arrived after all.
  const existed = recovery !== undefined && (await look()).sight === "nothing";
  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    if (expect) await guarded(around, id, expect, signal);
    try {
      return await table.delete(id, signal && { signal });
    } catch (thrown) {
      if (existed && (thrown as SysparmError).kind === "record" && (await look()).sight === "done") return;
      if (!isUnknown(thrown) || !patience) throw thrown;
      lost = thrown;
    }
    const { step, seen } = await stepAfter(look, nothing, patience, sends);
    if (step === "done") return;
    if (step !== "repeat") throw await unknown(around, lost, seen, { ids: [id] }, sends);
  }
}

/** The record's `sys_mod_count` before the write, which must be the one expected. */
async function guarded(
  around: Surroundings,
  id: string,
  expect: UpdateOptions["expect"],
  signal: AbortSignal | undefined,
): Promise<number> {
  // Of null and of an empty text Number() makes a 0, which is a version.
  const expected = expect && Number(expect.sys_mod_count || (expect.sys_mod_count === 0 ? 0 : Number.NaN));
  if (expected !== undefined && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw around.invalid(
      "options.type",
      "Invalid option `expect.sys_mod_count`. Pass the number that the record had when it was read.",
    );
  }
  const row = await around.table.get(id, { fields: ["sys_mod_count"], ...(signal && { signal }) });
  const text = stored(row, "sys_mod_count");
  if (!text)
    throw around.invalid("write.unguarded", "Nothing was written: this user may not read sys_mod_count of the record");
  const found = Number(text);
  if (expected !== undefined && found !== expected) {
    const evidence = `sys_mod_count ${expected} was expected and is ${found}`;
    const known: Known = { ids: [id], sys_mod_count: { before: expected, after: found } };
    const title = "The record is not at the version that the write expects, so nothing was written";
    throw await told(around, "record.changed", title, CHANGED, evidence, known);
  }
  return found;
}

function asText(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
