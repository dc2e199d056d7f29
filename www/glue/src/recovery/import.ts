/**
 * Imported rows whose answer is lost: found in their staging table by a key, among the rows that were not there before.
 *
 * A staging table keeps the rows of earlier imports, and an import may well bring the same keys every day. So what has a key already is
 * noted before the first row is sent; a key that is made here is new in any case. Time is the instance's own, counted back from each look.
 */
import type { ImportOptions, ImportOutcome, Known, Row, SysparmError } from "sysparm";
import type { Tools } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type Seen, stepAfter } from "./decide.js";
import { built, confirmNone, createdWithin, type Key, keeps, keyOf } from "./keys.js";
import { type Looked, patienceOf, twice, unknown } from "./reports.js";

export type RowOutcome = ImportOutcome["rows"][number];
type Cells = Record<string, string>;

export interface Importing {
  /** The rows with their keys. */
  rows: Cells[];
  /** What became of the row at this place; undefined when it surely is not there, and may be sent again. */
  one(place: number, lost: SysparmError, sends: number): Promise<RowOutcome | undefined>;
  /** The import set that holds all of them; undefined when none of them is there. */
  all(lost: SysparmError, sends: number): Promise<string | undefined>;
}

/** So many keys are asked for by name; of more, all recent rows of the table are read. */
const FEW = 50;
/** Recent rows are read up to here. */
const MOST_STAGED = 100_000;
/** The longest that one sending takes, with its pauses and its time limit. */
const SENDING_MS = 360_000;
const MARGIN_MS = 180_000;

/** `read` asks what the transform made of a staged row. */
export async function importing(
  tools: Tools,
  staging: string,
  given: readonly Cells[],
  { correlation, recovery, signal }: ImportOptions,
  read: (id: string) => Promise<RowOutcome>,
): Promise<Importing> {
  const patience = patienceOf(tools, recovery, signal);
  const table = tools.table(staging);
  const keys = given.map((row) => keyOf(tools, row, { field: correlation?.field as string }));
  const field = keys[0]?.field ?? "";
  const values = new Set(keys.map(({ value }) => value));
  if (values.size < keys.length) {
    throw tools.invalid(
      "options.correlation",
      `Invalid option \`correlation.field\`: two rows have the same ${field}. Pass a column that tells the rows apart.`,
    );
  }
  const rows = given.map((row, place) => ({ ...row, [field]: (keys[place] as Key).value }));
  const reachMs = patience.attempts * (patience.settleMs + SENDING_MS);
  const began = Date.now();

  /** Rows of the last minutes that have one of these keys, and how many more access rules hide or the bound leaves out. */
  const staged = async (wanted: readonly string[], ms: number): Promise<{ rows: Row[]; hidden: number }> => {
    const named = wanted.length <= FEW ? `${wanted.map((value) => `${field}=${value}`).join("^OR")}^` : "";
    const query = built(`${named}${createdWithin(ms)}`);
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
    const title = `More than ${MOST_STAGED} rows were staged lately: what is new cannot be told; insert up to ${FEW} rows at a time`;
    throw tools.invalid("options.correlation", title);
  }
  const before = new Set(earlier.rows.map((row) => stored(row, "sys_id")));
  const isFresh = (row: Row) => !before.has(stored(row, "sys_id"));

  const confirm = (sentAt: number) => () => {
    const sentMs = Math.max(Date.now() - sentAt, patience.settleMs * patience.attempts);
    return confirmNone(table, field, sentMs, signal, tools);
  };
  /** Nothing is seen of it; what is hidden may be what was hidden before. */
  const none = (what: string, hidden: number, known: Known): Looked =>
    hidden > 0
      ? { sight: "unclear", evidence: `${hidden} rows that may be it are hidden by access rules`, known }
      : { sight: "nothing", evidence: `No staged row has ${what}`, known };

  return {
    rows,

    async one(place, lost, sends) {
      const { value } = keys[place] as Key;
      const look = async (last: boolean): Promise<Looked & { outcome?: RowOutcome }> => {
        const found = await staged([value], reachMs);
        const fresh = found.rows.filter(isFresh);
        const ids = fresh.flatMap((row) => stored(row, "sys_id") ?? []);
        const known: Known = { key: { field, value }, records: fresh.length, ids };
        if (found.rows.some((row) => stored(row, field) !== value)) {
          return { sight: "unclear", evidence: `The instance does not filter by ${field}`, known };
        }
        if (fresh.length > 1)
          return { sight: "twice", evidence: `${fresh.length} new staged rows have ${value}`, known };
        if (fresh.length === 0) return none(value, found.hidden, known);
        const [id] = ids;
        if (id === undefined) return { sight: "unclear", evidence: "The staged row shows no sys_id", known };
        keeps(tools, staging, field);
        const outcome = await read(id);
        // Staged and not transformed yet: there is time left to see what becomes of it.
        const sight = outcome.status === "pending" && !last ? "unclear" : "done";
        return { sight, evidence: `One new staged row has ${value}`, known, outcome: { ...outcome, found: true } };
      };
      const { step, seen } = await stepAfter(look, confirm(began), patience, sends);
      if (step === "done" && "outcome" in seen) return seen.outcome;
      if (step === "repeat") return undefined;
      const error =
        seen.sight === "twice"
          ? await twice(tools, seen as Looked)
          : await unknown(tools, lost, seen, { key: { field, value }, ids: [] }, sends);
      return { status: "failed", results: [], error };
    },

    async all(lost, sends) {
      const look = async (): Promise<Looked> => {
        const found = await staged([...values], reachMs);
        const fresh = found.rows.filter((row) => values.has(stored(row, field) ?? "") && isFresh(row));
        const sets = [...new Set(fresh.flatMap((row) => stored(row, "sys_import_set") ?? []))];
        const known: Known = { records: fresh.length, ids: sets };
        if (fresh.length === 0) return none(`one of the ${values.size} keys`, found.hidden, known);
        keeps(tools, staging, field);
        const distinct = new Set(fresh.map((row) => stored(row, field))).size;
        const evidence = `${distinct} of ${values.size} rows are staged, in ${sets.length} import sets`;
        if (sets.length > 1 || fresh.length > values.size) return { sight: "twice", evidence, known };
        // The rest may come yet.
        return { sight: distinct === values.size && sets.length === 1 ? "done" : "unclear", evidence, known };
      };
      const { step, seen } = await stepAfter(look, confirm(began), patience, sends);
      if (step === "done") return (seen as Looked).known.ids[0];
      if (step === "repeat") return undefined;
      if (seen.sight === "twice") throw await twice(tools, seen as Looked);
      throw await unknown(tools, lost, seen as Seen, { ids: [] }, sends);
    },
  };
}
