/** What is changed and not saved: old and new values, and the button that sends them. */
import { ChangedFields } from "../environments/changed-fields";
import { Button } from "../kit/button";
import { plural } from "../number";
import { calledOf } from "./facts";
import type { OpenRecord } from "./record";

export function SaveBar({ record }: { record: OpenRecord }) {
  const changes = record.changes.value;
  const row = record.row.value;
  if (changes.length === 0 || !row) return null;
  const { environment } = record.place;
  const isProd = environment.kind === "prod";
  const label = isProd ? `Update ${calledOf(row)} on ${environment.name}…` : `Save ${plural(changes.length, "change")}`;
  return (
    <section class="record-save" aria-label="Changes that are not saved">
      <ChangedFields changes={changes} />
      <div class="actions">
        <Button
          kind="primary"
          busy={record.saving.value}
          disabledReason={record.problems.value.size > 0 ? "Correct the values that are marked first." : undefined}
          onClick={() => void record.save()}
        >
          {label}
        </Button>
        <Button disabled={record.saving.value} onClick={record.discard}>
          Discard
        </Button>
        <span class="hint">Sent only if nobody has changed the record since it was read.</span>
      </div>
    </section>
  );
}
