/** What is written to the rows of a query: the fields with their new values, or nothing where they are deleted. */
import type { Signal } from "@preact/signals";
import { Button } from "../kit/button";
import { Select } from "../kit/field";
import { SuggestInput } from "../kit/suggest-input";
import { completed } from "../schema/completion";
import { choicesOf, completeName, findField, labelOf } from "../schema/fields";
import type { Known } from "../schema/known";
import type { Studio } from "./studio";

export interface Change {
  field: string;
  value: string;
}

interface WriteFieldsProps {
  studio: Studio;
  /** "update" or "delete". */
  kind: Signal<string>;
  patch: Signal<readonly Change[]>;
}

export function WriteFields({ studio, kind, patch }: WriteFieldsProps) {
  const { table } = studio.edited.value;
  const known = studio.known();
  const set = (index: number, part: Partial<Change>) => {
    patch.value = patch.value.map((one, at) => (at === index ? { ...one, ...part } : one));
  };
  return (
    <>
      <Select
        id="studio-write-kind"
        label="What to do with each row"
        value={kind}
        options={[
          { value: "update", label: "Update fields" },
          { value: "delete", label: "Delete the row" },
        ]}
      />
      {kind.value === "update" && (
        <>
          {patch.value.map(({ field, value }, index) => {
            const found = findField(table, field, known);
            const choices = "field" in found ? choicesOf(found.field) : [];
            return (
              <div key={index} class="studio-change">
                <span class="query-field">
                  <SuggestInput
                    class="mono"
                    label={`Field ${index + 1} to write`}
                    placeholder="field"
                    value={field}
                    onValue={(next) => set(index, { field: next })}
                    complete={(text, caret) => completeName(text, caret, table, known)}
                  />
                  <span class="query-label">{labelOf(table, field, known)}</span>
                </span>
                <span class="query-field">
                  <SuggestInput
                    class="mono"
                    label={`New value of field ${index + 1}`}
                    placeholder="(empty)"
                    value={value}
                    onValue={(next) => set(index, { value: next })}
                    complete={(text) => completed(0, text.length, text, choices, "choices")}
                  />
                  <span class="query-label">{choiceOf(table, field, value, known)}</span>
                </span>
              </div>
            );
          })}
          <div>
            <Button
              small
              onClick={() => {
                patch.value = [...patch.value, { field: "", value: "" }];
              }}
            >
              Add field
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** Why the fields cannot be written as they are named; empty where they can. */
export function unnamed(patch: readonly Change[]): string {
  const names = patch.flatMap(({ field }) => (field === "" ? [] : [field]));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `${twice} is named twice. Name each field once.`;
  return names.length === 0 ? "Name a field to write." : "";
}

/** What a value is called; empty where it is no choice. */
export function choiceOf(table: string, name: string, value: string, known: Known): string {
  const found = findField(table, name, known);
  return "field" in found ? (choicesOf(found.field).find((choice) => choice.value === value)?.note ?? "") : "";
}
