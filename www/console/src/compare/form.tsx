/** Which environments are compared, and by which tables. */
import { addressOf } from "../app/address";
import { EnvironmentBadge } from "../environments/badge";
import { hostOf } from "../environments/environments";
import { tableProblem } from "../environments/integration";
import { stateWords } from "../environments/words";
import type { Workspace } from "../environments/workspace";
import { Button } from "../kit/button";
import { Field } from "../kit/field";
import { FileButton } from "../kit/file-button";
import type { Environment } from "../workspace/model";
import type { Comparing } from "./comparing";

interface ComparisonFormProps {
  comparing: Comparing;
  workspace: Workspace;
}

export function ComparisonForm({ comparing, workspace }: ComparisonFormProps) {
  const { tables, user, wrongTable, saved, count, phase, progress } = comparing;
  const isReading = phase.value.name === "reading";
  const list = workspace.environments.list.value;
  const wrong = wrongTable.value;

  function submit(event: Event): void {
    event.preventDefault();
    if (isReading) comparing.cancel();
    else if (count.value > 1 && wrong === undefined) void comparing.start();
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isReading}>
        <legend>Environments</legend>
        {list.length === 0 && (
          <p class="hint">
            There is none yet. <a href={addressOf("environments")}>Add an environment</a>, or a saved inventory.
          </p>
        )}
        <ul class="env-list">
          {list.map((environment) => (
            <EnvironmentRow key={environment.id} {...{ environment, comparing, workspace }} />
          ))}
          {saved.value.map((inventory) => (
            <li key={inventory.url + inventory.readAt}>
              <span class="env-facts">
                <bdi>{inventory.name}</bdi>
                <small>
                  saved, read {new Date(inventory.readAt).toLocaleString("en-GB")}, {inventory.url}
                </small>
              </span>
              <Button small onClick={() => comparing.removeSaved(inventory)} aria-label={`Remove ${inventory.name}`}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
        <div class="compare-add">
          <FileButton
            small
            label="Add a saved inventory…"
            accept=".json"
            onFiles={(files) => void comparing.addSaved(files)}
          />
        </div>
      </fieldset>
      <div class="fields">
        <Field
          id="compare-tables"
          label="Tables used"
          value={tables}
          mono
          disabled={isReading}
          placeholder="incident.number, incident.state, cmdb_ci"
          hint="Tables, or fields of them, that the integration reads or writes."
          error={wrong === undefined ? undefined : tableProblem(wrong)}
          class="wide"
        />
        <Field
          id="compare-user"
          label="Account of the integration"
          value={user}
          disabled={isReading}
          hint="Its user name, where you are signed in as another: then the way of signing in is not compared. Empty: the client's Application User, or who is signed in."
        />
      </div>
      <div class="actions">
        <Button
          type="submit"
          kind={isReading ? "plain" : "primary"}
          disabledReason={isReading ? undefined : reasonNot(count.value, wrong)}
        >
          {isReading ? "Stop" : "Compare"}
        </Button>
      </div>
      <p class="compare-progress hint" role="status">
        {isReading && (progressWords(progress.value) || "Reading")}
      </p>
    </form>
  );
}

function EnvironmentRow({ environment, comparing, workspace }: ComparisonFormProps & { environment: Environment }) {
  const { connections, guard } = workspace;
  const connection = connections.of(environment.id);
  const isOpen = connection.name === "open";
  const isLocked = guard.isLocked(environment);
  const id = `compare-${environment.id}`;
  return (
    <li>
      <input
        id={id}
        type="checkbox"
        checked={isOpen && !comparing.leftOut.value.has(environment.id)}
        disabled={!isOpen}
        onChange={(event) => comparing.choose(environment.id, event.currentTarget.checked)}
      />
      <label for={id} class="compare-environment">
        <EnvironmentBadge environment={environment} locked={isLocked} />
        <span class="env-facts">
          <bdi>{hostOf(environment)}</bdi>
          <small>{stateWords(environment, connection, isLocked)}</small>
        </span>
      </label>
      {!isOpen && (
        <Button
          small
          busy={connection.name === "opening"}
          aria-label={`Connect ${environment.name}`}
          onClick={() => void connections.open(environment.id)}
        >
          Connect
        </Button>
      )}
    </li>
  );
}

function reasonNot(count: number, wrong: string | undefined): string | undefined {
  if (count < 2) return "Connect two environments, or add a saved inventory.";
  return wrong === undefined ? undefined : "Correct the tables.";
}

function progressWords(progress: ReadonlyMap<string, string>): string {
  return [...progress].map(([name, fact]) => `${name}: ${fact}`).join(" · ");
}
