/** Chooses the columns of a table and their order. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Field } from "sysparm/schema";
import { Button, IconButton } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Field as Input } from "../kit/field";
import { moved } from "./columns";

interface ColumnsDialogProps {
  table: string;
  /** The columns that are shown now. */
  columns: readonly string[];
  /** What the dictionary says; empty where it could not be read. */
  fields: Readonly<Record<string, Field>>;
  /** Why fields are missing; empty where none are. */
  note: string;
  use: (columns: string[]) => void;
  close: () => void;
}

export function ColumnsDialog({ table, columns, fields, note, use, close }: ColumnsDialogProps) {
  const chosen = useSignal<readonly string[]>(columns);
  const typed = useSignal("");
  const names = useMemo(
    () => [...new Set([...Object.keys(fields), ...columns])].sort((a, b) => a.localeCompare(b)),
    [fields, columns],
  );
  const wanted = typed.value.trim().toLowerCase();
  const labelOf = (name: string) => (Object.hasOwn(fields, name) ? (fields[name]?.label ?? "") : "");
  const others = names.filter(
    (name) => !chosen.value.includes(name) && [name, labelOf(name)].some((part) => part.toLowerCase().includes(wanted)),
  );
  // A field behind a dot is in no list.
  const walked = /^\w+(\.\w+)+$/.test(typed.value.trim()) ? typed.value.trim() : "";

  const add = (name: string) => {
    chosen.value = [...chosen.value, name];
  };

  return (
    <Dialog
      open
      close={close}
      title={`Columns of ${table}`}
      kind="large"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind="primary"
            disabledReason={chosen.value.length === 0 ? "Choose one column at least." : undefined}
            onClick={() => use([...chosen.value])}
          >
            Show these columns
          </Button>
        </>
      }
    >
      <div class="columns-choice">
        <section aria-labelledby="columns-shown">
          <h3 id="columns-shown">Shown, in this order</h3>
          <ol>
            {chosen.value.map((name, place) => (
              <li key={name}>
                <Named label={labelOf(name)} name={name} />
                <Button
                  small
                  kind="quiet"
                  disabled={place === 0}
                  aria-label={`Move ${name} up`}
                  onClick={() => {
                    chosen.value = moved(chosen.value, name, place - 1);
                  }}
                >
                  Up
                </Button>
                <Button
                  small
                  kind="quiet"
                  disabled={place === chosen.value.length - 1}
                  aria-label={`Move ${name} down`}
                  onClick={() => {
                    chosen.value = moved(chosen.value, name, place + 1);
                  }}
                >
                  Down
                </Button>
                <IconButton
                  icon="close"
                  label={`Remove ${name}`}
                  onClick={() => {
                    chosen.value = chosen.value.filter((other) => other !== name);
                  }}
                />
              </li>
            ))}
          </ol>
        </section>
        <section aria-labelledby="columns-others">
          <h3 id="columns-others">Other fields</h3>
          <Input
            id="columns-find"
            label="Find by label or name, or enter one with dots"
            value={typed}
            type="search"
            placeholder="caller_id.department.name"
          />
          {note !== "" && <p class="hint">{note}</p>}
          <ul>
            {walked !== "" && !chosen.value.includes(walked) && (
              <li key={walked}>
                <Named label="" name={walked} />
                <Button small onClick={() => add(walked)} aria-label={`Add ${walked}`}>
                  Add
                </Button>
              </li>
            )}
            {others.map((name) => (
              <li key={name}>
                <Named label={labelOf(name)} name={name} />
                <Button small onClick={() => add(name)} aria-label={`Add ${name}`}>
                  Add
                </Button>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  );
}

function Named({ label, name }: { label: string; name: string }) {
  return (
    <span class="grow">
      {label} <span class="field-name">{name}</span>
    </span>
  );
}
