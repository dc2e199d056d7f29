/** One labelled text field bound to a signal. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export interface FieldProps {
  id: string;
  label: string;
  value: Signal<string>;
  hint?: ComponentChildren;
  type?: "text" | "url" | "number";
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  list?: string;
  pattern?: string;
  class?: string;
  min?: number;
  max?: number;
}

export function Field({ id, label, value, hint, class: extra, type = "text", ...rest }: FieldProps) {
  return (
    <div class={`field ${extra ?? ""}`}>
      <label for={id}>{label}</label>
      <input
        {...rest}
        id={id}
        type={type}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
