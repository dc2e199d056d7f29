/** The environments: choose one, change it, its lock, its variables; and what is kept on this device. */
import { RunbookControl } from "../runbook/control";
import { EnvironmentBadge } from "./badge";
import { hostOf } from "./environments";
import type { Editor } from "./form/editor";
import { EnvironmentForm } from "./form/form";
import { Keeping } from "./keeping";
import { LockControl } from "./lock";
import { VariablesForm } from "./variables-form";
import { stateWords } from "./words";
import type { Workspace } from "./workspace";

export function EnvironmentsPane({ workspace, editor }: { workspace: Workspace; editor: Editor }) {
  const { environments, connections, guard } = workspace;
  const edited = environments.find(editor.id.value);
  const list = environments.list.value;
  return (
    <div class="environments">
      <section aria-labelledby="environment-list-heading">
        <h2 id="environment-list-heading">Your environments</h2>
        {list.length === 0 && (
          <p class="hint">An environment is an instance with its way to sign in. Fill in the form to add the first.</p>
        )}
        <ul class="env-list">
          {list.map((environment) => (
            <li key={environment.id} data-edited={environment.id === edited?.id}>
              <EnvironmentBadge environment={environment} locked={guard.isLocked(environment)} />
              <span class="env-facts">
                <bdi>{hostOf(environment)}</bdi>
                <small>{stateWords(environment, connections.of(environment.id), guard.isLocked(environment))}</small>
              </span>
              <button
                type="button"
                aria-label={`Edit ${environment.name}`}
                aria-pressed={environment.id === edited?.id}
                onClick={() => editor.begin(environment)}
              >
                Edit
              </button>
            </li>
          ))}
        </ul>
        <button type="button" onClick={() => editor.begin()}>
          Add an environment
        </button>
      </section>
      <EnvironmentForm workspace={workspace} editor={editor} />
      {edited && <LockControl workspace={workspace} environment={edited} />}
      {edited && <RunbookControl workspace={workspace} environment={edited} />}
      {edited && <VariablesForm workspace={workspace} environment={edited} />}
      <Keeping workspace={workspace} />
    </div>
  );
}
