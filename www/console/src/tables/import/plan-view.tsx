/** What an import would do, and the button that does it. */
import { useSignal } from "@preact/signals";
import { saveAs } from "../../download";
import { Button } from "../../kit/button";
import { Field } from "../../kit/field";
import { TableHead } from "../../kit/table-head";
import { count, countProblem, plural } from "../../number";
import type { Importing } from "./importing";
import { type Action, countsOf, type Planned } from "./plan";
import { changeWords, planCsv } from "./report";

const ACTION_WORDS: Record<Action, string> = {
  create: "create",
  update: "update",
  same: "unchanged",
  refuse: "refuse",
  stage: "stage",
};

interface PlanProps {
  importing: Importing;
  planned: readonly Planned[];
  environmentAsks: boolean;
  environmentName: string;
}

export function Plan({ importing, planned, environmentAsks, environmentName }: PlanProps) {
  const typed = useSignal("");
  const counts = countsOf(planned);
  const writes = counts.create + counts.update + counts.stage;
  const problem = environmentAsks ? "" : countProblem(typed.value, writes, "write");
  const first = [...planned].sort((a, b) => weight(a) - weight(b) || a.row - b.row).slice(0, MOST_SHOWN);
  const words = (Object.keys(counts) as Action[]).filter((action) => counts[action] > 0);
  return (
    <>
      <p class="import-counts" role="status">
        <b>Dry run:</b> {words.map((action) => `${ACTION_WORDS[action]} ${count(counts[action])}`).join(", ")}.
        {counts.stage > 0 && " What the transform makes of them is known only afterwards."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="import-table" tabIndex={0} aria-label="What would be done">
        <table>
          <TableHead columns={["Row", "Key", "Action", "Changes and notes"]} />
          <tbody>
            {first.map(({ row, key, action, why, values, before }) => (
              <tr key={row}>
                <td>{row}</td>
                <td dir="auto">{key}</td>
                <td>{ACTION_WORDS[action]}</td>
                <td dir="auto">
                  {[...why, before && action === "update" ? changeWords(values, before) : ""].filter(Boolean).join(" ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="fields import-confirm">
        {!environmentAsks && writes > 0 && (
          <Field
            id="import-count"
            label={`Number of writes, to confirm (${count(writes)})`}
            value={typed}
            class="short"
          />
        )}
        <Button
          kind="primary"
          disabledReason={writes === 0 ? "No row would be written." : problem || undefined}
          onClick={() => void importing.start()}
        >
          Import {plural(writes, "row")} into {environmentName}
          {environmentAsks ? "…" : ""}
        </Button>
        <Button onClick={() => saveAs("dry run.csv", "text/csv;charset=utf-8", [planCsv(planned)])}>
          Save the dry run
        </Button>
        {planned.length > MOST_SHOWN && (
          <span class="hint">The first {MOST_SHOWN} are shown, those refused first.</span>
        )}
      </div>
    </>
  );
}

/** Refused rows first, then those with notes. */
function weight({ action, why }: Planned): number {
  return action === "refuse" ? 0 : why.length > 0 ? 1 : 2;
}

const MOST_SHOWN = 20;
