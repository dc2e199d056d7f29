/** The button of an environment that writes its runbook. The dialog is loaded when it is pressed. */
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Workspace } from "../environments/workspace";
import type { Environment } from "../workspace/model";

type Loaded = typeof import("./dialog");

export function RunbookControl({ workspace, environment }: { workspace: Workspace; environment: Environment }) {
  const { connections, store } = workspace;
  const connection = connections.of(environment.id);
  const dialog = useSignal<Loaded["RunbookDialog"] | null>(null);
  const problem = useSignal("");
  const isOpen = connection.name === "open";
  const begin = async () => {
    problem.value = "";
    try {
      const { RunbookDialog } = await import("./dialog");
      dialog.value = RunbookDialog;
    } catch {
      problem.value = "The dialog could not be loaded. Check the network and press again.";
    }
  };
  const Shown: ComponentType<Parameters<Loaded["RunbookDialog"]>[0]> | null = dialog.value;
  return (
    <section class="runbook-control" aria-label="Runbook">
      <button type="button" disabled={!isOpen} onClick={() => void begin()}>
        Write the runbook
      </button>
      <span class="hint">{isOpen ? "What to know when this integration fails, for print." : "Connect it first."}</span>
      {problem.value !== "" && (
        <p class="notice" role="alert">
          {problem.value}
        </p>
      )}
      {Shown && isOpen && (
        <Shown
          environment={environment}
          instance={connection.instance}
          store={store}
          close={() => {
            dialog.value = null;
          }}
        />
      )}
    </section>
  );
}
