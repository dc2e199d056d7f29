/** Reads a table to its last row and shows every row that was read, also after a failure. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Instance } from "sysparm";
import { saveAs } from "../download";
import type { Workspace } from "../environments/workspace";
import { FailureView } from "../failure/view";
import { whenShown } from "../kit/when-shown";
import { createBrowsing } from "./browsing";
import { absentFields } from "./columns";
import { createExporting } from "./export/exporting";
import { ReadForm } from "./form";
import { createImporting } from "./import/importing";
import { oldValues } from "./import/report";
import { ReadProgress } from "./progress";
import type { Reader } from "./reader";
import { Rows } from "./rows";

const LoadedImport = whenShown(async () => (await import("./import/pane")).ImportPane);

interface Shown {
  reader: Reader;
  instance: Instance | null;
  workspace: Workspace;
  /** Names what is cancelled when the connection is closed. */
  onDisconnect: (cancel: () => void) => void;
}

export function TablesPane({ reader, instance, workspace, onDisconnect }: Shown) {
  const { connections, environments, guard } = workspace;
  const state = reader.state.value;
  const environment = environments.current.value;
  const connected = useSignal(instance);
  connected.value = instance;
  const importOpen = useSignal(false);
  const browsing = useMemo(() => createBrowsing(reader, () => connected.peek()), [reader]);
  const exporting = useMemo(() => createExporting(() => connected.peek()), []);
  const importing = useMemo(() => createImporting(() => importHost(workspace)), [workspace]);
  const rowCount = reader.rowCount.value;
  const source = reader.source.value;
  const table = source?.table ?? "";
  const earlier = state.phase !== "idle" && source !== state.request;

  useEffect(() => browsing.reset(), [source, browsing]);
  useEffect(() => {
    onDisconnect(exporting.cancel);
    onDisconnect(importing.cancel);
  }, [exporting, importing, onDisconnect]);

  return (
    <>
      <ReadForm reader={reader} instance={instance} importOpen={importOpen} />
      {(importOpen.value || importing.busy.value) && (
        <LoadedImport
          importing={importing}
          table={reader.form.table.value.trim()}
          environmentAsks={environment !== undefined && guard.asks(environment)}
          environmentName={environment?.name ?? ""}
        />
      )}
      <ReadProgress reader={reader} wait={connections.currentWait} />
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
          <Rows reader={reader} instance={instance} browsing={browsing} exporting={exporting} table={table} />
        </>
      )}
    </>
  );
}

/** What an import may do in the environment in use. On production what records hold is saved before they are changed. */
function importHost({ connections, environments, guard }: Workspace) {
  const environment = environments.current.peek();
  return {
    instance: () => connections.currentInstance.peek(),
    allowRun: (name: string, writes: Parameters<typeof guard.allowRun>[2]) =>
      environment ? guard.allowRun(environment, name, writes) : Promise.resolve(false),
    saveOldValues:
      environment?.kind === "prod"
        ? (planned: Parameters<typeof oldValues>[0]) => {
            if (planned.length > 0)
              saveAs("values before the import.ndjson", "application/x-ndjson", [oldValues(planned)]);
          }
        : null,
  };
}

function AbsentFields({ reader, chosen }: { reader: Reader; chosen: string[] }) {
  // Of a reading that has ended the rows stay as they are. There may be 100,000 of them.
  const absent = useMemo(() => absentFields(chosen, reader.rows), [reader.state.value]);
  if (absent.length === 0) return null;
  return (
    <p class="notice">
      In no row: <b>{absent.join(", ")}</b>. The table has no such field, or this user may not read it. The instance
      omits both without an error.
    </p>
  );
}
