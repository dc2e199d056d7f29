/** What is kept on this device: export and import, remembered secrets, and records that were set aside. */
import { useSignal } from "@preact/signals";
import { saveAs } from "../download";
import { FileButton } from "../kit/file-button";
import { plural } from "../number";
import { Confirm } from "./confirm";
import { carryOut, type Plan, planImport } from "./importing";
import { forgetSecrets, type Workspace } from "./workspace";

export function Keeping({ workspace }: { workspace: Workspace }) {
  const { store, vault, environments } = workspace;
  const said = useSignal("");
  /** The import that the person is asked about. */
  const asked = useSignal<Plan | null>(null);
  const plan = asked.value;
  const forgetting = useSignal(false);

  async function exportAll(): Promise<void> {
    saveAs("sysparm-console.json", "application/json", [await store.exportAll()]);
  }

  async function importFile(file: File): Promise<void> {
    try {
      const plan = await planImport(await file.text(), store, environments);
      if (plan.replaced > 0) asked.value = plan;
      else await write(plan);
    } catch (thrown) {
      said.value = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }

  async function write(plan: Plan): Promise<void> {
    await carryOut(plan, store, environments);
    const count = plan.records.length;
    said.value =
      count === 0
        ? "Everything in the file is here already."
        : `${plural(count, "record")} imported. Secrets are not in the file: enter them again.`;
  }

  return (
    <section class="keeping" aria-labelledby="keeping-heading">
      <h3 id="keeping-heading">On this device</h3>
      <p class="hint">
        Environments, collections, history and tabs are kept in this browser.{" "}
        {plural(vault.remembered.value.size, "secret")} remembered.
      </p>
      <div class="actions">
        <button type="button" onClick={() => void exportAll()}>
          Export everything but secrets
        </button>
        <FileButton
          label="Import an export…"
          accept="application/json,.json"
          onFiles={([file]) => void importFile(file)}
        />
        <button
          type="button"
          onClick={() => {
            forgetting.value = true;
          }}
        >
          Forget all secrets
        </button>
      </div>
      <p role="status">{said.value}</p>
      {plan && (
        <Confirm
          label="Import an export"
          question={`Replace ${plural(plan.replaced, "record")} of this device?`}
          yes="Import and replace"
          answer={(yes) => {
            asked.value = null;
            if (yes) void write(plan);
            else said.value = "Nothing was imported.";
          }}
        >
          {plural(plan.replaced, "record")} will be replaced, even a newer one. An environment that changes is
          disconnected; one with another address or sign-in loses its secrets.
        </Confirm>
      )}
      {forgetting.value && (
        <Confirm
          label="Forget all secrets"
          question="Forget all secrets of this device?"
          yes="Forget all secrets"
          answer={(yes) => {
            forgetting.value = false;
            if (!yes) return;
            void forgetSecrets(workspace).then(() => {
              said.value = "Every secret is forgotten, and every environment is disconnected.";
            });
          }}
        >
          Passwords, keys and tokens of every environment and collection cannot be brought back. Every environment is
          disconnected. Nothing changes on the instances.
        </Confirm>
      )}
    </section>
  );
}
