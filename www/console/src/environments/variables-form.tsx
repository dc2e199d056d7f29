/** The variables of an environment: names and values, secret or not. */
import type { Environment, Variable } from "../workspace/model";
import { newId } from "../workspace/model";
import type { Workspace } from "./workspace";

export function VariablesForm({ workspace, environment }: { workspace: Workspace; environment: Environment }) {
  const { environments, vault } = workspace;
  const { variables } = environment;

  const set = (next: Variable[]) => environments.amend(environment.id, { variables: next });
  const replace = (variable: Variable) => set(variables.map((other) => (other.id === variable.id ? variable : other)));

  async function write(variable: Variable, text: string): Promise<void> {
    if (variable.secret === undefined) await replace({ ...variable, value: text });
    else if (text !== "") await vault.put(text, vault.remembered.value.has(variable.secret), variable.secret);
  }

  async function turn(variable: Variable, secret: boolean): Promise<void> {
    const { id, name, on } = variable;
    // A secret is not turned back into plain text: it would be stored.
    if (secret) await replace({ id, name, on, secret: await vault.put(variable.value ?? "") });
    else await replace({ id, name, on, value: "" });
  }

  return (
    <section class="variables" aria-labelledby="variables-heading">
      <h3 id="variables-heading">Variables of {environment.name}</h3>
      <p class="hint">
        A request uses one as <code>{"{{name}}"}</code>. A secret one is not exported, and its value is not shown again.
      </p>
      {variables.length > 0 && (
        <ul>
          {variables.map((variable) => (
            <li key={variable.id}>
              <input
                type="checkbox"
                aria-label={`Use ${variable.name}`}
                checked={variable.on}
                onChange={(event) => replace({ ...variable, on: event.currentTarget.checked })}
              />
              <input
                type="text"
                aria-label="Name of the variable"
                value={variable.name}
                spellcheck={false}
                autocomplete="off"
                onChange={(event) => replace({ ...variable, name: event.currentTarget.value.trim() })}
              />
              <ValueInput
                variable={variable}
                held={variable.secret !== undefined && vault.has(variable.secret)}
                write={(text) => void write(variable, text)}
              />
              <label class="tick">
                <input
                  type="checkbox"
                  checked={variable.secret !== undefined}
                  onChange={(event) => void turn(variable, event.currentTarget.checked)}
                />
                Secret
              </label>
              <button
                type="button"
                aria-label={`Remove ${variable.name}`}
                onClick={() => set(variables.filter((other) => other.id !== variable.id))}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        onClick={() =>
          set([...variables, { id: newId(), name: `variable${variables.length + 1}`, on: true, value: "" }])
        }
      >
        Add a variable
      </button>
    </section>
  );
}

interface ValueInputProps {
  variable: Variable;
  held: boolean;
  write: (text: string) => void;
}

/** The text of a secret is in its input alone, and leaves it when it is taken. */
function ValueInput({ variable, held, write }: ValueInputProps) {
  const common = { "aria-label": `Value of ${variable.name}`, spellcheck: false, autocomplete: "off" } as const;
  if (variable.secret === undefined)
    return (
      <input {...common} type="text" value={variable.value} onChange={(event) => write(event.currentTarget.value)} />
    );
  return (
    <input
      {...common}
      type="password"
      placeholder={held ? "held" : "not held"}
      onChange={(event) => {
        write(event.currentTarget.value);
        event.currentTarget.value = "";
      }}
    />
  );
}
