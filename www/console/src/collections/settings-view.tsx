/** What a collection or folder gives to the requests in it: how they sign in, and variables. */
import { AuthEditor } from "../tester/auth-editor";
import { PairRows } from "../tester/pairs";
import type { Workbench } from "../tester/workbench";
import type { Pair, Variable } from "../workspace/model";
import { change, find, type Holder } from "./tree";

export function SettingsView({ workbench }: { workbench: Workbench }) {
  const { library, settingsOf, host } = workbench;
  const holder = find(library.collections.value, settingsOf.value)?.node;
  if (!holder || holder.kind === "request") return null;

  const edit = (part: Partial<Pick<Holder, "auth" | "variables" | "description">>) =>
    library.set(
      change(library.collections.value, holder.id, (node) => (node.kind === "request" ? node : { ...node, ...part })),
    );

  return (
    <section class="run" aria-label={`Settings of ${holder.name}`}>
      <div class="run-head">
        <h2 dir="auto">Settings of {holder.name}</h2>
        <button type="button" onClick={workbench.closeSettings}>
          Close
        </button>
      </div>
      <label class="run-data">
        Description
        <textarea
          rows={2}
          value={holder.description}
          onInput={(event) => edit({ description: event.currentTarget.value })}
        />
      </label>
      <h3>Auth of its requests</h3>
      <AuthEditor
        auth={holder.auth}
        inherited="As the folder around it says, then the collection, then the environment."
        host={host}
        onChange={(auth) => edit({ auth })}
      />
      <h3>Variables</h3>
      <PairRows
        noun="variable"
        pairs={holder.variables.map(asPair)}
        names={[]}
        note={({ id }) =>
          holder.variables.some((variable) => variable.id === id && variable.secret !== undefined)
            ? { text: "Secret. Type to replace it by a plain value." }
            : null
        }
        onChange={(pairs) => edit({ variables: pairs.map((pair) => asVariable(pair, holder.variables)) })}
      />
      <p class="hint">
        Requests use them as <code>{"{{name}}"}</code>. A folder's variable goes before that of the collection, and both
        before that of the environment.
      </p>
      {holder.kind === "collection" && holder.losses.length > 0 && (
        <>
          <h3>What the import could not carry over</h3>
          <ul class="losses">
            {holder.losses.map(({ where, what, why }) => (
              <li key={`${where} ${what}`} dir="auto">
                {where}: {what}. {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function asPair({ id, name, on, value }: Variable): Pair {
  return { id, name, on, value: value ?? "" };
}

/** A secret stays one until a value is typed over it. */
function asVariable({ id, name, on, value }: Pair, before: readonly Variable[]): Variable {
  const secret = before.find((variable) => variable.id === id)?.secret;
  return secret !== undefined && value === "" ? { id, name, on, secret } : { id, name, on, value };
}
