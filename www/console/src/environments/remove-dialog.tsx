/** Asks before an environment is removed: its secrets cannot be brought back. */
import { Confirm } from "./confirm";

export function RemoveDialog({ name, answer }: { name: string; answer: (yes: boolean) => void }) {
  return (
    <Confirm
      label={`Remove ${name}`}
      question={`Remove ${name} and its secrets from this device?`}
      yes={`Remove ${name}`}
      answer={answer}
    >
      Its variables go with it. Nothing changes on the instance.
    </Confirm>
  );
}
