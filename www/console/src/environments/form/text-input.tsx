/** Labelled inputs of the environment's form. */
export interface InputProps {
  id: string;
  label: string;
  value: string;
  change: (value: string) => void;
  hint?: string;
  disabled?: boolean;
}

interface TextInputProps extends InputProps {
  required?: boolean;
  placeholder?: string;
  pattern?: string;
  /** Proposed values. */
  list?: string[];
  class?: string;
}

export function TextInput({ id, label, value, change, hint, list, class: extra, ...rest }: TextInputProps) {
  return (
    <div class={`field ${extra ?? ""}`}>
      <label for={id}>{label}</label>
      <input
        {...rest}
        id={id}
        type="text"
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        {...(list ? { list: `${id}-list` } : {})}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      <Hint id={id} hint={hint} />
    </div>
  );
}

export function Choice(props: InputProps & { options: [value: string, label: string][] }) {
  const { id, label, value, change, options, hint, disabled } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled ?? false}
        onChange={(event) => change(event.currentTarget.value)}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      <Hint id={id} hint={hint} />
    </div>
  );
}

function Hint({ id, hint }: { id: string; hint: string | undefined }) {
  if (!hint) return null;
  return (
    <p class="hint" id={`${id}-hint`}>
      {hint}
    </p>
  );
}
