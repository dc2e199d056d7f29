/** The badge of an environment: its colour and its name. */
import type { Environment } from "../workspace/model";

export function EnvironmentBadge({ environment, locked = false }: { environment: Environment; locked?: boolean }) {
  return (
    <span class="env-badge" data-kind={environment.kind}>
      <bdi>{environment.name}</bdi>
      {locked && <span class="env-lock"> read-only</span>}
    </span>
  );
}
