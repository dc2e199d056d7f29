/**
 * Imported rows whose answer is lost: found in their staging table by a key, among the rows that did not exist before.
 *
 * A staging table keeps the rows of earlier imports, and a daily import may use the same keys. So rows that already have one of the keys are
 * recorded before the first row is sent; a generated key is new in any case. Time is the instance's, counted back from each lookup.
 */
import type { ImportOptions, ImportOutcome, Known, Row, SysparmError } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type Lookup, nextStep } from "./decide.js";
import { confirmNone, correlationKey, createdWithin, type Key, markStored, uncheckedQuery } from "./keys.js";
import { duplicateError, recoveryLimits, unknownOutcome, type WriteLookup } from "./reports.js";

export type RowOutcome = ImportOutcome["rows"][number];
type Cells = Record<string, string>;

/** Looks up the rows of one import. */
export interface ImportRecovery {
  /** The rows with their keys. */
  rows: Cells[];
  /** The outcome of the row at this place; undefined when it certainly does not exist and may be sent again. */
  one(place: number, lost: SysparmError, sends: number): Promise<RowOutcome | undefined>;
  /** The import set that contains all rows; undefined when none of them exists. */
  all(lost: SysparmError, sends: number): Promise<string | undefined>;
}

/** Up to this number of keys the query names each; for more, all recent rows of the table are read. */
const FEW = 50;
/** The most recent rows that are read. */
const MOST_STAGED = 100_000;
/** The longest that sending a row takes, with all pauses and its time limit. */
const SENDING_MS = 360_000;
const MARGIN_MS = 180_000;

/** `read` gets what the transform made of a staged row. */
export async function importRecovery(
  context: CallContext,
  staging: string,
  given: readonly Cells[],
  { correlation, recovery, signal }: ImportOptions,
  read: (id: string) => Promise<RowOutcome>,
): Promise<ImportRecovery> {
  const limits = recoveryLimits(context, recovery, signal);
  const table = context.table(staging);
  const keys = given.map((row) => correlationKey(context, row, { field: correlation?.field as string }));
  const field = keys[0]?.field ?? "";
  const values = new Set(keys.map(({ value }) => value));
  if (values.size < keys.length) {
    throw context.invalid(
      "options.correlation",
      `Invalid option \`correlation.field\`: two rows have the same ${field}. Pass a column that tells the rows apart.`,
    );
  }
  const rows = given.map((row, place) => ({ ...row, [field]: (keys[place] as Key).value }));
  const reachMs = limits.attempts * (limits.settleMs + SENDING_MS);
  const began = Date.now();

  /** Recent rows with one of these keys, and how many more access rules hide or the limit excludes. */
  const staged = async (wanted: readonly string[], ms: number): Promise<{ rows: Row[]; hidden: number }> => {
    const named = wanted.length <= FEW ? `${wanted.map((value) => `${field}=${value}`).join("^OR")}^` : "";
    const query = uncheckedQuery(`${named}${createdWithin(ms)}`);
    const fields = ["sys_id", field, "sys_import_set"];
    const found: Row[] = [];
    let hidden: number | null = 0;
    for await (const page of table.pages({ query, fields, limit: MOST_STAGED, ...(signal && { signal }) })) {
      found.push(...page.rows);
      hidden = page.hidden;
    }
    if (found.length >= MOST_STAGED) return { rows: found, hidden: Number.POSITIVE_INFINITY };
    return { rows: found, hidden: hidden ?? (await table.count(query, signal && { signal })) - found.length };
  };

  const own = given.flatMap((row, place) => (row[field] ? [(keys[place] as Key).value] : []));
  const earlier = own.length > 0 ? await staged(own, reachMs + MARGIN_MS) : { rows: [], hidden: 0 };
  if (earlier.rows.length >= MOST_STAGED) {
    const title = `More than ${MOST_STAGED} rows were staged lately: new ones cannot be recognised; insert up to ${FEW} rows at a time`;
    throw context.invalid("options.correlation", title);
  }
  const before = new Set(earlier.rows.map((row) => stored(row, "sys_id")));
  const isFresh = (row: Row) => !before.has(stored(row, "sys_id"));

  const confirm = (sentAt: number) => () => {
    const sentMs = Math.max(Date.now() - sentAt, limits.settleMs * limits.attempts);
    return confirmNone(table, field, sentMs, signal, context.writer ?? context);
  };
  /** The lookup found nothing. Hidden rows may be the ones, or older. */
  const none = (what: string, hidden: number, known: Known): WriteLookup =>
    hidden > 0
      ? { result: "unclear", evidence: `${hidden} rows that may be it are hidden by access rules`, known }
      : { result: "nothing", evidence: `No staged row has ${what}`, known };

  return {
    rows,

    async one(place, lost, sends) {
      const { value } = keys[place] as Key;
      const lookUp = async (last: boolean): Promise<WriteLookup & { outcome?: RowOutcome }> => {
        const found = await staged([value], reachMs);
        const fresh = found.rows.filter(isFresh);
        const ids = fresh.flatMap((row) => stored(row, "sys_id") ?? []);
        const known: Known = { key: { field, value }, records: fresh.length, ids };
        if (found.rows.some((row) => stored(row, field) !== value)) {
          return { result: "unclear", evidence: `The instance does not filter by ${field}`, known };
        }
        if (fresh.length > 1)
          return { result: "twice", evidence: `${fresh.length} new staged rows have ${value}`, known };
        if (fresh.length === 0) return none(value, found.hidden, known);
        const [id] = ids;
        if (id === undefined) return { result: "unclear", evidence: "The staged row shows no sys_id", known };
        markStored(context.writer ?? context, staging, field);
        const outcome = await read(id);
        // Staged and not transformed yet, while there is time left.
        const result = outcome.status === "pending" && !last ? "unclear" : "done";
        return { result, evidence: `One new staged row has ${value}`, known, outcome: { ...outcome, found: true } };
      };
      const { step, seen } = await nextStep(lookUp, confirm(began), limits, sends);
      if (step === "done" && "outcome" in seen) return seen.outcome;
      if (step === "repeat") return undefined;
      const error =
        seen.result === "twice"
          ? await duplicateError(context, seen as WriteLookup)
          : await unknownOutcome(context, lost, seen, { key: { field, value }, ids: [] }, sends);
      return { status: "failed", results: [], error };
    },

    async all(lost, sends) {
      const lookUp = async (): Promise<WriteLookup> => {
        const found = await staged([...values], reachMs);
        const fresh = found.rows.filter((row) => values.has(stored(row, field) ?? "") && isFresh(row));
        const sets = [...new Set(fresh.flatMap((row) => stored(row, "sys_import_set") ?? []))];
        const known: Known = { records: fresh.length, ids: sets };
        if (fresh.length === 0) return none(`one of the ${values.size} keys`, found.hidden, known);
        markStored(context.writer ?? context, staging, field);
        const distinct = new Set(fresh.map((row) => stored(row, field))).size;
        const evidence = `${distinct} of ${values.size} rows are staged, in ${sets.length} import sets`;
        if (sets.length > 1 || fresh.length > values.size) return { result: "twice", evidence, known };
        // The other rows may still arrive.
        return { result: distinct === values.size && sets.length === 1 ? "done" : "unclear", evidence, known };
      };
      const { step, seen } = await nextStep(lookUp, confirm(began), limits, sends);
      if (step === "done") return (seen as WriteLookup).known.ids[0];
      if (step === "repeat") return undefined;
      if (seen.result === "twice") throw await duplicateError(context, seen as WriteLookup);
      throw await unknownOutcome(context, lost, seen as Lookup, { ids: [] }, sends);
    },
  };
}
