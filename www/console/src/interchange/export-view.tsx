/** Save a collection as a file, or see a request as a program. */
import { useEffect } from "preact/hooks";
import { Button } from "../kit/button";
import { Select } from "../kit/field";
import { Empty, Notice } from "../kit/notice";
import { count } from "../number";
import { LANGUAGES } from "./code/index";
import { EXPORTS, type ExportState } from "./export-state";

export function ExportPane({ state }: { state: ExportState }) {
  useEffect(() => void state.load(), [state]);
  return (
    <section class="interchange-part" aria-labelledby="export-heading">
      <h2 id="export-heading">Export</h2>
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
    </section>
  );
}

function Files({ state }: { state: ExportState }) {
  const done = state.done.value;
  return (
    <>
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
        <Button onClick={() => void state.saveHistory()}>Save history as HAR</Button>
      </div>
      <p class="hint">Secrets are not exported. Variables without a value stand in their place.</p>
      <div aria-live="polite">
        {state.problem.value !== "" && (
          <Notice tone="error" alert>
            {state.problem.value}
          </Notice>
        )}
        {done && (
          <Notice tone={done.losses.length > 0 ? "warn" : "ok"}>
            {count(done.files.length)} {done.files.length === 1 ? "file was" : "files were"} saved.{" "}
            {done.losses.length > 0 && (
              <details>
                <summary>{count(done.losses.length)} left out</summary>
                <ul>
                  {done.losses.slice(0, 50).map(({ where, what, why }, index) => (
                    <li key={index} dir="auto">
                      {where}: {what} ({why})
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </Notice>
        )}
      </div>
    </>
  );
}

function Program({ state }: { state: ExportState }) {
  const code = state.code.value;
  return (
    <>
      <h3>Code</h3>
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
            rows={16}
            readOnly
            aria-label="Code of the request"
            value={code.text}
          />
          <div class="interchange-actions">
            <Button icon="copy" onClick={() => void navigator.clipboard.writeText(code.text)}>
              Copy code
            </Button>
          </div>
        </>
      )}
    </>
  );
}
