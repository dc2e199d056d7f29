/** Reads a table to its last row and shows every row that was read, also after a failure. */
import type { Signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Wait } from "../connection/wait";
import { saveAs } from "../download";
import { FailureView } from "../failure/view";
import { plural } from "../number";
import { absentFields, MOST_COLUMNS } from "./columns";
import { csvParts } from "./csv";
import { ReadForm } from "./form";
import { RecordGrid } from "./grid";
import { ReadProgress } from "./progress";
import type { Reader } from "./reader";

interface Shown {
  reader: Reader;
  instance: Instance | null;
  wait: Signal<Wait | null>;
}

export function RecordsPane({ reader, instance, wait }: Shown) {
  const state = reader.state.value;
  const reading = state.phase === "reading";
  const rowCount = reader.rowCount.value;

  const source = reader.source.value;
  const table = source?.table ?? "";
  const earlier = state.phase !== "idle" && source !== state.request;

  function download(): void {
    saveAs(
      `${table.replaceAll(/\W/g, "_")}.csv`,
      "text/csv;charset=utf-8",
      csvParts(reader.columns.value, reader.rows),
    );
  }

  return (
    <>
      <ReadForm reader={reader} instance={instance} />
      <ReadProgress reader={reader} wait={wait} />
      {reader.warnings.value.length > 0 && (
        <section class="notice" aria-label="About the query">
          <b>The instance may have changed the query.</b>
          <ul>
            {reader.warnings.value.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      {reader.failure.value && <FailureView failure={reader.failure.value} heading="The read stopped" />}
      {state.phase === "ended" && !earlier && <AbsentFields reader={reader} chosen={state.request.fields} />}
      {rowCount > 0 && (
        <>
          {earlier && <p class="notice">These rows are of the earlier read of {table}; they stay until others come.</p>}
          <RecordGrid key={source} reader={reader} label={`Rows of ${table}`} />
          <div class="below-grid">
            <button type="button" onClick={download} disabled={reading}>
              Download CSV
            </button>
            <span class="quiet">
              {plural(rowCount, "row")}, {plural(reader.columns.value.length, "field")}
              {reader.columns.value.length > MOST_COLUMNS && `; the first ${MOST_COLUMNS} are shown, the file has all`}.
              What a spreadsheet would run as a formula gets an apostrophe in the file, also inside a cell.
            </span>
          </div>
        </>
      )}
    </>
  );
}

function AbsentFields({ reader, chosen }: { reader: Reader; chosen: string[] }) {
  const absent = absentFields(chosen, reader.rows);
  if (absent.length === 0) return null;
  return (
    <p class="notice">
      In no row: <b>{absent.join(", ")}</b>. The table has no such field, or this user may not read it. The instance
      omits both without an error.
    </p>
  );
}
