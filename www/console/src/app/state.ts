/** The state objects that the frame passes to the views. */
import type { Examiner } from "../doctor/examination";
import type { Editor } from "../environments/form/editor";
import type { Workspace } from "../environments/workspace";
import type { Reader } from "../tables/reader";
import type { Holders } from "../token/holders";

export interface ConsoleState {
  workspace: Workspace;
  /** The form of an environment. */
  editor: Editor;
  reader: Reader;
  examiner: Examiner;
  /** Which tabs hold a token of the same instance. */
  holders: Holders;
  /** Names what cancels the work of a view that was loaded on demand. */
  onDisconnect: (cancel: () => void) => void;
  /** Cancels everything in progress, then closes the connection of the environment in use. */
  disconnect: () => void;
}
