/** Labelled fields. The label is above; the hint is below; an error takes the place of the hint. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

interface Labelled {
  id: string;
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with the value, then what to do. */
  error?: string | undefined;
  disabled?: boolean;
  class?: string;
  /** The label is read to assistive technology only. For rows of a list whose column names the field. */
  labelHidden?: boolean;
}

export interface FieldProps extends Labelled {
  value: Signal<string>;
  type?: "text" | "url" | "number" | "password" | "search";
  required?: boolean;
  placeholder?: string;
  list?: string;
  pattern?: string;
  min?: number;
  max?: number;
  /** For technical names, addresses and queries. */
  mono?: boolean;
  onEnter?: () => void;
}

export function Field(props: FieldProps) {
  const { id, label, value, hint, error, class: extra, labelHidden, mono, onEnter, type = "text", ...rest } = props;
  return (
    <LabelledControl
      id={id}
      label={label}
      hint={hint}
      error={error}
      class={extra ?? ""}
      labelHidden={labelHidden ?? false}
    >
      <input
        {...rest}
        {...described(id, hint, error)}
        id={id}
        type={type as "text"}
        class={mono ? "mono" : undefined}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onEnter?.();
        }}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
    </LabelledControl>
  );
}

export interface SelectProps extends Labelled {
  value: Signal<string>;
  options: readonly { value: string; label: string }[];
}

export function Select({ id, label, value, options, hint, error, class: extra, labelHidden, ...rest }: SelectProps) {
  return (
    <LabelledControl
      id={id}
      label={label}
      hint={hint}
      error={error}
      class={extra ?? ""}
      labelHidden={labelHidden ?? false}
    >
      <select
        {...rest}
        {...described(id, hint, error)}
        id={id}
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value;
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </LabelledControl>
  );
}

export function Checkbox({
  id,
  label,
  value,
  disabled,
}: Pick<Labelled, "id" | "label" | "disabled"> & { value: Signal<boolean> }) {
  return (
    <label class="tick" for={id}>
      <input
        id={id}
        type="checkbox"
        checked={value.value}
        disabled={disabled ?? false}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
        }}
      />
      {label}
    </label>
  );
}

function LabelledControl(props: Labelled & { children: ComponentChildren }) {
  const { id, label, hint, error, class: extra, labelHidden, children } = props;
  return (
    <div class={`field ${extra ?? ""}`}>
      <label for={id} class={labelHidden ? "visually-hidden" : undefined}>
        {label}
      </label>
      {children}
      {(error || hint) && (
        <p class={error ? "hint bad" : "hint"} id={`${id}-hint`}>
          {error || hint}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: ComponentChildren, error: string | undefined) {
  return {
    ...(hint || error ? { "aria-describedby": `${id}-hint` } : {}),
    ...(error ? { "aria-invalid": "true" as const } : {}),
  };
}
