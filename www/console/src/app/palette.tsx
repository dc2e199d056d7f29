/** The command palette: a text, and what it finds. Loaded when it is first opened. */
import * as combobox from "@zag-js/combobox";
import { normalizeProps, useMachine } from "@zag-js/preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import { Dialog } from "../kit/dialog";
import { Icon } from "../kit/icon";
import { type Command, matching, registeredCommands } from "./commands";
import { overlay } from "./shortcuts";

export function Palette() {
  const input = useRef<HTMLInputElement>(null);
  const close = () => {
    overlay.value = null;
  };
  return (
    <Dialog open={true} close={close} title="Search or run a command" focus={input} kind="wide" bare>
      <Search input={input} close={close} />
    </Dialog>
  );
}

function Search({ input, close }: { input: { current: HTMLInputElement | null }; close: () => void }) {
  const [typed, setTyped] = useState("");
  const commands = useMemo(registeredCommands, []);
  const groups = matching(typed, commands);
  const found = groups.flatMap((group) => group.commands);
  const service = useMachine(combobox.machine, {
    id: useId(),
    open: true,
    value: [],
    collection: combobox.collection<Command>({
      items: found,
      itemToValue: ({ id }) => id,
      itemToString: ({ label }) => label,
    }),
    inputBehavior: "autohighlight",
    selectionBehavior: "preserve",
    disableLayer: true,
    composite: true,
    loopFocus: true,
    onInputValueChange: ({ inputValue, reason }) => {
      if (reason !== "item-select") setTyped(inputValue);
    },
    onSelect: ({ itemValue }) => {
      const command = commands.find(({ id }) => id === itemValue);
      close();
      // After the dialog has returned the focus, so that the command may move it.
      if (command) setTimeout(command.run);
    },
  });
  const api = combobox.connect(service, normalizeProps);
  // Their type allows roles that a field of text cannot have.
  const field: object = api.getInputProps();
  return (
    <div {...api.getRootProps()} class="palette">
      <div {...api.getControlProps()} class="palette-query">
        <Icon name="search" />
        <input {...field} ref={input} aria-label="Search or run a command" placeholder="View or command" />
      </div>
      <div {...api.getContentProps()} class="palette-list">
        {groups.map(({ heading, commands: inGroup }) => (
          <div key={heading} {...api.getItemGroupProps({ id: heading })}>
            <h3 {...api.getItemGroupLabelProps({ htmlFor: heading })}>{heading}</h3>
            {inGroup.map((command) => (
              <div key={command.id} {...api.getItemProps({ item: command })} class="palette-item">
                {command.icon && <Icon name={command.icon} />}
                <span class="grow">{command.label}</span>
                {command.keys && <kbd>{command.keys}</kbd>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="palette-none">Nothing found.</p>}
      <footer class="palette-foot" aria-hidden="true">
        <span>
          <kbd>↑↓</kbd> choose
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
        <span class="grow" />
        <span>
          <kbd>&gt;</kbd> commands only
        </span>
      </footer>
    </div>
  );
}
