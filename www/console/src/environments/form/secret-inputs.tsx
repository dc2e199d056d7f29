/** The fields that the chosen way of signing in asks for. Secrets have uncontrolled inputs: their texts are in no state. */
import { isOptional, secretFields } from "./draft";
import type { Editor } from "./editor";
import { ASKED, FIELD_LABELS, type SecretField } from "./methods";
import { TextInput } from "./text-input";

export function SecretInputs({ editor, disabled }: { editor: Editor; disabled: boolean }) {
  const draft = editor.draft.value;
  const texts = draft.way === "worker" ? [] : ASKED[draft.method].texts;
  return (
    <>
      {texts
        .filter((field) => !isOptional(draft, field))
        .map((field) => (
          <TextInput
            key={field}
            id={field === "clientId" ? "client" : `environment-${field}`}
            label={FIELD_LABELS[field]}
            value={draft[field]}
            change={(value) => editor.change({ [field]: value })}
            required
            disabled={disabled}
          />
        ))}
      {secretFields(draft).map((field, at) => (
        <SecretInput
          // What was typed for one environment or address is never saved for another.
          key={`${editor.secretsFor.value} ${draft.way} ${draft.method} ${field}`}
          id={at === 0 ? "secret" : `secret-${field}`}
          field={field}
          optional={isOptional(draft, field)}
          held={editor.isHeld(field)}
          disabled={disabled}
        />
      ))}
    </>
  );
}

/** What may be left empty, such as the scope. Stands apart, so that the form begins short. */
export function OptionalInputs({ editor, disabled }: { editor: Editor; disabled: boolean }) {
  const draft = editor.draft.value;
  const texts = draft.way === "worker" ? [] : ASKED[draft.method].texts;
  return (
    <>
      {texts
        .filter((field) => isOptional(draft, field))
        .map((field) => (
          <TextInput
            key={field}
            id={`environment-${field}`}
            label={FIELD_LABELS[field]}
            value={draft[field]}
            change={(value) => editor.change({ [field]: value })}
            disabled={disabled}
          />
        ))}
    </>
  );
}

interface SecretInputProps {
  id: string;
  field: SecretField;
  optional: boolean;
  /** The vault has it: the input may stay empty. */
  held: boolean;
  disabled: boolean;
}

function SecretInput({ id, field, optional, held, disabled }: SecretInputProps) {
  const common = {
    id,
    name: field,
    "data-secret": true,
    required: !optional && !held,
    disabled,
    autocomplete: "off",
    spellcheck: false,
  } as const;
  return (
    <div class={field === "privateKey" ? "field wide" : "field"}>
      <label for={id}>{optional ? `${FIELD_LABELS[field]} (optional)` : FIELD_LABELS[field]}</label>
      {field === "privateKey" ? (
        <textarea {...common} rows={4} aria-describedby={`${id}-hint`} />
      ) : (
        <input {...common} type="password" aria-describedby={`${id}-hint`} />
      )}
      <p class="hint" id={`${id}-hint`}>
        {held ? "Held. Leave it empty to keep it." : field === "privateKey" ? "PKCS #8 in PEM, or a JSON Web Key." : ""}
      </p>
    </div>
  );
}
