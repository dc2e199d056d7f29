/** What is kept on this device: export and import, remembered secrets, and records that were set aside. */
import { useMemo } from "preact/hooks";
import { saveAs } from "../download";
import { ask } from "../kit/ask";
import { FileButton } from "../kit/file-button";
import { plural } from "../number";
import { createKeptData } from "./kept-data";
import type { Workspace } from "./workspace";

export function Keeping({ workspace }: { workspace: Workspace }) {
  const { vault } = workspace;
  const data = useMemo(
    () =>
      createKeptData(workspace, (text) => saveAs("sysparm-console.json", "application/json", [text]), agreedToReplace),
    [workspace],
  );

  async function forgetAll(): Promise<void> {
    const agreed = await ask({
      title: "Forget all secrets of this device?",
      text: "Passwords, keys and tokens of every environment and collection cannot be brought back. Every environment is disconnected. Local copies of tables stay, and can be deleted in the view Sync. Nothing changes on the instances.",
      yes: "Forget all secrets",
      kind: "danger",
    });
    if (agreed) await data.forgetAll();
  }

  return (
    <section class="keeping" aria-labelledby="keeping-heading">
      <h3 id="keeping-heading">On this device</h3>
      <p class="hint">
        Environments, collections, queries, history and tabs are kept in this browser.{" "}
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
        <button type="button" onClick={() => void forgetAll()}>
          Forget all secrets…
        </button>
      </div>
      <p role="status">{data.said.value}</p>
    </section>
  );
}

function agreedToReplace(replaced: number): Promise<boolean> {
  const records = plural(replaced, "record");
  return ask({
    title: `Replace ${records} of this device?`,
    text: `${records} will be replaced, even a newer one. An environment that changes is disconnected; one with another address or sign-in loses its secrets.`,
    yes: "Import and replace",
    kind: "danger",
  });
}
