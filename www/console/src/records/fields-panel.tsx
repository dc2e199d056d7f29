/** Every field of a record: label, name, type, what people see and what is stored. */
import { useSignal } from "@preact/signals";
import { Button } from "../kit/button";
import { Checkbox, Field } from "../kit/field";
import { Empty } from "../kit/notice";
import { ActionsHead, TableHead } from "../kit/table-head";
import { count } from "../number";
import { filtered } from "./facts";
import { FieldRow } from "./field-row";
import type { OpenRecord } from "./record";

export function FieldsPanel({ record }: { record: OpenRecord }) {
  const text = useSignal("");
  const filledOnly = useSignal(false);
  const facts = record.facts.value;
  const shown = filtered(facts, { text: text.value, filledOnly: filledOnly.value });
  return (
    <div class="record-fields">
      <div class="record-tools">
        <Field id="record-filter" label="Filter" labelHidden type="search" value={text} placeholder="Filter fields" />
        <Checkbox id="record-filled" label="Filled only" value={filledOnly} />
        <span class="hint" role="status">
          {shown.length === facts.length
            ? `${count(facts.length)} fields`
            : `${count(shown.length)} of ${count(facts.length)} fields`}
        </span>
      </div>
      <Unknown record={record} />
      {shown.length === 0 ? (
        <Empty
          icon="search"
          title="No field matches"
          action={
            <Button
              onClick={() => {
                text.value = "";
                filledOnly.value = false;
              }}
            >
              Clear filter
            </Button>
          }
        />
      ) : (
        <table class="record-table">
          <TableHead columns={["Field", "Type", "Shown", "Stored", <ActionsHead key="actions" />]} />
          {shown.map((fact) => (
            <FieldRow key={fact.name} record={record} fact={fact} />
          ))}
        </table>
      )}
    </div>
  );
}

/** What is not known of the fields. */
function Unknown({ record }: { record: OpenRecord }) {
  const schema = record.schemaReading.value;
  const words = [
    schema.phase === "failed" ? schema.why : schema.phase === "read" ? schema.note : "",
    record.attributes.value.note,
  ].filter(Boolean);
  if (words.length === 0) return null;
  return <p class="hint">{words.join(" ")}</p>;
}
