/** What a record is: its name, its table, its environment, and who changed it last. */
import type { Row } from "sysparm";
import { addressOf } from "../app/address";
import { EnvironmentBadge } from "../environments/badge";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { calledOf, rawOf, subjectOf } from "./facts";
import type { OpenRecord } from "./record";

export function RecordHead({ record, row, at }: { record: OpenRecord; row: Row; at: number }) {
  const { environment, table, id } = record.place;
  const subject = subjectOf(row);
  const label = record.schema.value?.ancestry[0]?.label;
  return (
    <header class="record-head">
      <div class="record-title">
        <EnvironmentBadge environment={environment} />
        <h2 id="record-heading">
          <bdi>{calledOf(row)}</bdi>
        </h2>
        {subject && (
          <span class="record-subject ell" dir="auto" title={subject}>
            {subject}
          </span>
        )}
      </div>
      <div class="record-facts">
        <span>
          {label && <bdi>{label} </bdi>}
          <a href={addressOf("schema", table)}>
            <code>{table}</code>
          </a>
        </span>
        <span class="record-id">
          <code>{id}</code> <CopyButton short label="Copy the sys_id" text={id} />
        </span>
        <span>{lastChange(row)}</span>
        <span class="quiet">Read {new Date(at).toLocaleTimeString("en-GB")}</span>
        <Button small icon="sync" onClick={() => void record.load()}>
          Read again
        </Button>
        <CopyButton label="Copy as JSON" text={() => JSON.stringify(row, null, 2)} />
      </div>
    </header>
  );
}

function lastChange(row: Row): string {
  const [on, by, version] = ["sys_updated_on", "sys_updated_by", "sys_mod_count"].map((name) => rawOf(row, name));
  if (!on) return "When it was changed may not be read";
  return `Changed ${on} UTC${by ? ` by ${by}` : ""}${version ? `, version ${version}` : ""}`;
}
