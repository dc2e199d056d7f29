/** Two columns under two badges. Only what differs is shown at first. */
import { useSignal } from "@preact/signals";
import { EnvironmentBadge } from "../environments/badge";
import { ShownValue } from "../environments/changed-fields";
import { Checkbox } from "../kit/field";
import { Notice } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { count, plural } from "../number";
import type { Environment } from "../workspace/model";
import type { Counterpart } from "./counterpart";
import type { FieldDifference, Form, RecordDifference } from "./difference";

interface DifferenceTableProps {
  environments: readonly [Environment, Environment];
  counterpart: Pick<Counterpart, "by" | "among">;
  difference: RecordDifference;
}

export function DifferenceTable({ environments, counterpart: { by, among }, difference }: DifferenceTableProps) {
  const all = useSignal(false);
  const { differences, equal, stamps } = difference;
  const shown = all.value ? [...differences, ...stamps, ...equal] : differences;
  return (
    <>
      {among > 1 && (
        <Notice tone="warn">
          {count(among)} records of {environments[1].name} have this {by}: it may be another one that is compared.
        </Notice>
      )}
      <div class="record-tools">
        <strong role="status">{differences.length === 0 ? "No field differs" : differs(differences.length)}</strong>
        <span class="hint">
          {plural(equal.length, "field")} equal; {plural(stamps.length, "stamp")} of the instance left out. Found by{" "}
          <code>{by}</code>.
        </span>
        <Checkbox id="record-compare-all" label="Equal fields and stamps too" value={all} />
      </div>
      {shown.length > 0 && (
        <table class="changed-fields record-difference">
          <TableHead
            columns={["Field", ...environments.map((one) => <EnvironmentBadge key={one.id} environment={one} />)]}
          />
          <tbody>
            {shown.map((one) => (
              <DifferenceRow key={one.name} one={one} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function DifferenceRow({ one: { name, title, values, shownAlike } }: { one: FieldDifference }) {
  return (
    <tr>
      <th scope="row">
        {title !== name && <bdi class="record-label">{title} </bdi>}
        <code>{name}</code>
        {shownAlike && <small> of the same name, with another key</small>}
      </th>
      {values.map((form, at) => (
        <td key={at}>{form === null ? <em>no such field, or hidden</em> : <FormView form={form} />}</td>
      ))}
    </tr>
  );
}

function FormView({ form: { raw, shown } }: { form: Form }) {
  return (
    <>
      <ShownValue text={shown} />
      {shown !== raw && raw !== "" && <code class="record-raw">{raw}</code>}
    </>
  );
}

function differs(fields: number): string {
  return fields === 1 ? "1 field differs" : `${plural(fields, "field")} differ`;
}
