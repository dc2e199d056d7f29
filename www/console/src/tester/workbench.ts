/** The state of the tester: open requests, collections, history, the run. Made once, by `main.tsx`. */
import { signal } from "@preact/signals";
import { createLibrary, type LibraryStore } from "../collections/library";
import { createRunState } from "../collections/run-state";
import { newId } from "../workspace/model";
import type { Finished } from "./exchange";
import type { Host } from "./host";
import { keepTabs } from "./kept-tabs";
import { createTester } from "./tester";

export type Workbench = ReturnType<typeof createWorkbench>;

export function createWorkbench(host: Host, store: LibraryStore | null) {
  const library = createLibrary(store);
  const tester = createTester(host, library.collections, remember);
  const runs = createRunState(host);
  /** The id of the collection or folder whose settings are shown; empty: none. */
  const settingsOf = signal("");
  /** Whether the drawer of collections and history is open, where there is no place for both. */
  const drawer = signal(false);

  function remember({ request, line, environmentId, environmentName, reply, failure }: Finished): void {
    library.record({
      id: newId(),
      at: Date.now(),
      environmentId,
      environmentName,
      line,
      request,
      status: reply?.status ?? null,
      totalMs: reply?.totalMs ?? 0,
      bytes: reply?.body.bytes ?? 0,
      code: failure?.diagnosis?.code ?? "",
    });
  }

  /** Reads what is kept. */
  async function load(): Promise<void> {
    await library.load();
    if (store) await keepTabs(store, library, tester);
  }

  function cancel(): void {
    tester.cancel();
    runs.cancel();
  }

  return { host, library, tester, runs, settingsOf, drawer, load, cancel };
}
