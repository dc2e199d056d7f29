/** The tables of the environment in use, and what one of them is made of. */
import "../style/records.css";
import "../style/schema.css";
import type { ViewProps } from "../app/views";
import { Button } from "../kit/button";
import { Empty, Notice } from "../kit/notice";
import { schemas } from "../schema/page";
import { TableList } from "./table-list";
import { TablePane } from "./table-pane";

export function View({ state, instance, parts }: ViewProps) {
  const { workspace } = state;
  const environment = workspace.environments.current.value;
  const known = schemas.of(instance, `${environment?.name ?? "The environment"} is not connected.`);
  const [table = ""] = parts;
  const reading = instance && table !== "" ? known.schema(table) : null;
  return (
    <div class="schema">
      <TableList known={known} chosen={table} connected={instance !== null} />
      <div class="schema-table">
        {!instance || !environment ? (
          <Notice tone="warn">
            {environment?.name ?? "The environment"} is not connected. Connect it to see its tables.
          </Notice>
        ) : reading === null ? (
          <Empty icon="schema" title="What a table is made of">
            Its ancestry, fields, indexes, choices and relations. Choose a table from the list.
          </Empty>
        ) : reading.phase === "reading" ? (
          <p class="hint" role="status">
            Reading the fields of {table}.
          </p>
        ) : reading.phase === "failed" ? (
          <Notice
            tone="error"
            alert
            actions={
              <Button
                small
                busy={schemas.isRefreshing(instance)}
                onClick={() => void schemas.refresh(instance, table)}
              >{`Read ${table} again`}</Button>
            }
          >
            {reading.why}
          </Notice>
        ) : (
          <TablePane
            key={`${environment.id} ${table}`}
            schema={reading.data}
            note={reading.note}
            {...{ known, environment, instance, workspace }}
          />
        )}
      </div>
    </div>
  );
}
