/** What the copies take of the browser's storage, whether it keeps them, and copies of environments that were removed. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { inFileName, saveAs } from "../download";
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import { size } from "../number";
import type { Environment } from "../workspace/model";
import type { Setup } from "./setup";
import { askToPersist, type Storage, storageNow } from "./storage";
import type { Syncing } from "./syncing";

const NEARLY_FULL = 0.9;

export function StorageLine({ syncing, environment }: { syncing: Syncing; environment: Environment }) {
  const storage = useSignal<Storage | null>(null);
  const refused = useSignal(false);
  const copies = syncing.copies.value;
  useEffect(() => {
    void storageNow().then((now) => {
      storage.value = now;
    });
  }, [copies, storage]);
  const now = storage.value;

  async function persist(): Promise<void> {
    refused.value = !(await askToPersist());
    storage.value = await storageNow();
  }

  async function saveDatabase(): Promise<void> {
    await syncing.doing({ environment: environment.id }, async () => {
      const bytes = await syncing.ask("file", environment.id, {});
      saveAs(`copies-${inFileName(environment.name)}.db`, "application/vnd.sqlite3", [bytes]);
    });
  }

  return (
    <section class="sync-storage" aria-label="Storage">
      {now && (
        <p class="hint">
          This page keeps {size(now.used)} in this browser, which gives it up to {size(now.most)}. It is not encrypted.{" "}
          {now.persisted
            ? "The browser keeps it until you delete it."
            : "The browser may delete it by itself when its disk is nearly full."}
          {refused.value && " The browser refused to keep it: it decides by how the page is used."}
        </p>
      )}
      {now && now.used > now.most * NEARLY_FULL && (
        <Notice tone="warn">
          The storage that the browser gives this page is nearly used up. Delete a copy that you no longer need.
        </Notice>
      )}
      <div class="actions">
        {now && !now.persisted && (
          <Button small onClick={() => void persist()}>
            Ask the browser to keep it
          </Button>
        )}
        {(copies ?? []).length > 0 && (
          <Button small icon="out" onClick={() => void saveDatabase()}>
            Save the copies as a SQLite database
          </Button>
        )}
      </div>
    </section>
  );
}

/** Copies of environments that were removed: nothing else leads to them. */
export function LeftOver({ syncing }: { syncing: Syncing }) {
  const left = syncing.leftOver.value;
  const environments = [...new Set(left.map(({ environment }) => environment))];
  const groups = environments.map((id): [string, Setup[]] => [
    id,
    left.filter(({ environment }) => environment === id),
  ]);
  return (
    <>
      {groups.map(([environment, setups]) => (
        <Notice
          key={environment}
          tone="warn"
          actions={
            <Button small onClick={() => void removeLeftOver(syncing, environment, setups)}>
              Delete them…
            </Button>
          }
        >
          Local copies of {setups[0]?.environmentName}, which was removed, are still in this browser: {tablesOf(setups)}
          .
        </Notice>
      ))}
    </>
  );
}

async function removeLeftOver(syncing: Syncing, environment: string, setups: readonly Setup[]): Promise<void> {
  const agreed = await ask({
    title: `Delete the local copies of ${setups[0]?.environmentName}?`,
    text: `The rows of ${tablesOf(setups)} are deleted from this browser. Nothing changes on the instance.`,
    yes: "Delete the copies",
    kind: "danger",
  });
  if (agreed) await syncing.removeLeftOver(environment);
}

function tablesOf(setups: readonly Setup[]): string {
  return setups.map(({ table }) => table).join(", ");
}
