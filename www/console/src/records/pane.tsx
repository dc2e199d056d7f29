/** One record: its head, its tabs, and what is changed and not saved yet. */
import { useSignal } from "@preact/signals";
import "../style/tester.css";
import type { Workspace } from "../environments/workspace";
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import { type Panel, Panels } from "../tester/panels";
import { ComparePanel } from "./compare-panel";
import { FieldsPanel } from "./fields-panel";
import { FilesPanel } from "./files-panel";
import { RecordHead } from "./head";
import { HistoryPanel } from "./history-panel";
import { JournalPanel } from "./journal-panel";
import type { OpenRecord } from "./record";
import type { Records } from "./records";
import { SaveBar } from "./save-bar";
import { SavedNotice } from "./saved-notice";

interface RecordPaneProps {
  record: OpenRecord;
  records: Records;
  workspace: Workspace;
}

export function RecordPane({ record, records, workspace }: RecordPaneProps) {
  const chosen = useSignal("fields");
  const reading = record.reading.value;
  const { environment, table, id } = record.place;
  const current = workspace.environments.current.value;
  const elsewhere = current && current.id !== environment.id ? current : undefined;

  if (reading.phase === "reading")
    return (
      <p class="hint" role="status">
        Reading the record of {table}.
      </p>
    );
  const panels: Panel[] = [
    { id: "fields", label: "Fields", content: () => <FieldsPanel record={record} /> },
    { id: "journal", label: "Journal", content: () => <JournalPanel record={record} /> },
    { id: "history", label: "History", content: () => <HistoryPanel record={record} /> },
    { id: "files", label: "Files", content: () => <FilesPanel record={record} guard={workspace.guard} /> },
    { id: "compare", label: "Compare", content: () => <ComparePanel record={record} workspace={workspace} /> },
  ];
  return (
    <article class="record" aria-labelledby="record-heading">
      {elsewhere && (
        <Notice
          actions={<Button small onClick={() => records.open(table, id)}>{`Read it from ${elsewhere.name}`}</Button>}
        >
          This record is of {environment.name}; {elsewhere.name} is in use now.
        </Notice>
      )}
      {reading.phase === "failed" ? (
        <>
          <FailureView failure={reading.failure} heading="The record could not be read" />
          <div class="actions">
            <Button onClick={() => void record.load()}>Read it again</Button>
            <Button onClick={() => records.find({ key: id, isId: true, tables: [table] })}>Look in other tables</Button>
          </div>
        </>
      ) : (
        <>
          <RecordHead record={record} row={reading.row} at={reading.at} />
          {reading.failure && <FailureView failure={reading.failure} heading="The record could not be read again" />}
          <SavedNotice record={record} />
          <SaveBar record={record} />
          <Panels
            label="Parts of the record"
            panels={panels}
            chosen={chosen.value}
            onChoose={(panel) => {
              chosen.value = panel;
            }}
          />
        </>
      )}
    </article>
  );
}
