/** How the fields of a table differ in another environment. */
import { useSignal } from "@preact/signals";
import type { TableSchema } from "sysparm/schema";
import { EnvironmentBadge } from "../environments/badge";
import { ShownValue } from "../environments/changed-fields";
import { OtherEnvironments } from "../environments/other-environments";
import type { Workspace } from "../environments/workspace";
import { Empty, Notice } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { plural } from "../number";
import { schemas } from "../schema/page";
import type { Environment } from "../workspace/model";
import { schemaDifferences } from "./difference";

interface ComparePanelProps {
  schema: TableSchema;
  /** The one that the schema is of. */
  environment: Environment;
  workspace: Workspace;
}

export function ComparePanel({ schema, environment, workspace }: ComparePanelProps) {
  const { environments, connections } = workspace;
  const chosen = useSignal("");
  const others = environments.list.value.filter(({ id }) => id !== environment.id);
  const other = others.find(({ id }) => id === chosen.value);
  const connection = connections.of(other?.id ?? "");
  const instance = connection.name === "open" ? connection.instance : null;

  if (others.length === 0)
    return (
      <Empty icon="compare" title="One table in two environments">
        There is no other environment yet. Add one in the view Environments.
      </Empty>
    );
  const reading = other && instance ? schemas.of(instance, "").schema(schema.table) : null;
  return (
    <div class="record-compare">
      <OtherEnvironments id="schema-compare" others={others} chosen={chosen} workspace={workspace} />
      {other && reading?.phase === "reading" && (
        <p class="hint" role="status">
          Reading {schema.table} of {other.name}.
        </p>
      )}
      {reading?.phase === "failed" && (
        <Notice tone="warn" alert>
          {reading.why}
        </Notice>
      )}
      {other && reading?.phase === "read" && (
        <Differences environments={[environment, other]} one={schema} other={reading.data} note={reading.note} />
      )}
    </div>
  );
}

interface DifferencesProps {
  environments: readonly Environment[];
  one: TableSchema;
  other: TableSchema;
  /** What could not be read of the other. */
  note: string;
}

function Differences({ environments, one, other, note }: DifferencesProps) {
  const { differences, equal } = schemaDifferences(one, other);
  return (
    <>
      <p>
        <strong role="status">
          {differences.length === 0 ? "No field differs" : plural(differences.length, "difference")}
        </strong>{" "}
        <span class="hint">
          {plural(equal, "field")} equal. {note}
        </span>
      </p>
      {differences.length > 0 && (
        <table class="changed-fields record-difference">
          <TableHead
            columns={["Field", ...environments.map((one) => <EnvironmentBadge key={one.id} environment={one} />)]}
          />
          <tbody>
            {differences.map(({ name, what, values }) => (
              <tr key={`${name} ${what}`}>
                <th scope="row">
                  <code>{name}</code> {what}
                </th>
                <Cell value={values[0]} />
                <Cell value={values[1]} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Cell({ value }: { value: string | null }) {
  return <td>{value === null ? <em>no such field, or hidden</em> : <ShownValue text={value} />}</td>;
}
