/** Asks before a write on production, and before one to a read-only environment. */
import { EnvironmentBadge } from "./badge";
import { hostOf } from "./environments";
import type { Guard } from "./guard";
import { Modal } from "./modal";

export function WriteDialog({ guard }: { guard: Guard }) {
  const asked = guard.question.value;
  if (!asked) return null;
  const { environment, description, locked, answer } = asked;
  const verb = locked ? "Unlock and send" : "Send";
  return (
    <Modal label={`Confirm a write to ${environment.name}`} onCancel={() => answer(false)}>
      <h2>
        <EnvironmentBadge environment={environment} /> Send this to {hostOf(environment)}?
      </h2>
      <p>
        <code>{description}</code>
      </p>
      <p>
        {locked
          ? `${environment.name} is read-only. Sending unlocks it for 30 minutes, or until this tab is closed.`
          : "Business rules of the instance run. The change cannot be undone from here."}
      </p>
      <div class="actions">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class={environment.kind === "prod" ? "prod" : "primary"} onClick={() => answer(true)}>
          {verb} to {environment.name}
        </button>
      </div>
    </Modal>
  );
}
