/** Everything about one record of the environment in use. */
import "../style/records.css";
import { useEffect, useMemo } from "preact/hooks";
import { go } from "../app/address";
import type { ViewProps } from "../app/views";
import { Empty } from "../kit/notice";
import { schemas } from "../schema/page";
import { JumpForm } from "./jump-form";
import { RecordPane } from "./pane";
import { createRecords } from "./records";

export function View({ state, instance, parts }: ViewProps) {
  const { workspace } = state;
  const records = useMemo(() => {
    const known = (source: Parameters<typeof schemas.of>[0]) => schemas.of(source, "The environment is not connected.");
    const made = createRecords(workspace, known, (table, id) => go("records", table, id));
    state.onDisconnect(made.cancel);
    return made;
  }, [state, workspace]);
  const [table = "", key = ""] = parts;

  useEffect(() => {
    if (instance && table !== "" && key !== "") records.take(table, key);
  }, [records, instance, table, key]);

  const record = records.shown.value;
  return (
    <div class="records">
      <JumpForm records={records} likely={state.reader.form.table.value} connected={instance !== null} />
      {record ? (
        <RecordPane
          key={`${record.place.environment.id} ${record.place.table} ${record.place.id}`}
          record={record}
          records={records}
          workspace={workspace}
        />
      ) : (
        <Empty icon="record" title="Everything about one record">
          Its fields, journal, history and files, and how it differs from that of another environment. Enter a number, a
          sys_id or an address above.
        </Empty>
      )}
    </div>
  );
}
