/** The record in two environments side by side: what differs, and how many fields are equal. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { OtherEnvironments } from "../environments/other-environments";
import type { Workspace } from "../environments/workspace";
import { type Failure, failureOf } from "../failure/failure";
import { FailureView } from "../failure/view";
import { Empty, Notice } from "../kit/notice";
import { schemas } from "../schema/page";
import type { Environment } from "../workspace/model";
import { type Counterpart, findCounterpart } from "./counterpart";
import { differenceOf } from "./difference";
import { DifferenceTable } from "./difference-table";
import { factsOf } from "./facts";
import type { OpenRecord } from "./record";

type Found = { of: Environment; counterpart: Counterpart | null };

export function ComparePanel({ record, workspace }: { record: OpenRecord; workspace: Workspace }) {
  const { environments, connections } = workspace;
  const chosen = useSignal("");
  const read = useSignal<Found | Failure | null>(null);
  const { environment, table } = record.place;
  const row = record.row.value;
  const others = environments.list.value.filter(({ id }) => id !== environment.id);
  const other = others.find(({ id }) => id === chosen.value);
  const connection = connections.of(other?.id ?? "");
  const instance = connection.name === "open" ? connection.instance : null;

  useEffect(() => {
    read.value = null;
    if (!other || !instance || !row) return;
    const abort = new AbortController();
    findCounterpart(instance, table, row, abort.signal).then(
      (counterpart) => {
        if (!abort.signal.aborted) read.value = { of: other, counterpart };
      },
      (thrown) => {
        if (!abort.signal.aborted) read.value = failureOf(thrown);
      },
    );
    return () => abort.abort();
  }, [other, instance, row, table, read]);

  if (others.length === 0)
    return (
      <Empty icon="compare" title="One record in two environments">
        There is no other environment yet. Add one in the view Environments.
      </Empty>
    );
  const found = read.value;
  return (
    <div class="record-compare">
      <OtherEnvironments id="record-compare" others={others} chosen={chosen} workspace={workspace} />
      {other && instance && found === null && (
        <p class="hint" role="status">
          Reading the record from {other.name}.
        </p>
      )}
      {found && "message" in found && <FailureView failure={found} heading="The other record could not be read" />}
      {found && "of" in found && !found.counterpart && (
        <Notice tone="warn">
          {found.of.name} has no such record of {table}: neither by sys_id nor by its number or name. It is not there,
          or this user may not read it.
        </Notice>
      )}
      {found && "of" in found && found.counterpart && (
        <DifferenceTable
          environments={[environment, found.of]}
          counterpart={found.counterpart}
          difference={differenceOf(
            record.facts.value,
            factsOf(found.counterpart.row, schemaOf(instance, table), new Map()),
          )}
        />
      )}
    </div>
  );
}

/** What the other environment's dictionary says; null until it is read, and where it may not be. */
function schemaOf(instance: Parameters<typeof schemas.of>[0], table: string) {
  const reading = schemas.of(instance, "The environment is not connected.").schema(table);
  return reading.phase === "read" ? reading.data : null;
}
