/** The line at the bottom: how the page is connected, and the state of its token. */
import { ConnectionLine } from "../connection/badge";
import { overlay } from "./shortcuts";
import type { ConsoleState } from "./state";

export function StatusBar({ state }: { state: ConsoleState }) {
  return (
    <footer class="status-bar">
      <ConnectionLine workspace={state.workspace} />
      <span class="grow" />
      <button
        type="button"
        class="link small"
        onClick={() => {
          overlay.value = "shortcuts";
        }}
      >
        Shortcuts <kbd>?</kbd>
      </button>
    </footer>
  );
}
