/** Save a collection as a file, or see a request as a program. */
import { useEffect } from "preact/hooks";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { Select } from "../kit/field";
import { Empty, Notice } from "../kit/notice";
import { count } from "../number";
import { LANGUAGES } from "./code/index";
import { EXPORTS, type ExportState } from "./export-state";

export function ExportPane({ state }: { state: ExportState }) {
  useEffect(() => void state.load(), [state]);
  return (
    <div class="interchange-parts">
      {state.collections.value.length === 0 ? (
        <Empty icon="folder" title="Collections to export appear here">
          Import one, or save a request of the tester in one.
        </Empty>
      ) : (
        <>
          <Files state={state} />
          <Program state={state} />
        </>
      )}
      <section class="interchange-part" aria-labelledby="export-history-heading">
        <h2 id="export-history-heading">History as HAR</h2>
        <p class="hint">What was sent, with secrets as dots. Bodies of replies are not kept, so they are not in it.</p>
        <div class="interchange-actions">
          <Button onClick={() => void state.saveHistory()}>Save history</Button>
        </div>
        <Outcome state={state} of="history" />
      </section>
    </div>
  );
}

function Files({ state }: { state: ExportState }) {
  return (
    <section class="interchange-part" aria-labelledby="export-collection-heading">
      <h2 id="export-collection-heading">Collection as a file</h2>
      <div class="interchange-actions">
        <Select
          id="export-collection"
          label="Collection"
          value={state.collectionId}
          options={state.collections.value.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          id="export-format"
          label="Format"
          value={state.format}
          options={EXPORTS.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button onClick={() => void state.save()}>Save file</Button>
      </div>
      <p class="hint">Secrets are not exported. Variables without a value stand in their place.</p>
      <Outcome state={state} of="collection" />
    </section>
  );
}

function Outcome({ state, of }: { state: ExportState; of: "collection" | "history" }) {
  return <div aria-live="polite">{state.subject.value === of && <Saved state={state} />}</div>;
}

function Saved({ state }: { state: ExportState }) {
  const done = state.done.value;
  if (state.problem.value !== "") {
    return (
      <Notice tone="error" alert>
        {state.problem.value}
      </Notice>
    );
  }
  if (!done) return null;
  return (
    <Notice tone={done.losses.length > 0 ? "warn" : "ok"}>
      {count(done.files.length)} {done.files.length === 1 ? "file was" : "files were"} saved.{" "}
      {done.losses.length > 0 && (
        <details>
          <summary>{count(done.losses.length)} left out</summary>
          <ul>
            {done.losses.slice(0, MOST_LOSSES).map(({ where, what, why }, index) => (
              <li key={index} dir="auto">
                {where}: {what} ({why})
              </li>
            ))}
            {done.losses.length > MOST_LOSSES && <li>and {count(done.losses.length - MOST_LOSSES)} more</li>}
          </ul>
        </details>
      )}
    </Notice>
  );
}

function Program({ state }: { state: ExportState }) {
  const code = state.code.value;
  return (
    <section class="interchange-part" aria-labelledby="export-code-heading">
      <h2 id="export-code-heading">Request as a program</h2>
      <div class="interchange-actions">
        <Select
          id="code-request"
          label="Request"
          value={state.requestId}
          options={state.requests.value.map(({ id, name, method, address }) => ({
            value: id,
            label: name || `${method} ${address}`,
          }))}
        />
        <Select
          id="code-language"
          label="Language"
          value={state.language}
          options={LANGUAGES.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button
          disabledReason={state.requests.value.length === 0 ? "The collection has no request." : undefined}
          onClick={() => void state.write()}
        >
          Show code
        </Button>
      </div>
      {code && (
        <>
          {code.needs.length > 0 && (
            <p class="hint">
              Set these environment variables before you run it: <code>{code.needs.join(", ")}</code>
            </p>
          )}
          <textarea
            class="mono interchange-code"
            rows={Math.min(MOST_ROWS, code.text.split("\n").length + 1)}
            readOnly
            aria-label="Code of the request"
            value={code.text}
          />
          <div class="interchange-actions">
            <CopyButton label="Copy code" text={code.text} />
          </div>
        </>
      )}
    </section>
  );
}

const MOST_LOSSES = 50;
/** Of the field with the code; a longer text scrolls. */
const MOST_ROWS = 24;
