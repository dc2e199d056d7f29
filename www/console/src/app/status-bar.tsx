/** The line at the bottom: how the page is connected, and the state of its token. */
import { ConnectionLine } from "../connection/badge";
import type { ConsoleState } from "./state";

export function StatusBar({ state }: { state: ConsoleState }) {
  return (
    <footer class="status-bar">
      <ConnectionLine workspace={state.workspace} />
    </footer>
  );
}
