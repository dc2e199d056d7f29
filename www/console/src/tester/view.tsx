import { go } from "../app/address";
import type { ConsoleState } from "../app/state";
import type { ViewProps } from "../app/views";
import { workspaceHost } from "./host";
import { TesterPane } from "./pane";
import { createWorkbench, type Workbench } from "./workbench";

let workbench: Workbench | undefined;

/** One for the page. Imports add to its collections. */
export function workbenchOf({ workspace, onLeave }: ConsoleState): Workbench {
  if (workbench) return workbench;
  workbench = createWorkbench(workspaceHost(workspace), workspace.store);
  void workbench.library.load();
  onLeave(workbench.cancel);
  return workbench;
}

export function View({ state }: ViewProps) {
  return <TesterPane workbench={workbenchOf(state)} onDoctor={() => go("doctor")} />;
}
