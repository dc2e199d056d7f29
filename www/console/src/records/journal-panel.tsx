/** The journal of a record, and the entries that a person adds. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Failure, failureOf } from "../failure/failure";
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Empty } from "../kit/notice";
import { isJournal, whyFixed } from "./changes";
import { type Journal, readJournal } from "./entries";
import { titleOf } from "./facts";
import { FieldEditor } from "./field-editor";
import type { OpenRecord } from "./record";

export function JournalPanel({ record }: { record: OpenRecord }) {
  const read = useSignal<Journal | Failure | null>(null);
  const row = record.row.value;
  const facts = record.facts.value;
  const { instance, id } = record.place;

  useEffect(() => {
    if (!row) return;
    const abort = new AbortController();
    readJournal(instance, id, row, record.facts.peek(), abort.signal).then(
      (found) => {
        read.value = found;
      },
      (thrown) => {
        if (!abort.signal.aborted) read.value = failureOf(thrown);
      },
    );
    return () => abort.abort();
  }, [instance, id, row, record, read]);

  const { phase } = record.schemaReading.value;
  const journals = facts.filter((fact) => isJournal(fact) && whyFixed(fact, phase) === "");
  const found = read.value;
  return (
    <div class="record-journal">
      <div class="actions">
        {journals.map((fact) =>
          record.drafts.value.has(fact.name) ? null : (
            <Button key={fact.name} small icon="plus" onClick={() => record.draft(fact.name, "")}>
              Add to {titleOf(fact)}
            </Button>
          ),
        )}
      </div>
      {journals
        .filter(({ name }) => record.drafts.value.has(name))
        .map((fact) => (
          <section key={fact.name} class="record-entry" aria-label={`New entry of ${titleOf(fact)}`}>
            <b>{titleOf(fact)}</b>
            <FieldEditor record={record} fact={fact} />
            <div>
              <Button small onClick={() => record.undo(fact.name)}>
                Leave it
              </Button>
            </div>
          </section>
        ))}
      {found === null ? (
        <p class="hint" role="status">
          Reading the journal.
        </p>
      ) : "message" in found ? (
        <FailureView failure={found} heading="The journal could not be read" />
      ) : (
        <Entries journal={found} />
      )}
    </div>
  );
}

function Entries({ journal: { entries, note } }: { journal: Journal }) {
  return (
    <>
      {note && <p class="hint">{note}</p>}
      {entries.length === 0 && (
        <Empty icon="text" title="No entry">
          Comments and work notes of the record appear here.
        </Empty>
      )}
      <ol class="record-list">
        {entries.map(({ id, at, author, kind, text }) => (
          <li key={id}>
            <div class="record-facts">
              <bdi class="record-label">{author}</bdi>
              <span>{at}</span>
              <span class="tag">{kind}</span>
            </div>
            <p class="record-text" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
