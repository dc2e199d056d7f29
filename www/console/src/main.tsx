/** Starts the page. Leaving the page drops the tokens, and every secret that the person did not have remembered. */
import "./style/tokens.css";
import "./style/base.css";
import "./style/kit.css";
import "./style/controls.css";
import "./style/overlay.css";
import "./style/frame.css";
import "./style/panes.css";
import "./style/failure.css";
import "./style/grid.css";
import "./style/doctor.css";
import "./style/environments.css";
import { render } from "preact";
import { load } from "sysparm";
import { address, takeAddress } from "./app/address";
import { Frame } from "./app/frame";
import { applyLooks } from "./app/preferences";
import { viewById } from "./app/views";
import { readFragment } from "./connection/fragment";
import { createExaminer } from "./doctor/examination";
import { registerEnvironmentCommands } from "./environments/commands";
import { markDocument } from "./environments/document";
import { createEditor } from "./environments/form/editor";
import { takePrefill } from "./environments/prefill";
import { openWorkspace } from "./environments/workspace";
import { browserTab } from "./store/browser-tab";
import { createLayouts } from "./tables/layouts";
import { createReader } from "./tables/reader";
import { createHolders } from "./token/holders";

// Starts the download early. connect() reports a failure.
load().catch(() => undefined);

// Before anything waits, so that a dark page is dark from the start.
applyLooks();

// Before the tester is shown, so that no other tab takes over the open requests of this one.
if (browserTab.former() !== "") void browserTab.claim(browserTab.former());

const workspace = await openWorkspace();
const editor = createEditor(workspace.environments, workspace.vault);
const layouts = createLayouts(workspace.store);
await layouts.load();
/** The state objects of the views that are there from the start. */
const tasks = { reader: createReader(layouts), examiner: createExaminer() };
const holders = createHolders(
  () => workspace.connections.all.value.values(),
  () => viewById(address.value.view)?.label ?? "",
  typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("sysparm-console-tokens"),
);
const cancels = new Set<() => void>(Object.values(tasks).map((task) => task.cancel));

/** Cancels before it disconnects: a cancelled read ends as cancelled, but closing the instance first would end it as failed. */
function disconnect(): void {
  for (const cancel of cancels) cancel();
  workspace.connections.close(workspace.environments.currentId.value);
}

function takeFragment(): void {
  if (takeAddress()) return;
  const { prefill, foreign } = readFragment(location.hash);
  void takePrefill(prefill, workspace, editor);
  // Anything else could be a secret, and the browser's history keeps addresses.
  if (foreign) history.replaceState(null, "", location.pathname + location.search);
}

markDocument(workspace.environments);
registerEnvironmentCommands(workspace);
// The form is that of the environment in use, where that is not connected.
workspace.environments.currentId.subscribe((id) => editor.begin(workspace.environments.find(id)));
takeFragment();
addEventListener("hashchange", takeFragment);
addEventListener("pagehide", () => {
  disconnect();
  workspace.connections.closeAll();
});
const place = document.querySelector("#console");
const onDisconnect = (cancel: () => void) => void cancels.add(cancel);
if (place) render(<Frame state={{ workspace, editor, holders, ...tasks, onDisconnect, disconnect }} />, place);
