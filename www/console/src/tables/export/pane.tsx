/** Saves the rows that were read, or all that the query finds, as a file. */
import { useSignal } from "@preact/signals";
import { FailureView } from "../../failure/view";
import { Button } from "../../kit/button";
import { Select } from "../../kit/field";
import { count } from "../../number";
import type { Reader } from "../reader";
import { NOT_RESUMABLE } from "./batches";
import { type Exporting, fileName, typeOf } from "./exporting";
import { FORMAT_FACTS, FORMATS, type Format } from "./formats";
import { rowsRead } from "./rows-read";
import { pickSink } from "./sink";
import { exportProgress, exportResult, exportShare } from "./words";

interface ExportPaneProps {
  reader: Reader;
  exporting: Exporting;
  numbers: ReadonlySet<string>;
  connected: boolean;
}

export function ExportPane({ reader, exporting, numbers, connected }: ExportPaneProps) {
  const format = useSignal<string>("csv");
  const scope = useSignal("all");
  const state = exporting.state.value;
  const source = reader.source.value;
  if (!source) return null;
  const busy = state.phase === "running" || state.phase === "stopped";
  const isRead = scope.value === "all";
  const reason = isRead && !connected ? "Connect the environment first, or save the rows that were read." : undefined;

  function start(): void {
    if (!source) return;
    const chosen = format.value as Format;
    const order = {
      request: source,
      columns: reader.columns.peek(),
      numbers,
      format: chosen,
      rows: isRead ? null : rowsRead(reader),
      limit: Number.POSITIVE_INFINITY,
    };
    void exporting.start(order, () => pickSink(fileName(source.table, chosen, new Date()), typeOf(chosen)));
  }

  return (
    <section class="export-pane" aria-labelledby="export-heading">
      <h2 id="export-heading" class="visually-hidden">
        Export
      </h2>
      {!busy && (
        <div class="fields">
          <Select
            id="export-format"
            label="Format"
            value={format}
            options={FORMATS.map((value) => ({ value, label: FORMAT_FACTS[value].label }))}
          />
          <Select
            id="export-scope"
            label="Rows"
            value={scope}
            options={[
              { value: "all", label: "All that the query finds" },
              { value: "read", label: `The ${count(reader.rowCount.value)} that were read` },
            ]}
          />
          <Button kind="primary" disabledReason={reason} onClick={start}>
            Save…
          </Button>
          <p class="hint export-hint">
            {format.value === "xlsx"
              ? "Cells have their type, so nothing in them runs as a formula."
              : format.value === "csv"
                ? "What a spreadsheet would run as a formula gets an apostrophe, also inside a cell."
                : "Values are written as they came."}
          </p>
        </div>
      )}
      <ExportState exporting={exporting} />
    </section>
  );
}

function ExportState({ exporting }: { exporting: Exporting }) {
  const state = exporting.state.value;
  if (exporting.problem.value !== "")
    return (
      <p class="notice error" role="alert">
        {exporting.problem.value}
      </p>
    );
  if (state.phase === "none") return null;
  const { facts } = state;
  if (state.phase === "ended")
    return (
      <p class="notice ok" role="status">
        {exportResult(facts)}{" "}
        <Button small onClick={exporting.close}>
          Close
        </Button>
      </p>
    );
  const share = exportShare(facts);
  return (
    <div class="progress">
      <progress aria-label="Progress of the export" {...(share === null ? {} : { value: share, max: 1 })} />
      <p class="progress-text">
        {state.phase === "stopped" && "Stopped. "}
        {exportProgress(facts)}
        {facts.streams ? ", written to disk" : ""}
      </p>
      {state.phase === "running" ? (
        <Button small onClick={exporting.cancel}>
          Cancel
        </Button>
      ) : (
        <>
          <Button
            small
            kind="primary"
            disabledReason={facts.resumable ? undefined : NOT_RESUMABLE}
            onClick={exporting.resume}
          >
            Resume
          </Button>
          <Button small disabled={facts.rows === 0} onClick={exporting.finish}>
            Save what was read
          </Button>
          <Button small onClick={exporting.discard}>
            Discard
          </Button>
        </>
      )}
      {state.phase === "stopped" && state.failure && (
        <FailureView failure={state.failure} heading="The export stopped" />
      )}
    </div>
  );
}
