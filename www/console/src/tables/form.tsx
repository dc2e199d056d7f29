/** The form of a read: table, query, fields, page size and limit. */
import { useRef } from "preact/hooks";
import type { Instance } from "sysparm";
import { Field } from "../kit/field";
import { TypesButton } from "../schema/types/button";
import type { Reader } from "./reader";

export function ReadForm({ reader, instance }: { reader: Reader; instance: Instance | null }) {
  const { form } = reader;
  const action = useRef<HTMLButtonElement>(null);
  const reading = reader.state.value.phase === "reading";

  function submit(event: Event): void {
    event.preventDefault();
    if (reading) reader.cancel();
    else if (instance) void reader.read(instance);
    // Enter in a field keeps the focus there. The button stays the same element, so a second press cancels.
    action.current?.focus();
  }

  return (
    <form class="fields" onSubmit={submit}>
      <Field id="table" label="Table" value={form.table} required disabled={reading} />
      <Field
        id="query"
        label="Encoded query"
        value={form.query}
        disabled={reading}
        placeholder="active=true^priority<=2"
        class="wide"
      />
      <Field
        id="fields"
        label="Fields"
        value={form.fields}
        disabled={reading}
        class="wide"
        hint="Comma separated; empty for all."
      />
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
        <label class="tick">
          <input
            type="checkbox"
            checked={form.labels.value}
            disabled={reading}
            onChange={(event) => {
              form.labels.value = event.currentTarget.checked;
            }}
          />
          Labels instead of raw values
        </label>
        <TypesButton table={form.table.value.trim()} instance={instance} />
        {reader.typed.value && !reading && (
          <button type="button" class="quiet" onClick={reader.bringBack}>
            Bring back what was typed: <bdi>{reader.typed.value.table}</bdi>
          </button>
        )}
      </div>
    </form>
  );
}
