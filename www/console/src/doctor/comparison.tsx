/** Compares the report with one that was saved before. */
import { useSignal } from "@preact/signals";
import type { Report } from "sysparm/doctor";
import { FileButton } from "../kit/file-button";
import { Notice } from "../kit/notice";
import { readFile } from "../kit/read-file";
import { TableHead } from "../kit/table-head";
import { plural } from "../number";
import { changesBetween, type ReportFacts, savedReport } from "./compare-reports";

export function ReportComparison({ report }: { report: Report }) {
  const saved = useSignal<{ name: string; facts: ReportFacts } | null>(null);
  const problem = useSignal("");

  async function open(file: File): Promise<void> {
    const read = await readFile(file);
    const facts = "problem" in read ? read : savedReport(read.text);
    problem.value = "problem" in facts ? `${file.name}: ${facts.problem}` : "";
    saved.value = "problem" in facts ? null : { name: file.name, facts };
  }

  const changes = saved.value ? changesBetween(saved.value.facts, report) : [];
  return (
    <section class="report-comparison" aria-label="Comparison with a saved report">
      <FileButton small label="Compare with a saved report…" accept=".json" onFiles={([file]) => void open(file)} />
      {problem.value && (
        <Notice tone="error" alert>
          {problem.value}
        </Notice>
      )}
      {saved.value && (
        <>
          <p role="status">
            {changes.length === 0
              ? `Nothing has changed since ${saved.value.name}.`
              : `${plural(changes.length, "change")} since ${saved.value.name}.`}
          </p>
          {changes.length > 0 && (
            <table>
              <TableHead columns={["What", "Before", "Now"]} />
              <tbody>
                {changes.map(({ what, before, now, isWorse }, at) => (
                  <tr key={at} data-worse={isWorse}>
                    <th scope="row">{what}</th>
                    <td>{before}</td>
                    <td>
                      {now}
                      {isWorse && " (worse)"}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
