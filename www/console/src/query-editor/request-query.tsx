/** The query editor for the parameter `sysparm_query` of the open request, with its commands. */
import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { go } from "../app/address";
import { registerCommands } from "../app/commands";
import { knownOf, schemas } from "../schema/page";
import type { Host } from "../tester/host";
import { newPair, type Pair, type SavedRequest } from "../workspace/model";
import { createDrafts } from "./drafts";
import { OpenQueryEditor } from "./open";

const drafts = createDrafts();

interface RequestQueryProps {
  /** The id of the parameter whose query is edited; empty: none. */
  editing: Signal<string>;
  request: SavedRequest;
  table: string;
  host: Host;
  onChange: (parameters: Pair[]) => void;
  /** Shows the parameters and edits the query. */
  onEdit: () => void;
}

export function RequestQuery({ editing, request, table, host, onChange, onEdit }: RequestQueryProps) {
  const instance = host.instance();
  const name = host.environment()?.name ?? "";
  const edited = request.parameters.find(({ id }) => id === editing.value);
  const refresh = instance && (() => void schemas.refresh(instance, table));

  useEffect(() =>
    registerCommands([
      {
        id: "query.edit",
        label: "Edit the query of the open request",
        icon: "query",
        keys: "Alt Q",
        words: "encoded sysparm_query conditions",
        run: () => {
          go("tester");
          onEdit();
        },
      },
      ...(refresh && table !== ""
        ? [
            {
              id: "schema.refresh",
              label: `Read the tables of ${name} and the fields of ${table} again`,
              icon: "schema" as const,
              words: "schema dictionary refresh",
              run: refresh,
            },
          ]
        : []),
    ]),
  );

  if (!edited) return null;
  const draft = drafts.of(edited.id, edited.value);
  const close = () => {
    editing.value = "";
  };
  return (
    <OpenQueryEditor
      key={edited.id}
      text={edited.value}
      table={table}
      known={() => knownOf(host)}
      onRefresh={refresh}
      {...(draft === undefined ? {} : { draft })}
      onClose={(text) => {
        drafts.keep(edited.id, { from: edited.value, text });
        close();
      }}
      onCancel={() => {
        drafts.drop(edited.id);
        close();
      }}
      onUse={(value) => {
        drafts.drop(edited.id);
        onChange(request.parameters.map((pair) => (pair.id === edited.id ? { ...pair, value, on: true } : pair)));
        close();
      }}
    />
  );
}

/** The parameter of the query that is sent, or a new one at the end. */
export function queryParameter(parameters: readonly Pair[]): { id: string; parameters: readonly Pair[] } {
  const queries = parameters.filter(({ name }) => name === "sysparm_query");
  const found = queries.find(({ on }) => on) ?? queries[0];
  if (found) return { id: found.id, parameters };
  const made = newPair("sysparm_query");
  return { id: made.id, parameters: [...parameters, made] };
}
