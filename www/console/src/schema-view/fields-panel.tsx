/** The fields of a table. */
import { useSignal } from "@preact/signals";
import type { Field as SchemaField, TableSchema } from "sysparm/schema";
import { addressOf } from "../app/address";
import { Checkbox, Field } from "../kit/field";
import { Empty } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { count } from "../number";
import { fieldsOf } from "../schema/fields";
import { shownFields } from "./shown-fields";

export function FieldsPanel({ schema }: { schema: TableSchema }) {
  const text = useSignal("");
  const ownOnly = useSignal(false);
  const customOnly = useSignal(false);
  const all = fieldsOf(schema);
  const shown = shownFields(schema, { text: text.value, ownOnly: ownOnly.value, customOnly: customOnly.value });
  const total = Object.keys(all).length;
  return (
    <div class="record-fields">
      <div class="record-tools">
        <Field id="schema-filter" label="Filter" labelHidden type="search" value={text} placeholder="Filter fields" />
        <Checkbox id="schema-own" label={`Declared in ${schema.table}`} value={ownOnly} />
        <Checkbox id="schema-custom-fields" label="Custom fields" value={customOnly} />
        <span class="hint" role="status">
          {shown.length === total ? `${count(total)} fields` : `${count(shown.length)} of ${count(total)} fields`}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty icon="search" title="No field matches" />
      ) : (
        <table class="record-table schema-fields">
          <TableHead columns={["Field", "Type", "Length", "Reference", "Declared in", "Marks"]} />
          {shown.map(([name, field]) => (
            <FieldRow key={name} name={name} field={field} table={schema.table} />
          ))}
        </table>
      )}
    </div>
  );
}

function FieldRow({ name, field, table }: { name: string; field: SchemaField; table: string }) {
  const { label, type, maxLength, reference, declaredIn } = field;
  const marks = marksOf(field);
  return (
    <tbody data-field={name}>
      <tr>
        <th scope="row">
          {label && <bdi>{label}</bdi>} <code>{name}</code>
        </th>
        <td data-head="Type">{type ?? "not known"}</td>
        <td data-head="Length">{maxLength === undefined ? "" : count(maxLength)}</td>
        <td data-head="Reference">{reference && <TableLink table={reference} />}</td>
        <td data-head="Declared in">
          {declaredIn && (declaredIn === table ? <code>{declaredIn}</code> : <TableLink table={declaredIn} />)}
        </td>
        <td data-head="Marks">
          {marks.length > 0 && (
            <span class="schema-marks">
              {marks.map((mark) => (
                <span key={mark} class="tag">
                  {mark}
                </span>
              ))}
            </span>
          )}
        </td>
      </tr>
    </tbody>
  );
}

function marksOf({ custom, mandatory, readOnly, choices, overridden, source }: SchemaField): string[] {
  return [
    custom ? "custom" : "",
    mandatory ? "mandatory" : "",
    readOnly ? "read-only" : "",
    choices && choices.length > 0 ? `${choices.length} choices` : "",
    overridden && Object.keys(overridden).length > 0 ? "overridden" : "",
    source === "row" ? "seen in a row only" : "",
  ].filter(Boolean);
}

export function TableLink({ table }: { table: string }) {
  return (
    <a href={addressOf("schema", table)}>
      <code>{table}</code>
    </a>
  );
}
