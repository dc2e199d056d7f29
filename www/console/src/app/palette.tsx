/** The command palette: a text, and what it finds. Loaded when it is first opened. */
import * as combobox from "@zag-js/combobox";
import { normalizeProps, useMachine } from "@zag-js/preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { EnvironmentBadge } from "../environments/badge";
import { Dialog } from "../kit/dialog";
import { Icon } from "../kit/icon";
import type { Collection } from "../workspace/model";
import { type Command, matching, registeredCommands } from "./commands";
import { takeEarlyText } from "./early-keys";
import { searched, tablesNote } from "./palette-search";
import { overlay } from "./shortcuts";
import type { ConsoleState } from "./state";

export function Palette({ state }: { state: ConsoleState }) {
  const input = useRef<HTMLInputElement>(null);
  const close = () => {
    overlay.value = null;
  };
  return (
    <Dialog open={true} close={close} title="Search or run a command" focus={input} kind="wide" bare>
      <Search input={input} close={close} state={state} />
    </Dialog>
  );
}

interface SearchProps {
  input: { current: HTMLInputElement | null };
  close: () => void;
  state: ConsoleState;
}

function Search({ input, close, state }: SearchProps) {
  const [early] = useState(takeEarlyText);
  const [typed, setTyped] = useState(early);
  const [collections, setCollections] = useState<readonly Collection[]>([]);
  const registered = useMemo(registeredCommands, []);
  const commands = [...searched(typed, state, collections), ...registered];
  const groups = matching(typed, commands);
  const note = tablesNote(typed, state);
  const environment = state.workspace.environments.current.value;

  useEffect(() => {
    state.workspace.store.all("collections").then(setCollections, () => undefined);
  }, [state]);

  const found = groups.flatMap((group) => group.commands);
  const service = useMachine(combobox.machine, {
    id: useId(),
    open: true,
    value: [],
    defaultInputValue: early,
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
        <input
          {...field}
          ref={input}
          aria-label="Search or run a command"
          placeholder="Record, table, request, view or command"
        />
      </div>
      <div {...api.getContentProps()} class="palette-list">
        {groups.map(({ heading, commands: inGroup }) => (
          <div key={heading} {...api.getItemGroupProps({ id: heading })}>
            <h3 {...api.getItemGroupLabelProps({ htmlFor: heading })}>{heading}</h3>
            {inGroup.map((command) => (
              <div key={command.id} {...api.getItemProps({ item: command })} class="palette-item">
                {command.icon && <Icon name={command.icon} />}
                <span class="palette-label ell" dir="auto" title={command.label}>
                  {command.label}
                </span>
                <span class="grow palette-note ell" dir="auto" title={command.note}>
                  {command.note}
                </span>
                {command.keys && <kbd>{command.keys}</kbd>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {(found.length === 0 || note !== "") && (
        <p class="palette-none">
          {note || "Nothing found."}
          {environment && !state.workspace.connections.currentInstance.value
            ? ` ${environment.name} is not connected: its records and tables are not searched.`
            : ""}
        </p>
      )}
      <footer class="palette-foot" aria-hidden="true">
        <span>
          <kbd>↑↓</kbd> choose
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
        <span class="grow" />
        <span>
          <kbd>&gt;</kbd> commands
        </span>
        <span>
          <kbd>#</kbd> tables
        </span>
        <span>
          <kbd>@</kbd> environments
        </span>
        {environment && <EnvironmentBadge environment={environment} />}
      </footer>
    </div>
  );
}
