/** The catalogue, searched by status, message or code. Loaded when the view is opened. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import { count } from "../number";
import { loadCatalogue, matchingSymptoms, type Symptom } from "./catalogue";

const SHOWN = 30;

export function CatalogueView() {
  const all = useSignal<readonly Symptom[] | null>(null);
  const problem = useSignal("");
  const typed = useSignal("");
  const most = useSignal(SHOWN);

  function load(): void {
    problem.value = "";
    loadCatalogue().then(
      (found) => {
        all.value = found;
      },
      (thrown: Error) => {
        problem.value = thrown.message;
      },
    );
  }

  useEffect(load, []);

  const found = matchingSymptoms(all.value ?? [], typed.value);
  return (
    <section class="symptoms-catalogue" aria-label="Catalogue of symptoms">
      <h2>Catalogue of symptoms</h2>
      <div class="field">
        <label for="symptoms-search">Search by status, message, cause or code</label>
        <input
          id="symptoms-search"
          type="search"
          autocomplete="off"
          spellcheck={false}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            most.value = SHOWN;
          }}
        />
      </div>
      {problem.value && (
        <Notice tone="error" alert actions={<Button onClick={load}>Load it again</Button>}>
          {problem.value}
        </Notice>
      )}
      {all.value && (
        <p role="status" class="hint">
          {count(found.length)} of {count(all.value.length)} symptoms
        </p>
      )}
      {all.value && found.length === 0 && (
        <p>No symptom matches. Paste the reply above: its diagnosis needs no words.</p>
      )}
      {found.slice(0, most.value).map((symptom) => (
        <Entry key={`${symptom.code} ${symptom.title}`} symptom={symptom} />
      ))}
      {found.length > most.value && (
        <Button
          onClick={() => {
            most.value += SHOWN;
          }}
        >
          Show {Math.min(SHOWN, found.length - most.value)} more
        </Button>
      )}
    </section>
  );
}

function Entry({ symptom: { title, code, kind, repeat, causes } }: { symptom: Symptom }) {
  const open = useSignal(false);
  return (
    <details
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        {title} <code>{code}</code>
      </summary>
      {open.value && (
        <FailureView
          heading={title}
          failure={{
            message: `A symptom of the kind ${kind}.`,
            repeat,
            diagnosis: { code, kind, causes, evidence: [] },
          }}
        />
      )}
    </details>
  );
}
