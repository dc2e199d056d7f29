/** What became of each row of an import. */
import { useSignal } from "@preact/signals";
import { saveAs } from "../../download";
import { Button } from "../../kit/button";
import { Select } from "../../kit/field";
import { Notice } from "../../kit/notice";
import { TableHead } from "../../kit/table-head";
import { count } from "../../number";
import type { Importing } from "./importing";
import { notSentCsv, outcomesOf, reportCsv } from "./report";
import type { Outcome, Reported } from "./writing";

export function Report({ importing, reported }: { importing: Importing; reported: readonly Reported[] }) {
  const only = useSignal<string>("");
  const counts = outcomesOf(reported);
  const shown = reported.filter(({ outcome }) => only.value === "" || outcome === only.value);
  const bad = counts.some(([outcome]) => BAD.has(outcome));
  const file = importing.file.value;
  return (
    <>
      <div role="status">
        <Notice tone={bad ? "warn" : "ok"}>
          {counts.map(([outcome, many]) => `${count(many)} ${outcome}`).join(", ")}.
        </Notice>
      </div>
      <div class="fields">
        <Select
          id="import-only"
          label="Rows"
          value={only}
          options={[
            { value: "", label: `All ${count(reported.length)}` },
            ...counts.map(([outcome, many]) => ({ value: outcome, label: `${outcome} (${count(many)})` })),
          ]}
        />
        <Button
          kind="primary"
          class="import-read"
          onClick={() => saveAs("import report.csv", CSV, [reportCsv(reported)])}
        >
          Save the report
        </Button>
        {file && counts.some(([outcome]) => outcome === "not sent") && (
          <Button class="import-read" onClick={() => saveAs("rows not sent.csv", CSV, [notSentCsv(file, reported)])}>
            Save the rows not sent
          </Button>
        )}
        <Button class="import-read" onClick={importing.close}>
          Close
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="import-table" tabIndex={0} aria-label="Report of the import">
        <table>
          <TableHead columns={["Row", "Key", "Outcome", "sys_id", "Why"]} />
          <tbody>
            {shown.slice(0, MOST_REPORTED).map(({ row, key, outcome, id, why }) => (
              <tr key={row}>
                <td>{row}</td>
                <td dir="auto">{key}</td>
                <td>{outcome}</td>
                <td class="mono">{id}</td>
                <td dir="auto">{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length > MOST_REPORTED && <p class="hint">The first {MOST_REPORTED} are shown; the file has all.</p>}
    </>
  );
}

const BAD: ReadonlySet<Outcome> = new Set(["refused", "failed", "unknown", "not sent"]);
const MOST_REPORTED = 200;
const CSV = "text/csv;charset=utf-8";
