/** The files of a record. */
import { useEffect, useMemo } from "preact/hooks";
import type { Attachment } from "sysparm";
import type { Guard } from "../environments/guard";
import { FailureView } from "../failure/view";
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { FileButton } from "../kit/file-button";
import { Empty, Notice } from "../kit/notice";
import { ActionsHead, TableHead } from "../kit/table-head";
import { plural, size } from "../number";
import { createFiles, type Files } from "./files";
import type { OpenRecord } from "./record";

export function FilesPanel({ record, guard }: { record: OpenRecord; guard: Guard }) {
  const files = useMemo(() => createFiles(record.place, guard), [record, guard]);
  useEffect(() => {
    void files.load();
    return files.cancel;
  }, [files]);

  const reading = files.reading.value;
  const busy = files.work.value.phase === "busy";
  return (
    <div class="record-files">
      <div class="actions">
        <FileButton label="Add files…" busy={busy} onFiles={(chosen) => void files.upload(chosen)} />
        <Button icon="sync" disabled={busy} onClick={() => void files.load()}>
          Read the list again
        </Button>
      </div>
      <WorkNotice files={files} />
      {reading.phase === "reading" && (
        <p class="hint" role="status">
          Reading the list of files.
        </p>
      )}
      {reading.phase === "failed" && <FailureView failure={reading.failure} heading="The files could not be listed" />}
      {reading.phase === "read" && (
        <>
          {reading.hidden > 0 && <p class="hint">Access rules hide {plural(reading.hidden, "file")}.</p>}
          {reading.attachments.length === 0 ? (
            <Empty icon="folder" title="No file">
              Files that are attached to the record appear here.
            </Empty>
          ) : (
            <FileTable files={files} attachments={reading.attachments} record={record} busy={busy} />
          )}
        </>
      )}
    </div>
  );
}

function WorkNotice({ files }: { files: Files }) {
  const work = files.work.value;
  switch (work.phase) {
    case "none":
      return null;
    case "busy":
      return (
        <Notice
          actions={
            <Button small onClick={files.cancel}>
              Cancel
            </Button>
          }
        >
          <span role="status">{work.what}</span>
        </Notice>
      );
    case "done":
      return (
        <Notice tone="ok">
          <span role="status">{work.what}</span>
        </Notice>
      );
    case "ended":
      return (
        <Notice tone="warn">
          <span role="status">{work.what}</span>
        </Notice>
      );
    case "refused":
      return (
        <Notice tone="error" alert>
          {work.why}
        </Notice>
      );
    case "failed":
      return <FailureView failure={work.failure} heading={work.what} />;
  }
}

interface FileTableProps {
  files: Files;
  attachments: readonly Attachment[];
  record: OpenRecord;
  busy: boolean;
}

function FileTable({ files, attachments, record, busy }: FileTableProps) {
  const { environment } = record.place;

  async function remove(attachment: Attachment): Promise<void> {
    const isAgreed = await ask({
      title: `Delete ${attachment.name} on ${environment.name}?`,
      text: "The file is deleted on the instance and cannot be brought back from here.",
      yes: `Delete ${attachment.name}`,
      kind: "danger",
    });
    if (isAgreed) await files.remove(attachment);
  }

  return (
    <table class="changed-fields">
      <TableHead columns={["Name", "Type", "Size", "Added, UTC", <ActionsHead key="actions" />]} />
      <tbody>
        {attachments.map((attachment) => (
          <tr key={attachment.sys_id}>
            <th scope="row">
              <bdi>{attachment.name}</bdi>
            </th>
            <td>{attachment.type}</td>
            <td>{attachment.size === null ? "not known" : size(attachment.size)}</td>
            <td>{attachment.createdOn}</td>
            <td class="record-actions">
              <Button
                small
                disabled={busy}
                aria-label={`Download ${attachment.name}`}
                onClick={() => void files.download(attachment)}
              >
                Download
              </Button>{" "}
              <Button
                small
                kind="danger"
                disabled={busy}
                aria-label={`Delete ${attachment.name}`}
                onClick={() => void remove(attachment)}
              >
                Delete…
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
