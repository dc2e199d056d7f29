/** All fields of the row that is active in the grid, or of a record that one of its references leads to. Follows the active row. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Instance, Row } from "sysparm";
import type { Field } from "sysparm/schema";
import { addressOf } from "../app/address";
import type { Failure } from "../failure/failure";
import { FailureView } from "../failure/view";
import { Button, IconButton } from "../kit/button";
import { Field as Input } from "../kit/field";
import { count } from "../number";
import { fieldsOf } from "../schema/fields";
import { schemas } from "../schema/page";
import type { Browsing } from "./browsing";
import { matching, recordTitle, referenceId, type ShownField, shownFields } from "./record-fields";
import type { createRecordsRead, RecordAddress } from "./records-read";

interface PanelProps {
  instance: Instance | null;
  row: RecordAddress | null;
  /** Records that references led to, the one shown last. */
  peeks: Signal<readonly RecordAddress[]>;
  records: ReturnType<typeof createRecordsRead>;
  browsing: Browsing;
  close: () => void;
}

type Shown = { of: RecordAddress } & ({ record: Row } | { failure: Failure });

export function RowPanel({ instance, row, peeks, records, browsing, close }: PanelProps) {
  const target = peeks.value.at(-1) ?? row;
  const shown = useSignal<Shown | null>(null);
  const typed = useSignal("");
  const filledOnly = useSignal(true);
  const key = target ? `${target.table}/${target.id}` : "";

  useEffect(() => {
    if (!instance || !target || target.id === "") {
      shown.value = null;
      return;
    }
    const abort = new AbortController();
    // Arrow keys pass over rows faster than their records should be read.
    const timer = setTimeout(() => {
      records.read(instance, target, abort.signal).then(
        (read) => {
          shown.value = { of: target, ...read };
        },
        () => undefined,
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [instance, key, records]);

  const now = shown.value;
  const stale = now !== null && `${now.of.table}/${now.of.id}` !== key;
  // What the head and the fields are of, until the next record has been read.
  const address = now?.of ?? target;
  return (
    <aside
      id="row-panel"
      class="row-panel"
      aria-label="All fields of the row"
      aria-busy={stale}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div class="row-panel-head">
        {peeks.value.length > 0 && (
          <Button
            small
            onClick={() => {
              peeks.value = peeks.value.slice(0, -1);
            }}
          >
            Back
          </Button>
        )}
        <h2 class="grow" dir="auto">
          {now && "record" in now ? recordTitle(now.record) : "Row"}
        </h2>
        <IconButton icon="close" label="Close the panel" onClick={close} />
      </div>
      {!address || address.id === "" ? (
        <p class="hint">
          {row
            ? "This row came without a sys_id, so its record cannot be read."
            : "Choose a row to see all of its fields."}
        </p>
      ) : (
        <p class="row-panel-links">
          <span class="mono">{address.table}</span>
          <a href={addressOf("records", address.table, address.id)}>Open the record</a>
          <Button small kind="link" onClick={() => void browsing.copy(address.id, "the sys_id")}>
            Copy the sys_id
          </Button>
        </p>
      )}
      {now && "failure" in now && <FailureView failure={now.failure} heading="The record could not be read" />}
      {now && "record" in now && (
        <RecordFields
          instance={instance}
          address={now.of}
          record={now.record}
          typed={typed}
          filledOnly={filledOnly}
          browsing={browsing}
          onPeek={(to) => {
            peeks.value = [...peeks.value, to];
          }}
        />
      )}
    </aside>
  );
}

interface RecordFieldsProps {
  instance: Instance | null;
  address: RecordAddress;
  record: Row;
  typed: Signal<string>;
  filledOnly: Signal<boolean>;
  browsing: Browsing;
  onPeek: (to: RecordAddress) => void;
}

function RecordFields({ instance, address, record, typed, filledOnly, browsing, onPeek }: RecordFieldsProps) {
  const reading = schemas.of(instance, "The environment is not connected.").schema(address.table);
  const known: Readonly<Record<string, Field>> = reading.phase === "read" ? fieldsOf(reading.data) : {};
  const fields = shownFields(record, known);
  const found = matching(fields, typed.value, filledOnly.value);
  return (
    <>
      <div class="row-panel-filter">
        <Input
          id="panel-filter"
          label="Find a field or value"
          type="search"
          value={typed}
          labelHidden
          placeholder="Find"
        />
        <label class="tick">
          <input
            type="checkbox"
            checked={filledOnly.value}
            onChange={(event) => {
              filledOnly.value = event.currentTarget.checked;
            }}
          />
          Filled only
        </label>
        <span class="hint">
          {count(found.length)} of {count(fields.length)}
        </span>
      </div>
      <dl class="record-fields">
        {found.map((field) => (
          <RecordField key={field.name} field={field} browsing={browsing} onPeek={onPeek} />
        ))}
      </dl>
      {found.length === 0 && <p class="hint">No field matches.</p>}
    </>
  );
}

interface RecordFieldProps {
  field: ShownField;
  browsing: Browsing;
  onPeek: (to: RecordAddress) => void;
}

function RecordField({ field, browsing, onPeek }: RecordFieldProps) {
  const { name, label, type, text, raw, reference, isCustom } = field;
  const id = reference ? referenceId(field) : "";
  return (
    <div>
      <dt title={type}>
        {label && <span>{label}</span>} <span class="field-name">{name}</span>
        {isCustom && <span class="tag">custom</span>}
      </dt>
      <dd>
        <span class="grow" dir="auto">
          {text === "" ? <span class="absent">(empty)</span> : text}
          {raw !== "" && <span class="second"> {raw}</span>}
        </span>
        {id !== "" && (
          <Button small onClick={() => onPeek({ table: reference, id })} aria-label={`Show ${label || name}`}>
            Show
          </Button>
        )}
        <IconButton icon="copy" label={`Copy ${label || name}`} onClick={() => void browsing.copy(raw || text, name)} />
      </dd>
    </div>
  );
}

const SETTLE_MS = 150;
