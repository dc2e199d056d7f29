/** The dialog that writes the runbook of an environment: what only people know, the preview, and the files. */
import { useMemo } from "preact/hooks";
import type { Instance } from "sysparm";
import { saveAs } from "../download";
import { Dialog } from "../kit/dialog";
import { Field } from "../kit/field";
import type { Store } from "../store/store";
import type { Environment } from "../workspace/model";
import { RunbookPreview } from "./preview";
import { createWriting, type Writing } from "./writing";
import "../style/runbook.css";

interface RunbookDialogProps {
  environment: Environment;
  instance: Instance;
  store: Store;
  close: () => void;
}

export function RunbookDialog({ environment, instance, store, close }: RunbookDialogProps) {
  // A dialog is of one environment and one connection.
  const writing = useMemo(() => createWriting(environment, instance, store), [environment.id, instance, store]);
  const phase = writing.phase.value;
  const end = () => {
    writing.again();
    close();
  };
  return (
    <Dialog
      open
      close={end}
      title={`Runbook of ${environment.name}`}
      kind="large"
      footer={<Footer writing={writing} end={end} />}
    >
      {phase.name === "written" ? <RunbookPreview book={phase.book} /> : <Form writing={writing} />}
    </Dialog>
  );
}

function Form({ writing }: { writing: Writing }) {
  const { asked, phase } = writing;
  const { system, purpose, kept, owner, tables, user } = asked;
  const disabled = phase.value.name === "reading";
  return (
    <form
      id="runbook-form"
      onSubmit={(event) => {
        event.preventDefault();
        void writing.write();
      }}
    >
      <p class="hint">
        The facts are read from the instance now. What this account may not read, the runbook says. It holds no secret.
      </p>
      <div class="fields">
        <Field
          id="runbook-system"
          label="What connects"
          value={system}
          disabled={disabled}
          placeholder="Order service"
        />
        <Field id="runbook-purpose" label="What it is for" value={purpose} disabled={disabled} class="wide" />
        <Field
          id="runbook-kept"
          label="Where the credential lives"
          value={kept}
          disabled={disabled}
          placeholder="vault kv/orders/servicenow"
          hint="A place, never the credential."
          class="wide"
        />
        <Field id="runbook-owner" label="Who may renew it" value={owner} disabled={disabled} />
        <Field
          id="runbook-user"
          label="Account of the integration"
          value={user}
          disabled={disabled}
          hint="Its user name, where you are signed in as another: then the way of signing in is left to fill in. Empty: who is signed in."
        />
        <Field
          id="runbook-tables"
          label="Tables that it uses"
          value={tables}
          disabled={disabled}
          mono
          placeholder="incident, sys_user"
          hint="Those of the requests in the history are added."
          class="wide"
        />
      </div>
      {phase.value.name === "asked" && phase.value.problem !== "" && (
        <p class="notice" role="alert">
          Not written. {phase.value.problem}
        </p>
      )}
      <p role="status" class="hint">
        {phase.value.name === "reading" ? `Reading ${phase.value.fact}…` : ""}
      </p>
    </form>
  );
}

function Footer({ writing, end }: { writing: Writing; end: () => void }) {
  const phase = writing.phase.value;
  if (phase.name !== "written")
    return (
      <>
        <button type="button" onClick={phase.name === "reading" ? writing.again : end}>
          {phase.name === "reading" ? "Stop" : "Cancel"}
        </button>
        <button type="submit" form="runbook-form" class="primary" disabled={phase.name === "reading"}>
          Write the runbook
        </button>
      </>
    );
  const { markdown, html } = phase.book;
  const name = `runbook-${writing.environment.name.toLowerCase().replace(/[^a-z\d]+/g, "-")}`;
  return (
    <>
      <button type="button" onClick={writing.again}>
        Change
      </button>
      <button type="button" onClick={() => window.print()}>
        Print
      </button>
      <button type="button" onClick={() => saveAs(`${name}.html`, "text/html", [html])}>
        Download HTML
      </button>
      <button type="button" class="primary" onClick={() => saveAs(`${name}.md`, "text/markdown", [markdown])}>
        Download Markdown
      </button>
    </>
  );
}
