import { useEffect } from "preact/hooks";
import { address, go } from "../app/address";
import type { ConsoleState } from "../app/state";
import type { ViewProps } from "../app/views";
import { find } from "../collections/tree";
import { throughWorker } from "../environments/form/draft";
import type { SavedRequest } from "../workspace/model";
import { workersLike } from "./blocked";
import type { WorkerOffer } from "./blocked-notice";
import { otherHosts, workspaceHost } from "./host";
import { TesterPane } from "./pane";
import { createWorkbench, type Workbench } from "./workbench";

let workbench: Workbench | undefined;

/** One for the page. Imports add to its collections. */
export function workbenchOf({ workspace, onDisconnect }: ConsoleState): Workbench {
  if (workbench) return workbench;
  workbench = createWorkbench(workspaceHost(workspace), workspace.store, () => otherHosts(workspace));
  void workbench.load();
  onDisconnect(workbench.cancel);
  return workbench;
}

/** Shows the tester with a request of a collection; one that is gone is not opened. */
export async function openSaved(state: ConsoleState, id: string): Promise<void> {
  const { load, library, open } = workbenchOf(state);
  // What is kept is opened first: it takes the place of the first tab.
  await load();
  const node = find(library.collections.value, id)?.node;
  if (node?.kind === "request") open(node, true);
  // Last: what is typed at once goes to this request, not to the one that was in front.
  go("tester");
}

/** Shows the tester with a request that is in no collection. */
export async function openNew(state: ConsoleState, request: SavedRequest): Promise<void> {
  const { load, open } = workbenchOf(state);
  await load();
  open(request);
  go("tester");
}

function workerOffer({ workspace, editor }: ConsoleState): WorkerOffer {
  const { environments } = workspace;
  return {
    like: (blocked) => workersLike(blocked, environments.list.value),
    find: environments.find,
    change: ({ id }) => void environments.select(id),
    setUp: () => {
      editor.begin(undefined, throughWorker(environments.current.value, environments.list.value));
      go("environments");
    },
  };
}

export function View({ state }: ViewProps) {
  const shown = address.value.view === "tester";
  const { examiner } = state;

  // Another view may have added collections.
  useEffect(() => {
    if (shown) void workbenchOf(state).library.load();
  }, [shown, state]);

  /** Gives the doctor the table, query and fields of the request. */
  function examine({ address: path, parameters }: SavedRequest): void {
    const parameter = (name: string) => parameters.find((pair) => pair.on && pair.name === name)?.value ?? "";
    const table = /\/api\/now\/(?:v\d+\/)?(?:table|stats)\/(\w+)/.exec(path)?.[1];
    if (table !== undefined && examiner.phase.value.name !== "running") {
      examiner.table.value = table;
      examiner.query.value = parameter("sysparm_query");
      examiner.fields.value = parameter("sysparm_fields");
    }
    go("doctor");
  }

  return <TesterPane workbench={workbenchOf(state)} offer={workerOffer(state)} onDoctor={examine} />;
}
