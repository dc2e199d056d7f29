/** SQL on the local copies of an environment: it only reads, needs no network, and its result is bounded. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { TaskLate } from "../background/task";
import { saveAs } from "../download";
import { Button } from "../kit/button";
import { Menu } from "../kit/menu";
import { Notice } from "../kit/notice";
import { plural } from "../number";
import type { Environment } from "../workspace/model";
import type { CopyStatus, QueryResult } from "./copy/model";
import { quoted } from "./copy/shape";
import { type Format, resultParts, TYPES } from "./exporting";
import { ResultTable } from "./result-table";
import type { Syncing } from "./syncing";

const LIMIT_MS = 30_000;
const MOST_NAMED = 5;

export function OfflineQuery({ syncing, environment }: { syncing: Syncing; environment: Environment }) {
  const copies = syncing.copies.value ?? [];
  const sql = useSignal(firstStatement(copies[0]));
  const result = useSignal<(QueryResult & { of: string }) | null>(null);
  const problem = useSignal("");
  const running = useSignal(false);
  const abort = useRef<AbortController>(undefined);

  async function run(): Promise<void> {
    if (running.value) return;
    const mine = new AbortController();
    abort.current = mine;
    running.value = true;
    problem.value = "";
    try {
      const options = { limitMs: LIMIT_MS, signal: mine.signal };
      const found = await syncing.ask("query", environment.id, { sql: sql.value }, options);
      result.value = { ...found, of: environment.id };
    } catch (thrown) {
      if (!mine.signal.aborted) problem.value = wordsOf(thrown);
    }
    running.value = false;
  }

  function save(format: Format): void {
    if (result.value) saveAs(`query.${format}`, TYPES[format], resultParts(result.value, format));
  }

  // Another environment's rows are not shown under this one's name.
  const shown = result.value?.of === environment.id ? result.value : null;
  return (
    <section class="sync-query" aria-labelledby="sync-query-heading">
      <h2 id="sync-query-heading">Query the local copies</h2>
      <p class="hint">
        SQL of SQLite, which only reads. It needs no network. Tables:{" "}
        {copies.map(({ table, columns }, at) => (
          <span key={table}>
            {at > 0 && ", "}
            <Button
              kind="link"
              small
              title={columns.join(", ")}
              onClick={() => {
                sql.value = firstStatement(copies[at]);
              }}
            >
              {table}
            </Button>
          </span>
        ))}
        . Every field is text.
      </p>
      <textarea
        class="sync-sql mono"
        aria-label="SQL"
        rows={5}
        spellcheck={false}
        value={sql.value}
        onInput={(event) => {
          sql.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run();
        }}
      />
      <div class="actions">
        {running.value ? (
          <Button onClick={() => abort.current?.abort()}>Stop</Button>
        ) : (
          <Button icon="play" onClick={() => void run()}>
            Query
          </Button>
        )}
        {shown && (
          <Menu
            label="Save the result"
            items={[
              { id: "csv", label: "Save as CSV", run: () => save("csv") },
              { id: "ndjson", label: "Save as NDJSON", run: () => save("ndjson") },
            ]}
          >
            Save the result…
          </Menu>
        )}
        <p class="hint" role="status">
          {running.value ? "Running" : shown ? foundWords(shown) : ""}
        </p>
      </div>
      {problem.value && (
        <Notice tone="error" alert>
          {problem.value}
        </Notice>
      )}
      {shown && shown.rows.length > 0 && <ResultTable result={shown} />}
    </section>
  );
}

function foundWords({ rows, more }: QueryResult): string {
  if (rows.length === 0) return "No row matches.";
  return more
    ? `The first ${plural(rows.length, "row")}; there are more. Add a condition.`
    : `${plural(rows.length, "row")}.`;
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof TaskLate) return "The query took longer than 30 s and was stopped. Add a condition or a limit.";
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Names a few columns, so that the next step is to change them. */
function firstStatement(copy: CopyStatus | undefined): string {
  if (!copy) return "";
  const usual = ["number", "name", "short_description", "state", "sys_updated_on"].filter((name) =>
    copy.columns.includes(name),
  );
  const columns = usual.length > 0 ? usual : copy.columns.slice(0, MOST_NAMED);
  return `select ${columns.map(plain).join(", ")}\nfrom ${plain(copy.table)}\norder by sys_updated_on desc\nlimit 100`;
}

function plain(name: string): string {
  return /^[a-z_]\w*$/.test(name) ? name : quoted(name);
}
