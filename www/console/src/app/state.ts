/** The state objects that the frame passes to the views. */
import type { Examiner } from "../doctor/examination";
import type { Editor } from "../environments/form/editor";
import type { Workspace } from "../environments/workspace";
import type { Reader } from "../records/reader";
import type { Exchange } from "../tester/exchange";

export interface ConsoleState {
  workspace: Workspace;
  /** The form of an environment. */
  editor: Editor;
  reader: Reader;
  exchange: Exchange;
  examiner: Examiner;
  /** Cancels everything in progress, then closes the connection of the environment in use. */
  leave: () => void;
}
