import { useEffect } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { TablesPane } from "./pane";
import "../style/table-panes.css";
import "../style/tables.css";

export function View({ state, instance, parts }: ViewProps) {
  const { reader, workspace } = state;
  const [table] = parts;

  // `#/tables/problem` reads the table that it names.
  useEffect(() => {
    if (!table || !instance || reader.form.table.peek().trim() === table) return;
    reader.fill({ table, query: "", fields: reader.layouts.fieldsOf(table) });
    void reader.ask(instance, {});
  }, [table, instance, reader]);

  return <TablesPane reader={reader} instance={instance} workspace={workspace} onDisconnect={state.onDisconnect} />;
}
