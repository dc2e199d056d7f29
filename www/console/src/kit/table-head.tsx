/** The head of a table: one row, a name for each column. */
import type { ComponentChildren } from "preact";

export function TableHead({ columns }: { columns: readonly ComponentChildren[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column, at) => (
          <th key={at} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The name of a column of buttons. It is read out, not seen. */
export function ActionsHead() {
  return <span class="visually-hidden">Actions</span>;
}
