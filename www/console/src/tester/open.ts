/** Opens the tester with a request, and loads it for that. The tester's pane says that it could not be loaded. */
import { go } from "../app/address";
import type { ConsoleState } from "../app/state";
import type { SavedRequest } from "../workspace/model";

export function openSavedRequest(state: ConsoleState, id: string): void {
  import("./view").then(({ openSaved }) => openSaved(state, id)).catch(showFailure);
}

export function openNewRequest(state: ConsoleState, request: SavedRequest): void {
  import("./view").then(({ openNew }) => openNew(state, request)).catch(showFailure);
}

const showFailure = () => go("tester");
