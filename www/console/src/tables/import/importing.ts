/**
 * One import of a CSV file.
 *
 *     none --file--> mapping --dry run--> checking --checked--> planned --import--> writing --last row--> ended
 *                       ^------------- another mapping ------------'         `--cancel--> ended, the rest not sent
 */
import { computed, signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Field } from "sysparm/schema";
import type { PlannedWrite } from "../../environments/guard";
import { failureOf } from "../../failure/failure";
import { loadQueries } from "../../schema/schemas";
import { type CsvFile, readCsv, unevenWhy } from "./csv-file";
import { findExisting, TooManyFound } from "./existing";
import { guessed, guessedKey, keyProblem, type Mapping, mappingProblem, valuesOf } from "./mapping";
import { countsOf, type Planned, planRows } from "./plan";
import { type Reported, stageRows, unsent, writeRecords } from "./writing";

export type Way = "table" | "import-set";

/** Where a dry run has looked. The import sends there, whatever is chosen or connected by then. */
interface Target {
  instance: Instance;
  table: string;
  way: Way;
  labels: boolean;
}

export type ImportPhase =
  | { name: "none" | "mapping" }
  | { name: "checking"; looked: number; total: number }
  | { name: "planned"; planned: readonly Planned[]; target: Target }
  | { name: "writing" | "ended"; planned: readonly Planned[]; reported: readonly Reported[] };

/** What the import needs of the page. */
export interface ImportHost {
  instance: () => Instance | null;
  /** Asks where the environment wants it; resolves to whether the writes may be sent. */
  allowRun: (name: string, writes: readonly PlannedWrite[]) => Promise<boolean>;
  /** Saves what the records hold now. Called before the first write where the environment wants it. */
  saveOldValues: ((planned: readonly Planned[]) => void) | null;
}

export type Importing = ReturnType<typeof createImporting>;

export function createImporting(host: () => ImportHost) {
  const phase = signal<ImportPhase>({ name: "none" });
  const file = signal<CsvFile | null>(null);
  const table = signal("");
  const way = signal<Way>("table");
  const mapping = signal<Mapping>([]);
  const key = signal("");
  const labels = signal(false);
  const clears = signal(false);
  const fields = signal<Readonly<Record<string, Field>>>({});
  const problem = signal("");
  let abort = new AbortController();
  /** Whose fields are shown. */
  let read: { instance: Instance; table: string } | null = null;
  /** Counts what was begun: an answer that comes after something else was begun is dropped. */
  let begun = 0;

  const busy = computed(() => phase.value.name === "checking" || phase.value.name === "writing");

  async function open(chosen: File, into: string): Promise<void> {
    if (busy.peek()) return;
    problem.value = "";
    begun += 1;
    const mine = begun;
    try {
      const opened = await readCsv(chosen);
      if (mine !== begun) return;
      file.value = opened;
      phase.value = { name: "none" };
      read = null;
      fields.value = {};
      mapping.value = opened.columns.map(() => "");
      table.value = into;
      await readFields();
    } catch (thrown) {
      if (mine === begun) problem.value = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }

  /** Reads the fields of the table that is named, and maps the columns to them. */
  async function readFields(): Promise<void> {
    const connected = host().instance();
    const opened = file.peek();
    if (!opened) return;
    if (!connected) {
      problem.value = "Connect the environment first, then read the fields.";
      phase.value = { name: "mapping" };
      return;
    }
    const name = table.peek().trim();
    begun += 1;
    const mine = begun;
    try {
      const schema = await connected.schema(name);
      if (mine !== begun) return;
      problem.value = "";
      read = { instance: connected, table: name };
      fields.value = schema.tables[schema.table]?.fields ?? {};
      mapping.value = guessed(opened.columns, fields.value);
      key.value = way.peek() === "table" ? guessedKey(opened.columns, mapping.value) : "";
      phase.value = { name: "mapping" };
    } catch (thrown) {
      if (mine !== begun) return;
      // Another table can be named there.
      phase.value = { name: "mapping" };
      problem.value = `The fields of ${name || "the table"} could not be read. ${failureOf(thrown).message}`;
    }
  }

  function map(place: number, field: string): void {
    mapping.value = mapping.peek().map((now, at) => (at === place ? field : now));
    change();
  }

  /** Another choice needs another dry run. */
  function change(): void {
    if (phase.peek().name === "planned") phase.value = { name: "mapping" };
  }

  /** Reads what is there, and decides what would be done with each row. Writes nothing. */
  async function dryRun(): Promise<void> {
    const opened = file.peek();
    const connected = host().instance();
    if (!opened) return;
    if (!connected) {
      problem.value = "Connect the environment first.";
      return;
    }
    // As they are now: they may be changed while the instance answers.
    const target: Target = {
      instance: connected,
      table: table.peek().trim(),
      way: way.peek(),
      labels: way.peek() === "table" && labels.peek(),
    };
    const chosen = mapping.peek();
    const options = {
      fields: fields.peek(),
      key: target.way === "table" ? key.peek() : "",
      labels: target.labels,
      clears: clears.peek(),
    };
    problem.value =
      read?.instance !== connected || read.table !== target.table
        ? `The fields of ${target.table || "the table"} were not read in this environment. Press “Read its fields”.`
        : mappingProblem(chosen) || keyProblem(options.key, chosen, options.labels, options.fields);
    if (problem.peek() !== "") return;
    begun += 1;
    abort = new AbortController();
    const { signal } = abort;
    const rows = opened.rows.map((row) => withId(row, opened, valuesOf(row, chosen), options.key));
    const keyed = options.key !== "";
    const values = keyed ? rows.map((row) => row[options.key] ?? "") : [];
    phase.value = { name: "checking", looked: 0, total: new Set(values).size };
    try {
      const existing = keyed
        ? await findExisting(connected, await loadQueries(), {
            ...{ table: target.table, key: options.key, values, signal },
            fields: chosen.filter(Boolean),
            onFound: (looked) => {
              phase.value = { name: "checking", looked, total: new Set(values).size };
            },
          })
        : { byKey: new Map(), hiddenKeys: new Set<string>() };
      const whole =
        target.way === "table"
          ? planRows(rows, existing, options)
          : rows.map((row, index): Planned => ({ row: index + 1, key: "", action: "stage", why: [], values: row }));
      const planned = whole.map((one, index): Planned => {
        const why = unevenWhy(opened.rows[index] ?? [], opened.columns);
        return why === "" ? one : { ...one, action: "refuse", why: [why] };
      });
      phase.value = { name: "planned", planned, target };
    } catch (thrown) {
      phase.value = { name: "mapping" };
      const why = thrown instanceof TooManyFound ? thrown.message : failureOf(thrown).message;
      problem.value = signal.aborted ? "" : `The dry run has failed, nothing was written. ${why}`;
    }
  }

  async function start(): Promise<void> {
    const now = phase.peek();
    const { allowRun, saveOldValues } = host();
    const opened = file.peek();
    if (now.name !== "planned" || !opened) return;
    const { planned, target } = now;
    const isElsewhere = () => host().instance() !== target.instance;
    if (isElsewhere()) return lookAgain();
    if (!(await allowRun(`${opened.name} into ${target.table}`, writesOf(planned, target.table)))) return;
    // The question may have stood for long.
    if (phase.peek() !== now) return;
    if (isElsewhere()) return lookAgain();
    begun += 1;
    saveOldValues?.(planned.filter(({ action }) => action === "update"));
    abort = new AbortController();
    // Grows with every row and is never copied.
    const reported: Reported[] = planned.filter(({ action }) => !SENT.has(action)).map(unsent);
    phase.value = { name: "writing", planned, reported };
    const options = {
      ...{ table: target.table, labels: target.labels, signal: abort.signal },
      onReported: (more: readonly Reported[]) => {
        reported.push(...more);
        phase.value = { name: "writing", planned, reported };
      },
    };
    if (target.way === "table") await writeRecords(target.instance, planned, options);
    else await stageRows(target.instance, planned, options);
    phase.value = { name: "ended", planned, reported: [...reported].sort((a, b) => a.row - b.row) };
  }

  function lookAgain(): void {
    phase.value = { name: "mapping" };
    problem.value =
      "The connection is another one than that of the dry run. Read the fields and make the dry run again.";
  }

  /** What was sent stays. */
  function cancel(): void {
    abort.abort();
  }

  function close(): void {
    if (busy.peek()) return;
    begun += 1;
    phase.value = { name: "none" };
    file.value = null;
    problem.value = "";
  }

  return {
    ...{ phase, file, table, way, mapping, key, labels, clears, fields, problem, busy },
    ...{ open, readFields, map, change, dryRun, start, cancel, close },
  };
}

const SENT = new Set(["create", "update", "stage"]);

/** The sys_id can be the key without being written. */
function withId(row: readonly string[], { columns }: CsvFile, values: Record<string, string>, key: string) {
  return key === "sys_id" ? { ...values, sys_id: row[columns.indexOf("sys_id")] ?? "" } : values;
}

export function writesOf(planned: readonly Planned[], table: string): PlannedWrite[] {
  const { create, update, stage } = countsOf(planned);
  return [
    { line: `POST /api/now/table/${table}`, times: create },
    { line: `PATCH /api/now/table/${table}/…`, times: update },
    { line: `POST /api/now/import/${table}`, times: stage },
  ].filter(({ times }) => times > 0);
}
