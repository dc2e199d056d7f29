/** The state of the tester: open requests, collections, history, the run. Made once, by `workbenchOf` in view.tsx. */
import { effect, signal } from "@preact/signals";
import { createLibrary, type LibraryStore } from "../collections/library";
import { createRunState } from "../collections/run-state";
import { find, type Holder, type Node, remove as withoutNode } from "../collections/tree";
import { refsIn } from "../vault/references";
import { newId, type SavedRequest } from "../workspace/model";
import type { Finished } from "./exchange";
import type { Host } from "./host";
import { keepTabs } from "./kept-tabs";
import { createTester } from "./tester";

interface Removal {
  node: Node;
  undo: () => void;
}

export type Workbench = ReturnType<typeof createWorkbench>;

/** `others` are the hosts of the other environments that are connected. */
export function createWorkbench(host: Host, store: LibraryStore | null, others: () => Host[] = () => []) {
  const library = createLibrary(store, forget);
  const tester = createTester(host, library.collections, remember);
  const runs = createRunState(host);
  /** The id of the collection or folder whose settings are shown; empty: none. */
  const settingsOf = signal("");
  /** What is shown of the open request, the run and the settings. The others stay as they are. */
  const front = signal<"request" | "run" | "settings">("request");
  /** Whether the drawer of collections and history is open, where there is no place for both. */
  const drawer = signal(false);

  /** What was removed last from the collections, to be put back. Its secrets are kept until another removal takes its place. */
  const removal = signal<Removal | null>(null);

  effect(() => {
    const now = library.collections.value;
    tester.follow(now);
    // Their collection or folder was removed.
    if (settingsOf.peek() !== "" && !find(now, settingsOf.peek())) closeSettings();
  });

  /** Forgets secrets of former records to which nothing refers now. */
  function forget(records: unknown): void {
    void host.forgetUnused(refsIn(records), [
      library.collections.peek(),
      library.history.peek(),
      tester.tabs.peek().map(({ request }) => request),
      removal.peek()?.node ?? null,
    ]);
  }

  function remove(node: Node): void {
    const former = removal.peek();
    const removed = withoutNode(library.collections.peek(), node.id);
    removal.value = { node, undo: () => library.set(removed.undo(library.collections.peek())) };
    library.set(removed.collections);
    if (former) forget(former.node);
  }

  function undoRemoval(): void {
    removal.peek()?.undo();
    removal.value = null;
  }

  /** Shows a request. `saved`: it is in a collection. */
  function open(request: SavedRequest, saved = false): void {
    tester.open(request, saved);
    front.value = "request";
    drawer.value = false;
  }

  /** Shows the run of a collection or folder, or the one that is running. */
  function showRun(holder: Holder): void {
    runs.choose(holder);
    front.value = "run";
    drawer.value = false;
  }

  function closeRun(): void {
    runs.choose(null);
    front.value = "request";
  }

  function showSettings(id: string): void {
    settingsOf.value = id;
    front.value = "settings";
    drawer.value = false;
  }

  function closeSettings(): void {
    settingsOf.value = "";
    front.value = "request";
  }

  function remember({ request, line, base, environmentId, environmentName, reply, failure }: Finished): void {
    library.record({
      id: newId(),
      at: Date.now(),
      environmentId,
      environmentName,
      base,
      line,
      request,
      status: reply?.status ?? null,
      totalMs: reply?.totalMs ?? 0,
      bytes: reply?.body.bytes ?? 0,
      code: failure?.diagnosis?.code ?? "",
    });
  }

  let loading: Promise<void> | undefined;

  /** Reads what is kept, once. */
  function load(): Promise<void> {
    loading ??= read();
    return loading;
  }

  async function read(): Promise<void> {
    await library.load();
    if (store) await keepTabs(store, library, tester);
  }

  function cancel(): void {
    tester.cancel();
    runs.cancel();
  }

  return {
    host,
    others,
    library,
    tester,
    runs,
    settingsOf,
    front,
    drawer,
    removal,
    remove,
    undoRemoval,
    open,
    showRun,
    closeRun,
    showSettings,
    closeSettings,
    load,
    cancel,
  };
}
