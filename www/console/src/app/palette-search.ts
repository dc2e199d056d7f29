/** Records, tables and requests for the palette. Loaded with it. */
import { places } from "../collections/tree";
import type { Reading, TableName } from "../schema/known";
import { knownOf } from "../schema/page";
import { openSavedRequest } from "../tester/open";
import { titleOf } from "../tester/tester";
import type { Collection } from "../workspace/model";
import { go } from "./address";
import { type Command, MOST_OF_A_GROUP } from "./commands";
import { asksForTables, matchingTables, recordTargets } from "./search";
import type { ConsoleState } from "./state";

/** What is found for a typed text. Nothing of the instance is read before a text asks for it. */
export function searched(typed: string, state: ConsoleState, collections: readonly Collection[]): Command[] {
  if (/^\s*[>@]/.test(typed)) return [];
  const only = /^\s*#/.test(typed);
  return [
    ...(only ? [] : records(typed, state)),
    ...tables(typed, state),
    ...(only || typed.trim() === "" ? [] : requests(collections, state)),
  ];
}

function records(typed: string, state: ConsoleState): Command[] {
  if (!state.workspace.connections.currentInstance.value) return [];
  return recordTargets(typed, state.reader.form.table.value).map(({ label, target }) => ({
    id: `record.${target.table}.${target.key}`,
    label,
    group: "Records",
    icon: "record",
    found: true,
    run: () => go("records", target.table, target.key),
  }));
}

/** Why the tables of the instance are not searched, in a sentence; empty where they are, or where the text asks for none. */
export function tablesNote(typed: string, state: ConsoleState): string {
  const read = readTables(typed, state);
  if (read?.phase === "reading") return "Reading the list of tables…";
  return read?.phase === "failed" ? read.why : "";
}

/** Null where the text asks for none, and without a connection. */
function readTables(typed: string, state: ConsoleState): Reading<readonly TableName[]> | null {
  const { environments, connections } = state.workspace;
  const instance = connections.currentInstance.value;
  if (!instance || !asksForTables(typed)) return null;
  return knownOf({ environment: () => environments.current.value, instance: () => instance }).tables();
}

function tables(typed: string, state: ConsoleState): Command[] {
  const read = readTables(typed, state);
  if (read?.phase !== "read") return [];
  return matchingTables(typed, read.data, MOST_OF_A_GROUP).map(({ name, label }) => ({
    id: `table.${name}`,
    label: label === "" ? name : label,
    group: "Tables",
    icon: "tables",
    note: name,
    found: true,
    run: () => showRows(name, state),
  }));
}

function requests(collections: readonly Collection[], state: ConsoleState): Command[] {
  return [...places(collections)].flatMap(({ node, ancestors }) =>
    node.kind !== "request"
      ? []
      : [
          {
            id: `request.${node.id}`,
            label: titleOf(node),
            group: "Requests",
            icon: "tester" as const,
            words: `${node.method} ${node.address} ${ancestors.map(({ name }) => name).join(" ")}`,
            note: ancestors.map(({ name }) => name).join(" > "),
            run: () => openSavedRequest(state, node.id),
          },
        ],
  );
}

/** Every field is read: those of the form may be of another table. */
function showRows(table: string, state: ConsoleState): void {
  const { reader, workspace } = state;
  const instance = workspace.connections.currentInstance.value;
  reader.clear();
  reader.fill({ table, query: "", fields: "" });
  go("tables");
  if (instance) void reader.read(instance);
}
