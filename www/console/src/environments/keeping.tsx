/** What is kept on this device: export and import, remembered secrets, and records that were set aside. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { saveAs } from "../download";
import { FileButton } from "../kit/file-button";
import { plural } from "../number";
import { Confirm } from "./confirm";
import { createKeptData } from "./kept-data";
import type { Workspace } from "./workspace";

export function Keeping({ workspace }: { workspace: Workspace }) {
  const { vault } = workspace;
  const data = useMemo(
    () => createKeptData(workspace, (text) => saveAs("sysparm-console.json", "application/json", [text])),
    [workspace],
  );
  const plan = data.asked.value;
  const forgetting = useSignal(false);

  return (
    <section class="keeping" aria-labelledby="keeping-heading">
      <h3 id="keeping-heading">On this device</h3>
      <p class="hint">
        Environments, collections, history and tabs are kept in this browser.{" "}
        {plural(vault.remembered.value.size, "secret")} remembered.
      </p>
      <div class="actions">
        <button type="button" onClick={() => void data.exportAll()}>
          Export everything but secrets
        </button>
        <FileButton
          label="Import an export…"
          accept="application/json,.json"
          onFiles={([file]) => void data.read(file.text())}
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
      <p role="status">{data.said.value}</p>
      {plan && (
        <Confirm
          label="Import an export"
          question={`Replace ${plural(plan.replaced, "record")} of this device?`}
          yes="Import and replace"
          answer={(yes) => void data.answer(yes)}
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
            if (yes) void data.forgetAll();
          }}
        >
          Passwords, keys and tokens of every environment and collection cannot be brought back. Every environment is
          disconnected. Nothing changes on the instances.
        </Confirm>
      )}
    </section>
  );
}
