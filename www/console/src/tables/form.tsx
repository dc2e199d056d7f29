/** The form of a read: table, query, columns, form of values, page size and limit. */
import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Instance } from "sysparm";
import { Button } from "../kit/button";
import { Field } from "../kit/field";
import { OpenQueryEditor } from "../query-editor/open";
import { schemas } from "../schema/page";
import { TypesButton } from "../schema/types/button";
import type { Reader } from "./reader";
import { VALUE_WORDS, VALUES, type Values } from "./values";

interface ReadFormProps {
  reader: Reader;
  instance: Instance | null;
  importOpen: Signal<boolean>;
}

export function ReadForm({ reader, instance, importOpen }: ReadFormProps) {
  const { form } = reader;
  const action = useRef<HTMLButtonElement>(null);
  const editing = useSignal(false);
  const reading = reader.state.value.phase === "reading";
  const table = form.table.value.trim();

  function submit(event: Event): void {
    event.preventDefault();
    if (reading) reader.cancel();
    else if (instance) {
      reader.takeTable();
      reader.remember();
      void reader.read(instance);
    }
    // Enter in a field keeps the focus there. The button stays the same element, so a second press cancels.
    action.current?.focus();
  }

  function useQuery(text: string): void {
    editing.value = false;
    form.query.value = text;
    if (instance) void reader.ask(instance, { query: text });
  }

  return (
    <form class="fields" onSubmit={submit} onChange={() => reader.takeTable()}>
      <Field id="table" label="Table" value={form.table} required disabled={reading} class="table-name" mono />
      <Field
        id="query"
        label="Encoded query"
        value={form.query}
        disabled={reading}
        placeholder="active=true^priority<=2"
        class="wide"
        mono
      />
      <Field
        id="fields"
        label="Fields"
        value={form.fields}
        disabled={reading}
        class="wide"
        hint="Comma separated; empty for all."
      />
      <ValuesChoice reader={reader} disabled={reading} />
      <Field
        id="page-size"
        label="Page size"
        type="number"
        min={1}
        max={10_000}
        value={form.pageSize}
        disabled={reading}
        class="short"
      />
      <Field
        id="limit"
        label="At most"
        type="number"
        min={1}
        value={form.limit}
        required
        disabled={reading}
        class="short"
      />
      <div class="form-end">
        <div class="actions">
          <button type="submit" ref={action} class={reading ? "" : "primary"} disabled={!reading && !instance}>
            {reading ? "Cancel" : "Read"}
          </button>
        </div>
        <Button
          kind="quiet"
          icon="query"
          disabled={reading}
          onClick={() => {
            editing.value = true;
          }}
        >
          Edit the query…
        </Button>
        <Button
          kind="quiet"
          icon="folder"
          aria-expanded={importOpen.value}
          onClick={() => {
            importOpen.value = !importOpen.value;
          }}
        >
          Import a file
        </Button>
        <TypesButton table={table} instance={instance} />
        {reader.typed.value && !reading && (
          <button type="button" class="quiet" onClick={reader.bringBack}>
            Bring back what was typed: <bdi>{reader.typed.value.table}</bdi>
          </button>
        )}
      </div>
      {editing.value && (
        <OpenQueryEditor
          text={form.query.value}
          table={table}
          known={() => schemas.of(instance, "The environment is not connected, so its fields are not known.")}
          onRefresh={instance && (() => void schemas.refresh(instance, table))}
          refreshing={schemas.isRefreshing(instance)}
          onUse={useQuery}
          onClose={() => {
            editing.value = false;
          }}
          onCancel={() => {
            editing.value = false;
          }}
        />
      )}
    </form>
  );
}

function ValuesChoice({ reader, disabled }: { reader: Reader; disabled: boolean }) {
  const { values } = reader.form;
  return (
    <div class="field short">
      <label for="values">Values</label>
      <select
        id="values"
        value={values.value}
        disabled={disabled}
        onChange={(event) => {
          values.value = event.currentTarget.value as Values;
        }}
      >
        {VALUES.map((one) => (
          <option key={one} value={one}>
            {VALUE_WORDS[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
