/** Sends the rows of an import and says what became of each. */
import { type ImportOutcome, type Instance, type Row, SysparmError, UnknownOutcomeError } from "sysparm";
import { failureOf, stoppedBy } from "../../failure/failure";
import { rawText } from "../values";
import type { Planned } from "./plan";

export type Outcome = "created" | "updated" | "unchanged" | "refused" | "failed" | "unknown" | "not sent";

export interface Reported {
  row: number;
  key: string;
  outcome: Outcome;
  /** The record, where it is known. */
  id: string;
  why: string;
}

export interface WriteOptions {
  /** The table, or the staging table. */
  table: string;
  labels: boolean;
  signal: AbortSignal;
  onReported: (reported: readonly Reported[]) => void;
}

const AT_ONCE = 4;
/** Rows that fail one after another because the instance cannot be reached or does not work. */
const MOST_FAILED = 8;

/** What is not sent needs no answer. */
export function unsent({ row, key, action, why, id = "" }: Planned): Reported {
  if (action === "same") return { row, key, outcome: "unchanged", id, why: "The record has these values already." };
  return { row, key, outcome: action === "refuse" ? "refused" : "not sent", id, why: why.join(" ") };
}

/** Writes by the Table API. */
export function writeRecords(instance: Instance, planned: readonly Planned[], options: WriteOptions): Promise<void> {
  const waiting = planned.filter(({ action }) => action === "create" || action === "update");
  return sendEach(waiting, (one) => writeOne(instance, one, options), options);
}

/** Stages rows in an import set table, and says what the transform made of each. */
export function stageRows(instance: Instance, planned: readonly Planned[], options: WriteOptions): Promise<void> {
  const staged = planned.filter(({ action }) => action === "stage");
  return sendEach(staged, (one) => stageOne(instance, one, options), options);
}

/** Sends four rows at a time. Ends early where no further row can succeed. */
async function sendEach(
  planned: readonly Planned[],
  send: (one: Planned) => Promise<Reported>,
  { signal, onReported }: WriteOptions,
): Promise<void> {
  const waiting = planned.values();
  let stopped = "";
  let failedInARow = 0;
  async function work(): Promise<void> {
    for (const next of waiting) {
      if (signal.aborted || stopped) {
        onReported([{ ...unsent(next), why: stopped || "The import was cancelled before." }]);
        continue;
      }
      try {
        const reported = await send(next);
        failedInARow = 0;
        onReported([reported]);
      } catch (thrown) {
        const reported = failed(next, thrown, signal);
        failedInARow = isDown(thrown) ? failedInARow + 1 : 0;
        if (endsAll(thrown) || failedInARow >= MOST_FAILED) stopped = `The import was stopped. ${reported.why}`;
        onReported([reported]);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function writeOne(
  instance: Instance,
  planned: Planned,
  { table, labels, signal }: WriteOptions,
): Promise<Reported> {
  const { row, key, values, id, modCount } = planned;
  const records = instance.table(table);
  const params = labels ? { params: { sysparm_input_display_value: true } } : {};
  const common = { ...params, signal, displayValue: "all" as const };
  const stored: Row = id
    ? await records.update(id, values, { ...common, ...(modCount ? { expect: { sys_mod_count: modCount } } : {}) })
    : await records.create(values, common);
  const why = notKept(values, stored, labels);
  return { row, key, outcome: id ? "updated" : "created", id: rawText(stored.sys_id, "raw") || (id ?? ""), why };
}

/** The instance drops values without a word: names those that the record does not have now. */
export function notKept(values: Readonly<Record<string, string>>, stored: Row, labels: boolean): string {
  const lost = Object.entries(values).flatMap(([field, value]) => {
    if (!Object.hasOwn(stored, field)) return value === "" ? [] : [field];
    const given = stored[field];
    const texts = typeof given === "object" ? [given.value ?? "", given.display_value ?? ""] : [given ?? ""];
    const accepted = labels ? texts : texts.slice(0, 1);
    return accepted.some((text) => same(text, value)) ? [] : [field];
  });
  return lost.length === 0 ? "" : `The record does not have the value of ${lost.join(", ")} that was sent.`;
}

function same(one: string, other: string): boolean {
  const folded = (text: string) => text.trim().replace(/\r\n/g, "\n").toLowerCase();
  return folded(one) === folded(other) || (one !== "" && Number(one) === Number(other));
}

function failed({ row, key, id = "" }: Planned, thrown: unknown, signal: AbortSignal): Reported {
  const stopped = stoppedBy(thrown);
  if (stopped) return { row, key, outcome: "not sent", id, why: stopped.message };
  const isCancelled = signal.aborted && thrown === signal.reason;
  const message = isCancelled ? "The import was cancelled before its answer came." : failureOf(thrown).message;
  const isRefused = thrown instanceof SysparmError && (thrown.status ?? 500) < 500;
  // A call that was aborted may have arrived.
  const isUnknown = thrown instanceof UnknownOutcomeError || (signal.aborted && !isRefused);
  if (isUnknown)
    return {
      row,
      key,
      outcome: "unknown",
      id,
      why: `It may have been saved: look for it before you send it again. ${message}`,
    };
  return { row, key, outcome: isRefused ? "refused" : "failed", id, why: message };
}

/** No further row can be written: who asks is not known, or the environment takes no writes. */
function endsAll(thrown: unknown): boolean {
  return stoppedBy(thrown) !== null || (thrown instanceof SysparmError && thrown.kind === "authentication");
}

function isDown(thrown: unknown): boolean {
  return thrown instanceof SysparmError && (thrown.kind === "network" || thrown.kind === "instance");
}

const OUTCOMES: Record<ImportOutcome["rows"][number]["status"], Outcome> = {
  inserted: "created",
  updated: "updated",
  ignored: "unchanged",
  skipped: "refused",
  error: "refused",
  unreadable: "unknown",
  failed: "failed",
  pending: "unknown",
};

async function stageOne(
  instance: Instance,
  { row, key, values }: Planned,
  { table, signal }: WriteOptions,
): Promise<Reported> {
  const [made] = (await instance.importSet(table).insert([values], { signal })).rows;
  if (!made) return { row, key, outcome: "unknown", id: "", why: "The instance said nothing of this row." };
  if (made.error) throw made.error;
  const [first] = made.results;
  const said = made.results.flatMap(({ message }) => (message ? [message] : [])).join(" ");
  const why = made.status === "pending" ? "Staged, and not transformed yet." : said;
  return { row, key, outcome: OUTCOMES[made.status], id: first?.sys_id ?? "", why };
}
