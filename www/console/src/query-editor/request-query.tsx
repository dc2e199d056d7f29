/** The query editor for the parameter `sysparm_query` of the open request, with its commands. */
import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { go } from "../app/address";
import { registerCommands } from "../app/commands";
import { knownOf, schemas } from "../schema/page";
import type { Host } from "../tester/host";
import type { Pair, SavedRequest } from "../workspace/model";
import { createDrafts } from "./drafts";
import { OpenQueryEditor } from "./open";
import { editedQuery, withQuery } from "./query-parameter";

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
  const edited = editedQuery(request, editing.value);
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
      refreshing={schemas.isRefreshing(instance)}
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
        onChange(withQuery(request, edited.id, value));
        close();
      }}
    />
  );
}
