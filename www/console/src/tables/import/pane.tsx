/** Imports a CSV file into a table: file, columns, dry run, import, report. */
import { useEffect } from "preact/hooks";
import { Button } from "../../kit/button";
import { FileButton } from "../../kit/file-button";
import { Notice } from "../../kit/notice";
import { count, plural } from "../../number";
import { Choices } from "./choices";
import type { Importing } from "./importing";
import { Plan } from "./plan-view";
import { Report } from "./report-view";

interface ImportPaneProps {
  importing: Importing;
  table: string;
  /** The environment asks by itself, with the number to be typed. */
  environmentAsks: boolean;
  environmentName: string;
}

export function ImportPane({ importing, table, environmentAsks, environmentName }: ImportPaneProps) {
  const { phase, file, problem, busy } = importing;
  const now = phase.value;
  const writes = now.name === "writing";

  // With the page goes the report of what was sent.
  useEffect(() => {
    if (!writes) return;
    const ask = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [writes]);

  return (
    <section class="import-pane" aria-labelledby="import-heading">
      <h2 id="import-heading">Import into {importing.table.value || table}</h2>
      <div class="actions">
        <FileButton
          label="Choose a CSV file…"
          accept=".csv,text/csv"
          disabled={busy.value}
          onFiles={([chosen]) => void importing.open(chosen, table)}
        />
        {file.value && (
          <span class="import-file">
            <bdi>{file.value.name}</bdi>, {plural(file.value.rows.length, "row")},{" "}
            {plural(file.value.columns.length, "column")}
          </span>
        )}
      </div>
      {problem.value !== "" && (
        <Notice tone="error" alert>
          {problem.value}
        </Notice>
      )}
      {file.value?.notes.map((note) => (
        <Notice key={note} tone="warn">
          {note}
        </Notice>
      ))}
      {file.value && (now.name === "mapping" || now.name === "planned") && (
        <Choices importing={importing} file={file.value} />
      )}
      {now.name === "checking" && (
        <div class="progress">
          <progress
            aria-label="Progress of the dry run"
            {...(now.total === 0 ? {} : { value: now.looked, max: now.total })}
          />
          <p>
            {count(now.looked)} of {plural(now.total, "key")} looked up. Nothing is written.
          </p>
          <Button small onClick={importing.cancel}>
            Cancel
          </Button>
        </div>
      )}
      {now.name === "planned" && (
        <Plan
          importing={importing}
          planned={now.planned}
          environmentAsks={environmentAsks}
          environmentName={environmentName}
        />
      )}
      {now.name === "writing" && (
        <div class="progress">
          <progress aria-label="Progress of the import" value={now.reported.length} max={now.planned.length} />
          <p>
            {count(now.reported.length)} of {plural(now.planned.length, "row")}
          </p>
          <Button small onClick={importing.cancel}>
            Cancel
          </Button>
        </div>
      )}
      {now.name === "ended" && <Report importing={importing} reported={now.reported} />}
    </section>
  );
}
