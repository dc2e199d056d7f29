/** The choices of a table's fields. */
import type { TableSchema } from "sysparm/schema";
import { Empty } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { fieldsOf } from "../schema/fields";

export function ChoicesPanel({ schema }: { schema: TableSchema }) {
  const fields = Object.entries(fieldsOf(schema)).filter(([, { choices }]) => choices && choices.length > 0);
  if (fields.length === 0)
    return (
      <Empty icon="text" title="No choices">
        No field of {schema.table} has choices that this user may read.
      </Empty>
    );
  return (
    <div class="schema-choices">
      {fields.map(([name, { label, choices = [], suggestions }]) => (
        <section key={name} aria-label={`Choices of ${name}`}>
          <h3>
            <bdi>{label ?? name}</bdi> <code>{name}</code>
          </h3>
          {suggestions && <p class="hint">Other values are taken too.</p>}
          <table class="changed-fields">
            <TableHead columns={["Stored", "Shown"]} />
            <tbody>
              {choices.map(({ value, label: shown, inactive, dependent }) => (
                <tr key={`${value} ${dependent ?? ""}`}>
                  <th scope="row">
                    <code>{value}</code>
                  </th>
                  <td>
                    <bdi>{shown}</bdi>
                    {dependent && <small class="quiet"> with {dependent}</small>}
                    {inactive && <small class="quiet"> no longer offered</small>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}
