/** A run over a collection or folder: its data, its progress, its report. */
import { useSignal } from "@preact/signals";
import { saveAs } from "../download";
import { FileButton } from "../kit/file-button";
import { readFile } from "../kit/read-file";
import { TableHead } from "../kit/table-head";
import { count, duration, plural } from "../number";
import type { Workbench } from "../tester/workbench";
import { readData } from "./data";
import { END_WORDS, runReport, totals } from "./run-report";
import { requestsOf } from "./tree";

export function RunView({ workbench, connected }: { workbench: Workbench; connected: boolean }) {
  const { runs } = workbench;
  const data = useSignal("");
  /** Why the chosen file is not the data; empty if nothing failed. */
  const unread = useSignal("");
  const stop = useSignal(false);
  const holder = runs.subject.value;
  if (!holder) return null;
  const read = data.value.trim() === "" ? { rows: [], note: "" } : readData(data.value);
  const running = runs.phase.value === "running";
  const results = runs.results.value;
  const sum = totals(results);
  const requests = requestsOf(holder).length;

  return (
    <section class="run" aria-label={`Run ${holder.name}`}>
      <div class="run-head">
        <h2 dir="auto">Run {holder.name}</h2>
        <button type="button" disabled={running} onClick={workbench.closeRun}>
          Close
        </button>
      </div>
      <label class="run-data">
        Data: CSV with a head line, or a JSON array of objects. Each row is one round; its columns are variables.
        <textarea
          class="mono"
          rows={4}
          spellcheck={false}
          value={data.value}
          disabled={running}
          onInput={(event) => {
            data.value = event.currentTarget.value;
            unread.value = "";
          }}
        />
      </label>
      <div class="run-tools">
        <FileButton
          label="Read data from a file…"
          accept=".csv,.json,text/csv,application/json"
          disabled={running}
          onFiles={([file]) => {
            void readFile(file).then((found) => {
              unread.value = "problem" in found ? found.problem : "";
              if ("text" in found) data.value = found.text;
            });
          }}
        />
        <label>
          <input
            type="checkbox"
            checked={stop.value}
            onChange={(event) => {
              stop.value = event.currentTarget.checked;
            }}
          />{" "}
          Stop at the first failure
        </label>
        {running ? (
          <button type="button" onClick={runs.cancel}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={"problem" in read || !connected || requests === 0}
            onClick={() => "rows" in read && void runs.start(read.rows, stop.value)}
          >
            Run {plural(requests * Math.max(1, "rows" in read ? read.rows.length : 0), "request")}
          </button>
        )}
      </div>
      {unread.value !== "" && (
        <p class="notice" role="alert">
          {unread.value}
        </p>
      )}
      {"problem" in read ? <p class="notice">{read.problem}</p> : read.note && <p class="notice">{read.note}</p>}
      {!connected && <p class="notice">Nothing is connected. Connect an environment, then run.</p>}
      {runs.phase.value !== "ready" && (
        <>
          <p class="run-sum" role="status">
            <b>{END_WORDS[runs.phase.value]}</b> {count(results.length)} of {plural(runs.planned.value, "request")}:{" "}
            <span class="state good">{count(sum.requests.passed)} passed</span>,{" "}
            <span class={sum.requests.failed > 0 ? "state bad" : ""}>{count(sum.requests.failed)} failed</span>.
            Assertions: {count(sum.assertions.passed)} passed, {count(sum.assertions.failed)} failed.{" "}
            {duration(sum.totalMs)} in all.
          </p>
          <progress max={Math.max(1, runs.planned.value)} value={results.length} aria-label="Requests sent" />
          {results.length > 0 && !running && (
            <button
              type="button"
              class="report"
              onClick={() =>
                saveAs("run.json", "application/json", [
                  JSON.stringify(runReport(runs.phase.value, runs.planned.value, results), null, 2),
                ])
              }
            >
              Save the report
            </button>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
          <section class="run-results" tabIndex={0} aria-label="Results">
            <table>
              <TableHead columns={["Result", "Row", "Request", "Status", "Time", "What failed"]} />
              <tbody>
                {results.slice(-MOST_SHOWN).map((result) => (
                  <tr key={`${result.row} ${result.requestId}`}>
                    <td class={result.passed ? "state good" : "state bad"}>
                      {result.passed ? "✓ passed" : "✗ failed"}
                    </td>
                    <td>{result.row + 1}</td>
                    <td title={result.line} dir="auto">
                      {result.where} &gt; {result.name || result.line}
                    </td>
                    <td>{result.status ?? "none"}</td>
                    <td>{duration(result.totalMs)}</td>
                    <td>{whyWords(result)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {results.length > MOST_SHOWN && (
              <p class="hint">
                The last {MOST_SHOWN} of {count(results.length)} are shown. The report has all.
              </p>
            )}
          </section>
        </>
      )}
    </section>
  );
}

function whyWords({ verdicts, extracted, problem }: Parameters<typeof totals>[0][number]): string {
  const failed = verdicts.filter(({ passed }) => !passed).map(({ says, why }) => `${says}: ${why}`);
  const lost = extracted.filter(({ value }) => value === undefined).map(({ variable, why }) => `${variable}: ${why}`);
  return [problem, ...failed, ...lost].filter(Boolean).join(" ");
}

const MOST_SHOWN = 500;
