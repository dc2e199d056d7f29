/** One field of a record, with its details below it where they are asked for. */
import { useSignal } from "@preact/signals";
import { addressOf } from "../app/address";
import { ValueText } from "../environments/changed-fields";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { isJournal, whyFixed } from "./changes";
import { type FieldFact, titleOf } from "./facts";
import { FieldDetails } from "./field-details";
import { FieldEditor } from "./field-editor";
import type { OpenRecord } from "./record";
import { isSysId } from "./target";

export function FieldRow({ record, fact }: { record: OpenRecord; fact: FieldFact }) {
  const open = useSignal(false);
  const { name, label, type, field } = fact;
  const title = titleOf(fact);
  const draft = record.drafts.value.get(name);
  const isDrafted = draft !== undefined;
  return (
    <tbody data-field={name} class={isDrafted ? "drafted" : undefined}>
      <tr>
        <th scope="row">
          {label && <bdi class="record-label">{label}</bdi>} <code>{name}</code>{" "}
          {field?.custom && <span class="tag">custom</span>}
        </th>
        <td data-head="Type">
          <div>
            {type}
            {field?.reference && <small> to {field.reference}</small>}
          </div>
        </td>
        <td data-head="Shown">{isDrafted ? <FieldEditor record={record} fact={fact} /> : <Shown fact={fact} />}</td>
        <td data-head="Stored" class="record-stored">
          {fact.raw !== null && !isJournal(fact) && (
            <div class="record-value">
              <ValueText text={fact.raw} isCut />
              {fact.raw !== "" && <CopyButton short label={`Copy the stored value of ${title}`} text={fact.raw} />}
            </div>
          )}
        </td>
        <td class="record-actions">
          {isDrafted ? (
            <Button small onClick={() => record.undo(name)} aria-label={`Undo the change of ${title}`}>
              Undo
            </Button>
          ) : (
            <Button
              small
              kind="quiet"
              disabledReason={whyFixed(fact, record.schemaReading.value.phase) || undefined}
              aria-label={`Edit ${title}`}
              onClick={() => record.draft(name, isJournal(fact) ? "" : (fact.raw ?? ""))}
            >
              Edit
            </Button>
          )}
          <Button
            small
            kind="quiet"
            aria-expanded={open.value}
            aria-label={`Details of ${title}`}
            onClick={() => {
              open.value = !open.value;
            }}
          >
            Details
          </Button>
        </td>
      </tr>
      {open.value && (
        <tr class="record-details">
          <td colSpan={5}>
            <FieldDetails fact={fact} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Shown({ fact }: { fact: FieldFact }) {
  const { raw, shown, field, type } = fact;
  if (raw === null) return <span class="quiet">not readable by this user</span>;
  if (type === "reference" && field?.reference && isSysId(raw))
    return (
      <a href={addressOf("records", field.reference, raw)} class="value-text cut" dir="auto">
        {shown || raw}
      </a>
    );
  return <ValueText text={shown} isCut />;
}
