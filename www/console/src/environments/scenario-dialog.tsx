/** "Show a failure…": every scenario of a practice instance, to choose from. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Modal } from "./modal";
import type { Scenarios } from "./scenarios";

interface ScenarioDialogProps {
  scenarios: Scenarios;
  /** The practice instance. */
  address: string;
  close: () => void;
}

export function ScenarioDialog({ scenarios, address, close }: ScenarioDialogProps) {
  const wanted = useSignal("");
  useEffect(() => void scenarios.load(address), [scenarios, address]);
  const shown = scenarios.list.value.filter(({ name, symptom }) =>
    `${name} ${symptom}`.toLowerCase().includes(wanted.value.trim().toLowerCase()),
  );

  async function begin(name: string): Promise<void> {
    if (await scenarios.begin(address, name)) close();
  }

  return (
    <Modal label="Show a failure" onCancel={close}>
      <h2>Show a failure</h2>
      <p>
        The practice instance is put back in order and then behaves as one with this fault. Send any request to see it.
      </p>
      <div class="field">
        <label for="scenario-search">Find a failure</label>
        <input
          id="scenario-search"
          type="search"
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
      </div>
      {scenarios.problem.value && (
        <p class="notice" role="alert">
          {scenarios.problem.value}
        </p>
      )}
      <p class="hint" role="status">
        {shown.length} of {scenarios.list.value.length} failures
      </p>
      <ul class="scenarios">
        {shown.map(({ name, symptom }) => (
          <li key={name}>
            <button type="button" onClick={() => void begin(name)} aria-describedby={`scenario-${name}`}>
              {name}
            </button>
            <span id={`scenario-${name}`}>{symptom}</span>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}
