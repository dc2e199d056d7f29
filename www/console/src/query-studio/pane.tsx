/** The query studio: conditions and text side by side, the sentence, findings, counts, the first rows. */
import { useMemo, useState } from "preact/hooks";
import type { ConsoleState } from "../app/state";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import { Findings } from "../query-editor/findings";
import { RowList } from "../query-editor/row-list";
import { Sentence } from "../query-editor/sentence";
import { workspaceHost } from "../tester/host";
import { Bar } from "./bar";
import { Results } from "./results";
import type { Studio } from "./studio";
import { TextSide } from "./text-side";
import type { createWriting } from "./write";
import { WriteDialog } from "./write-dialog";
import "../style/query-editor.css";
import "../style/query-studio.css";
import "../style/suggestions.css";

interface StudioPaneProps {
  studio: Studio;
  writing: ReturnType<typeof createWriting>;
  state: ConsoleState;
}

export function StudioPane({ studio, writing, state }: StudioPaneProps) {
  const host = useMemo(() => workspaceHost(state.workspace), [state]);
  const [writes, setWrites] = useState(false);
  const edited = studio.edited.value;
  const reading = studio.reading.value;
  const read = edited.read.value;
  const instance = host.instance();

  function run(): void {
    if (instance) void studio.run.run(instance, studio.asked.peek());
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the shortcut of the view's primary action, wherever the focus is in it
    <div
      class="studio"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        run();
      }}
    >
      <Bar studio={studio} state={state} onRun={run} connected={instance !== null} />
      <Notices studio={studio} />
      <div class="studio-sides">
        <section aria-label="Conditions" class="studio-side">
          <h2>Conditions</h2>
          {reading && reading.phase !== "read" && (
            <p class="hint">{reading.phase === "reading" ? `Reading the fields of ${edited.table}…` : reading.why}</p>
          )}
          {reading?.phase === "read" && reading.note !== "" && <p class="hint">{reading.note}</p>}
          {"problem" in read ? (
            <Notice
              tone="warn"
              alert
              actions={
                read.proposal !== undefined && (
                  <Button small onClick={() => studio.paste(edited.text.peek())}>
                    Decode it
                  </Button>
                )
              }
            >
              {read.problem}
            </Notice>
          ) : (
            <RowList key={edited.table} edited={edited} known={studio.known()} queries={studio.queries} />
          )}
        </section>
        <TextSide key={edited.table} studio={studio} host={host} />
      </div>
      <section class="studio-words" aria-label="In words">
        <b>In words:</b> <Sentence edited={edited} />
      </section>
      <section class="studio-findings" aria-label="Findings">
        <Findings edited={edited} />
      </section>
      <Results studio={studio} connected={instance !== null} onRun={run} onWrite={() => setWrites(true)} />
      {writes && (
        <WriteDialog studio={studio} writing={writing} state={state} host={host} onClose={() => setWrites(false)} />
      )}
    </div>
  );
}

function Notices({ studio }: { studio: Studio }) {
  const replaced = studio.replaced.value;
  return (
    <div class="studio-notices" role="status">
      {replaced && (
        <Notice
          actions={
            <>
              <Button small onClick={studio.putBack}>
                Put the former query back
              </Button>
              <Button
                small
                kind="quiet"
                onClick={() => {
                  studio.replaced.value = null;
                }}
              >
                Close
              </Button>
            </>
          }
        >
          {replaced.said}
        </Notice>
      )}
      {studio.refused.value !== "" && <Notice tone="error">{studio.refused.value}</Notice>}
    </div>
  );
}
