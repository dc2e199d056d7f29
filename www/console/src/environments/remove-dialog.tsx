/** Asks before an environment is removed: its secrets cannot be brought back. */
import { Modal } from "./modal";

export function RemoveDialog({ name, answer }: { name: string; answer: (yes: boolean) => void }) {
  return (
    <Modal label={`Remove ${name}`} onCancel={() => answer(false)}>
      <h2>Remove {name} and its secrets from this device?</h2>
      <p>Its variables go with it. Nothing changes on the instance.</p>
      <div class="actions">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => answer(true)}>
          Remove {name}
        </button>
      </div>
    </Modal>
  );
}
