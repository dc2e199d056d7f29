/** One call of the catalogue: parameters, what it needs, a body to begin with, the source. */
import { addressOf } from "../app/address";
import { Button } from "../kit/button";
import { methodClass } from "../kit/method-class";
import { sourceAddress } from "./catalogue";
import type { Entry } from "./model";

export function CallDetails({ entry, onOpen }: { entry: Entry; onOpen: () => void }) {
  const { api, body } = entry;
  return (
    <article class="catalogue-entry">
      <a class="catalogue-back" href={addressOf("catalogue")}>
        All calls
      </a>
      <h2>
        {api.name}: {entry.summary}
      </h2>
      <p class="mono catalogue-line">
        <span class={`m ${methodClass(entry.method)}`}>{entry.method}</span> {entry.path}
      </p>
      <div class="actions">
        <Button kind="primary" onClick={onOpen}>
          Open in the tester
        </Button>
      </div>
      {entry.note && <p>{entry.note}</p>}
      {entry.parameters.length > 0 && (
        <>
          <h3>Parameters</h3>
          <dl class="facts">
            {entry.parameters.map(({ name, note, value }) => (
              <div key={name} class="catalogue-parameter">
                <dt class="mono">{name}</dt>
                <dd>
                  {note}
                  {value !== undefined && (
                    <span class="hint">
                      {" "}
                      begins as <code>{value}</code>
                    </span>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {body && "json" in body && (
        <>
          <h3>Body to begin with</h3>
          <pre class="catalogue-body">{JSON.stringify(body.json, null, 2)}</pre>
        </>
      )}
      {body && "parts" in body && <p>Sent as a form with {body.parts.join(", ")}.</p>}
      {body && "file" in body && <p>The body is the file as it is.</p>}
      <h3>Needs</h3>
      <p>{api.needs ?? "Nothing beyond what its requests need."}</p>
      <h3>Source</h3>
      <p>
        <a href={sourceAddress(api)} target="_blank" rel="noreferrer">
          ServiceNow documentation, {api.source}
        </a>
      </p>
    </article>
  );
}
