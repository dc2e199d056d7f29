/** Updates and deletes that `sys_mod_count` guards, or that are looked up when their outcome is unknown. */
import type { DeleteOptions, Known, Row, SysparmError, UpdateOptions, Written } from "sysparm";
import { stored } from "../shared/rows.js";
import { type Lookup, nextStep } from "./decide.js";
import {
  CHANGED,
  isUnknownOutcome,
  lookupError,
  OVERTAKEN,
  onlyFields,
  recoveryLimits,
  unknownOutcome,
  type WriteContext,
  type WriteLookup,
} from "./reports.js";

const nothing = async (): Promise<Lookup> => ({ result: "nothing", evidence: "" });

/** Updates a record, guarded by its version or looked up after a lost answer. */
export async function update(context: WriteContext, id: string, patch: Written, options: UpdateOptions): Promise<Row> {
  const { table } = context;
  const { expect, recovery, ...plain } = options;
  const { signal } = plain;
  const limits = recovery && recoveryLimits(context, recovery, signal);
  const before = await guarded(context, id, expect, signal);
  const names = Object.keys(patch);
  const asked = { ...plain, ...(plain.fields && { fields: [...new Set([...plain.fields, "sys_mod_count"])] }) };
  const shown = (row: Row) => onlyFields(row, plain.fields);

  const lookUp = async (): Promise<WriteLookup> => {
    let row: Row;
    try {
      row = await table.get(id, { fields: ["sys_mod_count", ...names], ...(signal && { signal }) });
    } catch (thrown) {
      if ((thrown as SysparmError).kind !== "record") throw thrown;
      const known: Known = { ids: [id], sys_mod_count: { before } };
      return { result: "unclear", evidence: GONE, known };
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
        throw await lookupError(
          context,
          "record.overtaken",
          "The write was done, and another change came between",
          OVERTAKEN,
          evidence,
          known,
        );
      }
      return shown(row);
    } catch (thrown) {
      if (!isUnknownOutcome(thrown) || !limits) throw thrown;
      lost = thrown;
    }
    const { step, seen } = await nextStep(lookUp, nothing, limits, sends);
    if (step === "done") return shown(await table.get(id, asked));
    if (step !== "repeat") throw await unknownOutcome(context, lost, seen, { ids: [id] }, sends);
  }
}

export const GONE = "The record is gone, or hidden now";

/** Whether a record contains an update: by its `sys_mod_count`, which was `before`, and by every written field. */
export function seenChanged(
  id: string,
  patch: Readonly<Record<string, unknown>>,
  before: number,
  row: Row,
): WriteLookup {
  const version = stored(row, "sys_mod_count");
  if (!version) {
    const known: Known = { ids: [id], sys_mod_count: { before } };
    return { result: "unclear", evidence: "The record does not show its sys_mod_count any more", known };
  }
  const after = Number(version);
  const known: Known = { ids: [id], sys_mod_count: { before, after } };
  const evidence = `sys_mod_count was ${before} and is ${after}`;
  if (after === before) return { result: "nothing", evidence, known };
  const same = Object.entries(patch).every(([name, value]) => stored(row, name) === asText(value));
  return after === before + 1 && same
    ? { result: "done", evidence, known }
    : { result: "unclear", evidence: `${evidence}, by this write or by others`, known };
}

/** `delete`, a reserved word. */
export async function remove(context: WriteContext, id: string, options: DeleteOptions): Promise<void> {
  const { table } = context;
  const { expect, recovery, signal } = options;
  if (!/^[\w-]+$/.test(id)) throw context.invalid("request.reading", "Invalid argument `id`. Pass a sys_id.");
  const limits = recovery && recoveryLimits(context, recovery, signal);
  // A count includes rows that access rules hide, which distinguishes hidden from deleted.
  const lookUp = async (): Promise<WriteLookup> => {
    const records = await table.count(`sys_id=${id}`, signal && { signal });
    const known: Known = { ids: [id], records };
    return records === 0
      ? { result: "done", evidence: "The record is gone", known }
      : { result: "nothing", evidence: "The record is still there", known };
  };
  // If the record existed and the repeated delete does not find it, the first delete arrived after all.
  const existed = recovery !== undefined && (await lookUp()).result === "nothing";
  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    if (expect) await guarded(context, id, expect, signal);
    try {
      return await table.delete(id, signal && { signal });
    } catch (thrown) {
      if (existed && (thrown as SysparmError).kind === "record" && (await lookUp()).result === "done") return;
      if (!isUnknownOutcome(thrown) || !limits) throw thrown;
      lost = thrown;
    }
    const { step, seen } = await nextStep(lookUp, nothing, limits, sends);
    if (step === "done") return;
    if (step !== "repeat") throw await unknownOutcome(context, lost, seen, { ids: [id] }, sends);
  }
}

/** The record's `sys_mod_count` before the write, checked against the expected one. */
async function guarded(
  context: WriteContext,
  id: string,
  expect: UpdateOptions["expect"],
  signal: AbortSignal | undefined,
): Promise<number> {
  // Of null and of an empty text Number() makes a 0, which is a version.
  const expected = expect && Number(expect.sys_mod_count || (expect.sys_mod_count === 0 ? 0 : Number.NaN));
  if (expected !== undefined && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw context.invalid(
      "options.type",
      "Invalid option `expect.sys_mod_count`. Pass the number that the record had when it was read.",
    );
  }
  const row = await context.table.get(id, { fields: ["sys_mod_count"], ...(signal && { signal }) });
  const text = stored(row, "sys_mod_count");
  if (!text)
    throw context.invalid("write.unguarded", "Nothing was written: this user may not read sys_mod_count of the record");
  const found = Number(text);
  if (expected !== undefined && found !== expected) {
    const evidence = `sys_mod_count ${expected} was expected and is ${found}`;
    const known: Known = { ids: [id], sys_mod_count: { before: expected, after: found } };
    const title = "The record is not at the version that the write expects, so nothing was written";
    throw await lookupError(context, "record.changed", title, CHANGED, evidence, known);
  }
  return found;
}

function asText(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
