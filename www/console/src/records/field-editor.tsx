/** The control that holds the new stored value of a field. */
import { useEffect, useRef } from "preact/hooks";
import { choicesOf } from "../schema/fields";
import { isJournal } from "./changes";
import { type FieldFact, titleOf } from "./facts";
import type { OpenRecord } from "./record";

const LONG = ["html", "script", "script_plain", "xml", "json", "conditions", "translated_text", "string_full_utf8"];
/** Characters from which a text gets more than one line. */
const LONG_LENGTH = 255;

export function FieldEditor({
  record,
  fact,
  focused = true,
}: {
  record: OpenRecord;
  fact: FieldFact;
  focused?: boolean;
}) {
  const { name, type, field } = fact;
  const control = useRef<HTMLElement>(null);
  const text = record.drafts.value.get(name) ?? "";
  const problem = record.problems.value.get(name);
  const hint = problem ?? hintOf(fact);
  const id = `edit-${name}`;

  useEffect(() => {
    if (focused) control.current?.focus();
  }, [focused]);

  const common = {
    id,
    "aria-label": `New value of ${titleOf(fact)}`,
    disabled: record.saving.value,
    ...(hint ? { "aria-describedby": `${id}-hint` } : {}),
    ...(problem ? { "aria-invalid": "true" as const } : {}),
  };
  const choices = field ? choicesOf(field) : [];
  const set = (value: string) => record.draft(name, value);
  const isLong = isJournal(fact) || LONG.includes(type) || (field?.maxLength ?? 0) > LONG_LENGTH || text.includes("\n");
  return (
    <div class="record-editor">
      {choices.length > 0 && !field?.suggestions ? (
        <select
          {...common}
          ref={control as { current: HTMLSelectElement | null }}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        >
          {type !== "boolean" && <option value="">(empty)</option>}
          {!choices.some(({ value }) => value === text) && text !== "" && <option value={text}>{text}</option>}
          {choices.map(({ value, note }) => (
            <option key={value} value={value}>
              {note ? `${note} (${value})` : value}
            </option>
          ))}
        </select>
      ) : isLong ? (
        <textarea
          {...common}
          ref={control as { current: HTMLTextAreaElement | null }}
          rows={3}
          value={text}
          onInput={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <input
          {...common}
          ref={control as { current: HTMLInputElement | null }}
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => set(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") record.undo(name);
          }}
        />
      )}
      {hint && (
        <p id={`${id}-hint`} class={problem ? "hint bad" : "hint"}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** How a stored value is written. */
function hintOf({ type, field }: FieldFact): string {
  switch (type) {
    case "reference":
      return `The sys_id of a record of ${field?.reference ?? "the table that it refers to"}.`;
    case "glide_list":
      return "sys_ids with commas between.";
    case "glide_date_time":
    case "due_date":
      return "In UTC: 2026-02-28 08:30:00.";
    case "glide_date":
      return "2026-02-28.";
    default:
      return "";
  }
}
