/** The bar of the studio: table, paste, saved queries, and where the query goes from here. */
import { useState } from "preact/hooks";
import { go } from "../app/address";
import type { ConsoleState } from "../app/state";
import { askText } from "../kit/ask";
import { Button } from "../kit/button";
import { SuggestInput } from "../kit/suggest-input";
import { completeTable } from "../schema/complete-address";
import { openNewRequest } from "../tester/open";
import { requestOf } from "./addresses";
import { SavedDialog } from "./saved-dialog";
import type { Studio } from "./studio";

interface BarProps {
  studio: Studio;
  state: ConsoleState;
  connected: boolean;
  onRun: () => void;
}

export function Bar({ studio, state, connected, onRun }: BarProps) {
  const [lists, setLists] = useState(false);
  const { table } = studio.edited.value;
  const saved = studio.saved.list.value;
  const open = studio.saved.find(studio.savedId.value);
  const current = () => ({ table: studio.asked.peek().table, query: studio.asked.peek().query });
  const changed = open !== undefined && (open.query !== studio.asked.value.query || open.table !== table);

  async function paste(): Promise<void> {
    const text = await askText({
      title: "Paste a query or an address",
      text: "An encoded query, the address of a list, a form or an API call, or percent-encoded text.",
      label: "Query or address",
      yes: "Decode",
    });
    if (text !== null && text.trim() !== "") studio.paste(text);
  }

  async function save(): Promise<void> {
    if (open) return studio.saved.change(open.id, current());
    const name = await askText({
      title: "Save this query",
      label: "Name",
      value: table === "" ? "" : `Rows of ${table}`,
      yes: "Save",
    });
    if (name === null || name.trim() === "") return;
    const added = studio.saved.add(name.trim(), current());
    studio.savedId.value = added.id;
    go("query", "saved", added.id);
  }

  function openInTables(): void {
    const { query } = current();
    state.reader.fill({ table, query, fields: "" });
    go("tables");
  }

  return (
    <div class="studio-bar">
      <TableField studio={studio} />
      <Button onClick={() => void paste()}>Paste a query or address…</Button>
      {open && (
        <span class="hint">
          <bdi>{open.name}</bdi>
          {changed && ", changed"}
        </span>
      )}
      <span class="grow" />
      <Button kind="quiet" onClick={() => setLists(true)}>
        Saved <span class="count">{saved.length}</span>
      </Button>
      <Button onClick={() => void save()}>{open ? "Save" : "Save…"}</Button>
      <Button
        onClick={() => {
          const { query, fields } = studio.asked.peek();
          openNewRequest(state, requestOf(table, query, fields));
        }}
      >
        Use in tester
      </Button>
      <Button onClick={openInTables}>Open in Tables</Button>
      <Button
        kind="primary"
        aria-keyshortcuts="Control+Enter"
        disabledReason={connected ? undefined : "Connect an environment first."}
        onClick={onRun}
      >
        Count and preview
      </Button>
      {lists && <SavedDialog studio={studio} onClose={() => setLists(false)} />}
    </div>
  );
}

/** Taken when the person leaves the field or presses Enter: the name of a table in the making is none to ask for. */
function TableField({ studio }: { studio: Studio }) {
  const { table } = studio.edited.value;
  const [typed, setTyped] = useState<string | null>(null);
  const tables = studio.known().tables();
  const name = typed ?? table;
  const label = tables.phase === "read" ? tables.data.find((one) => one.name === name)?.label : undefined;

  function take(text: string | null): void {
    setTyped(null);
    if (text !== null) studio.setTable(text.trim());
  }

  return (
    <form
      class="studio-table"
      onSubmit={(event) => {
        event.preventDefault();
        take(typed);
      }}
      onFocusOut={() => take(typed)}
    >
      <SuggestInput
        class="mono"
        label="Table of the query"
        placeholder="table"
        value={name}
        onValue={(text) => {
          const chosen = tables.phase === "read" && tables.data.some((one) => one.name === text);
          setTyped(text);
          if (chosen) studio.setTable(text);
        }}
        complete={(text, caret) => completeTable(text.slice(0, caret), 0, text.length, studio.known())}
      />
      <span class="query-label">{label ?? ""}</span>
    </form>
  );
}
