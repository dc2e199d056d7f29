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
import { type CsvFile, readCsv } from "./csv-file";
import { findExisting } from "./existing";
import { guessed, guessedKey, type Mapping, mappingProblem, valuesOf } from "./mapping";
import { countsOf, type Planned, planRows } from "./plan";
import { type Reported, stageRows, unsent, writeRecords } from "./writing";

export type Way = "table" | "import-set";

export type ImportPhase =
  | { name: "none" | "mapping" }
  | { name: "checking"; looked: number; total: number }
  | { name: "planned"; planned: readonly Planned[] }
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

  const busy = computed(() => phase.value.name === "checking" || phase.value.name === "writing");

  async function open(chosen: File, into: string): Promise<void> {
    if (busy.peek()) return;
    problem.value = "";
    try {
      const read = await readCsv(chosen);
      file.value = read;
      table.value = into;
      await readFields();
    } catch (thrown) {
      problem.value = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }

  /** Reads the fields of the table that is named, and maps the columns to them. */
  async function readFields(): Promise<void> {
    const connected = host().instance();
    const opened = file.peek();
    if (!opened) return;
    if (!connected) {
      problem.value = "Connect the environment first, then choose the file.";
      return;
    }
    const name = table.peek().trim();
    try {
      const schema = await connected.schema(name);
      problem.value = "";
      fields.value = schema.tables[schema.table]?.fields ?? {};
      mapping.value = guessed(opened.columns, fields.value);
      key.value = way.peek() === "table" ? guessedKey(opened.columns, mapping.value) : "";
      phase.value = { name: "mapping" };
    } catch (thrown) {
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
    problem.value = mappingProblem(mapping.peek());
    if (!opened || problem.peek() !== "") return;
    if (!connected) {
      problem.value = "Connect the environment first.";
      return;
    }
    abort = new AbortController();
    const { signal } = abort;
    const rows = opened.rows.map((row) => withId(row, opened, valuesOf(row, mapping.peek()), key.peek()));
    const keyed = way.peek() === "table" && key.peek() !== "";
    const values = keyed ? rows.map((row) => row[key.peek()] ?? "") : [];
    phase.value = { name: "checking", looked: 0, total: new Set(values).size };
    try {
      const existing = keyed
        ? await findExisting(connected, await loadQueries(), {
            ...{ table: table.peek().trim(), key: key.peek(), values, signal },
            fields: mapping.peek().filter(Boolean),
            onFound: (looked) => {
              phase.value = { name: "checking", looked, total: new Set(values).size };
            },
          })
        : { byKey: new Map(), hiddenKeys: new Set<string>() };
      const options = {
        fields: fields.peek(),
        key: keyed ? key.peek() : "",
        labels: labels.peek(),
        clears: clears.peek(),
      };
      const planned =
        way.peek() === "table"
          ? planRows(rows, existing, options)
          : rows.map((row, index): Planned => ({ row: index + 1, key: "", action: "stage", why: [], values: row }));
      phase.value = { name: "planned", planned };
    } catch (thrown) {
      phase.value = { name: "mapping" };
      problem.value = signal.aborted ? "" : `The dry run has failed, nothing was written. ${failureOf(thrown).message}`;
    }
  }

  async function start(): Promise<void> {
    const now = phase.peek();
    const { instance, allowRun, saveOldValues } = host();
    const connected = instance();
    const opened = file.peek();
    if (now.name !== "planned" || !connected || !opened) return;
    const { planned } = now;
    const into = table.peek().trim();
    if (!(await allowRun(`${opened.name} into ${into}`, writesOf(planned, into)))) return;
    // The question may have stood for long.
    if (phase.peek() !== now || host().instance() !== connected) return;
    saveOldValues?.(planned.filter(({ action }) => action === "update"));
    abort = new AbortController();
    let reported: readonly Reported[] = planned.filter(({ action }) => !SENT.has(action)).map(unsent);
    phase.value = { name: "writing", planned, reported };
    const options = {
      ...{ table: into, labels: labels.peek(), signal: abort.signal },
      onReported: (more: readonly Reported[]) => {
        reported = [...reported, ...more];
        phase.value = { name: "writing", planned, reported };
      },
    };
    if (way.peek() === "table") await writeRecords(connected, planned, options);
    else await stageRows(connected, planned, options);
    phase.value = { name: "ended", planned, reported: [...reported].sort((a, b) => a.row - b.row) };
  }

  /** What was sent stays. */
  function cancel(): void {
    abort.abort();
  }

  function close(): void {
    if (busy.peek()) return;
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
