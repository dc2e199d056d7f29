/** Paste or choose what to import, see what came and what was lost, then keep it. */
import { Button } from "../kit/button";
import { Checkbox } from "../kit/field";
import { FileButton } from "../kit/file-button";
import { Notice } from "../kit/notice";
import { count, plural } from "../number";
import type { Imported } from "../workspace/model";
import { countsOf, type ImportState, lossGroups } from "./import-state";

export function ImportPane({ state }: { state: ImportState }) {
  const { phase } = state.state.value;
  return (
    <section class="interchange-part" aria-label="Import">
      <div class="field">
        <label for="import-text">Text</label>
        <textarea
          id="import-text"
          class="mono interchange-text"
          rows={8}
          spellcheck={false}
          aria-describedby="import-hint"
          value={state.text.value}
          onInput={(event) => {
            state.text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void state.readText();
          }}
        />
        <p class="hint" id="import-hint">
          A curl line, or a document of Postman 2.0 or 2.1, OpenAPI 3.0 or 3.1, HAR, Bruno or Hoppscotch. It stays in
          this page.
        </p>
      </div>
      <div class="interchange-actions">
        <Button
          // The report has a primary button of its own.
          kind={phase === "report" || phase === "keeping" ? "plain" : "primary"}
          busy={phase === "reading"}
          disabledReason={state.text.value.trim() === "" ? "Paste a text first." : undefined}
          onClick={() => void state.readText()}
        >
          Read text
        </Button>
        {phase === "reading" && <Button onClick={state.cancel}>Cancel</Button>}
        <FileButton label="Choose a file…" onFiles={(files) => void state.readFiles(files)} />
        <FileButton label="Choose a folder…" folder onFiles={(files) => void state.readFiles(files)} />
      </div>
      <div aria-live="polite">
        <Result state={state} />
      </div>
    </section>
  );
}

function Result({ state }: { state: ImportState }) {
  const current = state.state.value;
  if (current.phase === "problem") {
    return (
      <Notice tone="error" alert>
        <strong>Nothing was imported.</strong> <span dir="auto">{current.problem}</span>
      </Notice>
    );
  }
  if (current.phase === "kept") {
    return (
      <>
        {current.says !== "" && (
          <Notice tone="ok">
            <span dir="auto">{current.says}</span>
          </Notice>
        )}
        {current.problem !== "" && (
          <Notice tone="error" alert>
            <strong>The variables may not have been kept.</strong> <span dir="auto">{current.problem}</span> See those
            of the environment.
          </Notice>
        )}
      </>
    );
  }
  return current.phase === "report" || current.phase === "keeping" ? (
    <Report state={state} imported={current.imported} />
  ) : null;
}

function Report({ state, imported }: { state: ImportState; imported: Imported }) {
  const { requests, folders, variables, secrets } = countsOf(imported);
  const environment = state.environment.value;
  const groups = lossGroups(imported.losses);
  const current = state.state.value;
  const keeping = current.phase === "keeping";
  const problem = current.phase === "report" ? current.problem : undefined;
  return (
    <div class="interchange-report">
      <h2 dir="auto">
        {imported.format}: {imported.collections.map(({ name }) => name).join(", ") || "variables"}
      </h2>
      <dl class="interchange-counts">
        <Fact label="Requests" value={requests} />
        <Fact label="Folders" value={folders} />
        <Fact label="Variables" value={variables} />
        <Fact label="Secrets" value={secrets} />
        <Fact label="Left out" value={imported.losses.length} />
      </dl>
      {groups.length > 0 && <h3>Left out</h3>}
      {groups.length > 0 && (
        <ul class="interchange-losses" aria-label="What was left out">
          {groups.slice(0, MOST_GROUPS).map(({ what, why, where }) => (
            <li key={`${what} ${why}`}>
              <details>
                <summary>
                  {count(where.length)} × <bdi>{what}</bdi>: {why}
                </summary>
                <ul>
                  {where.slice(0, MOST_PLACES).map((place, index) => (
                    <li key={index} dir="auto">
                      {place}
                    </li>
                  ))}
                  {where.length > MOST_PLACES && <li>and {count(where.length - MOST_PLACES)} more</li>}
                </ul>
              </details>
            </li>
          ))}
          {groups.length > MOST_GROUPS && <li>and {count(groups.length - MOST_GROUPS)} more kinds</li>}
        </ul>
      )}
      {imported.variables.length > 0 && (
        <p>
          {environment ? (
            <>
              {plural(imported.variables.length, "variable")} of the environment: for <bdi>{environment.name}</bdi>,
              which keeps its own.
            </>
          ) : (
            `There is no environment. ${plural(imported.variables.length, "variable")} for it will not be kept.`
          )}
        </p>
      )}
      {secrets > 0 && (
        <Checkbox id="import-remember" label="Remember the secrets on this device, sealed" value={state.remember} />
      )}
      {problem !== undefined && (
        <Notice tone="error" alert>
          <strong>Nothing was kept.</strong> <span dir="auto">{problem}</span> Press Keep to try again.
        </Notice>
      )}
      <div class="interchange-actions">
        <Button kind="primary" busy={keeping} onClick={() => void state.keep()}>
          Keep
        </Button>
        {!keeping && <Button onClick={state.discard}>Discard</Button>}
      </div>
    </div>
  );
}

function Fact({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  );
}

const MOST_GROUPS = 50;
const MOST_PLACES = 20;
