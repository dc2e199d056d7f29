/** What the instance says of the query: counts, the first rows, and how it is likely to find them. */
import { useState } from "preact/hooks";
import { Button } from "../kit/button";
import { Icon } from "../kit/icon";
import { Notice } from "../kit/notice";
import { count, duration, plural } from "../number";
import { EFFECTS } from "../query-editor/findings";
import { labelOf } from "../schema/fields";
import { Panels } from "../tester/panels";
import type { Hint } from "./hints";
import { RowTable } from "./row-table";
import { PREVIEW } from "./run";
import type { Studio } from "./studio";

interface ResultsProps {
  studio: Studio;
  connected: boolean;
  onRun: () => void;
  onWrite: () => void;
}

export function Results({ studio, connected, onRun, onWrite }: ResultsProps) {
  const [panel, setPanel] = useState("preview");
  const hints = studio.hints.value;
  return (
    <>
      <CountLine studio={studio} connected={connected} onWrite={onWrite} />
      <Panels
        label="Results"
        chosen={panel}
        onChoose={setPanel}
        panels={[
          { id: "preview", label: "First rows", content: () => <Preview studio={studio} onRun={onRun} /> },
          {
            id: "hints",
            label: "Hints",
            extra: String(hints.length),
            content: () => <Hints hints={hints} onSort={studio.sortBySysId} />,
          },
        ]}
      />
    </>
  );
}

function CountLine({ studio, connected, onWrite }: Omit<ResultsProps, "onRun">) {
  const state = studio.run.state.value;
  const unwritable = connected ? studio.unwritable.value : "Connect an environment first.";
  return (
    <section class="studio-count" aria-label="Number of rows">
      <span role="status" class="grow">
        {state.phase === "idle" && <span class="hint">Not counted yet.</span>}
        {state.phase === "running" && (
          <span class="hint">
            <span class="ring" /> Counting the rows of {state.asked.table}…
          </span>
        )}
        {state.phase === "done" && <Counted studio={studio} />}
      </span>
      {state.phase === "running" && (
        <Button small onClick={state.cancel}>
          Cancel
        </Button>
      )}
      <Button small disabledReason={unwritable === "" ? undefined : unwritable} onClick={onWrite}>
        Update or delete…
      </Button>
    </section>
  );
}

function Counted({ studio }: { studio: Studio }) {
  const state = studio.run.state.value;
  if (state.phase !== "done") return null;
  const { written, fixed, tookMs } = state.answer;
  return (
    <>
      {written !== null && (
        <>
          <b class="studio-number">{count(written)}</b> {written === 1 ? "row" : "rows"} as written
        </>
      )}
      {fixed !== null && (
        <>
          {written !== null && " · "}
          <b class="studio-number">{count(fixed)}</b> with the likeliest fixes
        </>
      )}{" "}
      <span class="hint">
        {studio.isCurrent.value ? `counted in ${duration(tookMs)}` : "of an earlier query: count again"}
      </span>
    </>
  );
}

function Preview({ studio, onRun }: { studio: Studio; onRun: () => void }) {
  const state = studio.run.state.value;
  if (state.phase !== "done") {
    return (
      <p class="hint studio-empty">“Count and preview” shows the first {PREVIEW} rows. Ctrl Enter does the same.</p>
    );
  }
  const { asked, answer } = state;
  return (
    <>
      {answer.failure && (
        <Notice
          tone="error"
          alert
          actions={
            <Button small onClick={onRun}>
              Try again
            </Button>
          }
        >
          <b>Not all could be read.</b> {answer.failure.message}
        </Notice>
      )}
      {answer.rows.length === 0 && !answer.failure && <p class="hint studio-empty">No row was found.</p>}
      {answer.rows.length > 0 && (
        <RowTable
          label={`First rows of ${asked.table}`}
          rows={answer.rows}
          fields={asked.fields}
          labelOf={(field) => labelOf(asked.table, field, studio.known())}
        />
      )}
    </>
  );
}

const HINT_ICONS = { ok: "check", warn: "warn", info: "info" } as const;

function Hints({ hints, onSort }: { hints: readonly Hint[]; onSort: () => void }) {
  return (
    <div class="studio-hints">
      <ul aria-label={plural(hints.length, "hint")}>
        {hints.map(({ tone, text, remedy }) => (
          <li key={text}>
            <Icon name={HINT_ICONS[tone]} class={tone} />
            <span class="grow">{text}</span>
            {remedy === "sort-by-sys-id" && (
              <>
                <span class="tag">{EFFECTS.keeps}</span>
                <Button small onClick={onSort}>
                  Add sys_id to the order
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      <p class="hint">
        By the dictionary of the instance and the general rules of databases. Only the instance's own plan is certain.
      </p>
    </div>
  );
}
