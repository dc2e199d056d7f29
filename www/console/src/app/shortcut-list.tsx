/** The list of all shortcuts, and the setting that turns single letters off. Loaded when it is first opened. */
import { useRef } from "preact/hooks";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { preferences, setPreference } from "./preferences";
import { overlay } from "./shortcuts";
import { views } from "./views";

export function ShortcutList() {
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    overlay.value = null;
  };
  return (
    <Dialog
      open={true}
      close={close}
      title="Shortcuts"
      focus={button}
      footer={
        <Button ref={button} onClick={close}>
          Close
        </Button>
      }
    >
      <dl class="shortcuts">
        {[...PAGE, ...views.map(({ label, letter }) => [`G ${letter.toUpperCase()}`, `Open ${label}`] as const)].map(
          ([keys, what]) => (
            <div key={keys}>
              <dt>{what}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ),
        )}
      </dl>
      <label class="tick">
        <input
          type="checkbox"
          checked={preferences.value.letters}
          onChange={(event) => setPreference({ letters: event.currentTarget.checked })}
        />
        Single letters are shortcuts outside text fields
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={preferences.value.roomy}
          onChange={(event) => setPreference({ roomy: event.currentTarget.checked })}
        />
        Roomy rows
      </label>
    </Dialog>
  );
}

const PAGE = [
  ["Ctrl K", "Search or run a command"],
  ["Ctrl Enter", "Send or run, in a form"],
  ["Ctrl Space", "Propose what may stand at the cursor"],
  ["Alt Q", "Edit the query of the open request"],
  ["Escape", "Close what is on top"],
  ["Ctrl S", "Save the open request"],
  ["F6", "Go to the next part of the page; with Shift to the one before"],
  ["Ctrl ← →", "Resize a focused splitter"],
  ["F2", "Rename, in the collections"],
  ["Delete", "Remove, in the collections"],
  ["E 1 to 9", "Change to an environment, in the order of their menu"],
  ["Enter", "All fields of the row, in a table; on a head its menu"],
  ["Space", "Select the row, in a table; with Shift up to it"],
  ["F", "Only rows with the value of the cell, in a table"],
  ["Y", "Copy the sys_id of the row, in a table"],
  ["Shift F10", "Menu of the cell or head, in a table"],
  ["?", "Show this list"],
] as const;
