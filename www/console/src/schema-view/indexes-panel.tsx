/** The database indexes of a table: which conditions and orders are quick. */
import type { TableSchema } from "sysparm/schema";
import { Empty, Notice } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { TableLink } from "./fields-panel";

export function IndexesPanel({ schema: { table, indexes } }: { schema: TableSchema }) {
  if (indexes === null)
    return (
      <Notice tone="warn">
        The indexes may not be read by this user (sys_index): whether a query is quick is not known.
      </Notice>
    );
  return (
    <>
      <p class="hint">
        An index serves conditions and orders that begin with its first field. That of <code>sys_id</code> is not
        listed: every table has it.
      </p>
      {indexes.length === 0 ? (
        <Empty icon="bars" title="No index">
          {table} has no index but that of sys_id.
        </Empty>
      ) : (
        <table class="changed-fields">
          <TableHead columns={["Fields, in their order", "Unique", "Of table"]} />
          <tbody>
            {indexes.map((index) => (
              <tr key={`${index.table} ${index.fields.join()}`}>
                <th scope="row">
                  <code>{index.fields.join(", ")}</code>
                </th>
                <td>{index.unique ? "yes" : "no"}</td>
                <td>
                  <TableLink table={index.table} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
