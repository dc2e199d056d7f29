/** What stays in the browser when a person signs out of an environment, or removes it. Loaded at that moment. */
import type { Workspace } from "../environments/workspace";
import { ask } from "../kit/ask";
import { askCopies } from "./copy/copies";
import { whileIdle } from "./runner";
import { type Setup, setupsAmong } from "./setup";

type Parts = Pick<Workspace, "store" | "environments">;

/** Names the copies in the notice at the top of the page. */
export async function tellWhatStays({ store, environments }: Parts, environment: string): Promise<void> {
  const setups = await setupsOf(store, environment);
  const tables = await tablesHeld(setups, environment);
  const name = environments.find(environment)?.name ?? "";
  if (tables.length > 0) environments.notice.value = staysWords(name, tables.join(", "));
}

export function staysWords(name: string, tables: string): string {
  return `Disconnected from ${name}. Its local copies stay in this browser, with their rows: ${tables}. Delete them in the view Sync.`;
}

/** Offers to delete the copies of an environment that was removed. What was set up without a copy goes with it. */
export async function offerRemoval({ store, environments }: Parts, environment: string): Promise<void> {
  const setups = await setupsOf(store, environment);
  if (setups.length === 0) return;
  const tables = await tablesHeld(setups, environment);
  const agreed =
    tables.length === 0 ||
    (await ask({
      title: `Delete the local copies of ${setups[0]?.environmentName}?`,
      text: `Their rows are in this browser: ${tables.join(", ")}. Otherwise they stay, and can be deleted in the view Sync. Nothing changes on the instance.`,
      yes: "Delete the copies",
      kind: "danger",
    }));
  if (!agreed) return;
  try {
    await whileIdle(environment, undefined, () => askCopies("removeAll", environment, {}));
    for (const { id } of setups) await store.remove("preferences", id);
  } catch (thrown) {
    environments.notice.value = `The local copies could not be deleted. ${(thrown as Error).message} They are listed in the view Sync.`;
  }
}

async function setupsOf(store: Parts["store"], environment: string): Promise<Setup[]> {
  return setupsAmong(await store.all("preferences")).filter((setup) => setup.environment === environment);
}

/** Tables that have a copy: one that never ran has none. Where the copies cannot be read, all that may have one. */
async function tablesHeld(setups: readonly Setup[], environment: string): Promise<string[]> {
  if (setups.length === 0) return [];
  try {
    return (await askCopies("status", environment, {})).map(({ table }) => table);
  } catch {
    return setups.map(({ table }) => table);
  }
}
