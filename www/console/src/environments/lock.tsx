/** The lock of an environment: read-only or not, and for how long it is unlocked. */
import type { Environment } from "../workspace/model";
import type { Workspace } from "./workspace";

export function LockControl({ workspace, environment }: { workspace: Workspace; environment: Environment }) {
  const { guard, environments } = workspace;
  const until = guard.unlocked.value.get(environment.id);
  const locked = guard.isLocked(environment);
  return (
    <section class="lock" aria-label="Writes">
      <label class="tick">
        <input
          type="checkbox"
          checked={environment.readOnly}
          onChange={(event) => void environments.amend(environment.id, { readOnly: event.currentTarget.checked })}
        />
        Read-only
      </label>
      {environment.readOnly && locked && (
        <button type="button" onClick={() => guard.unlock(environment.id)}>
          Unlock for 30 minutes
        </button>
      )}
      {environment.readOnly && !locked && until !== undefined && (
        <>
          <span class="hint">
            Unlocked until {new Date(until).toLocaleTimeString("en-GB")}, or until the tab is closed.
          </span>
          <button type="button" onClick={() => guard.lock(environment.id)}>
            Lock now
          </button>
        </>
      )}
    </section>
  );
}
