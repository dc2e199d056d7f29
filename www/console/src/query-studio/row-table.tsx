/** A few rows with the labels and the names of their columns. A cell shows what the instance shows; its raw value is the tooltip. */
import type { Row, Value } from "sysparm";

interface RowTableProps {
  label: string;
  rows: readonly Row[];
  fields: readonly string[];
  /** Empty where it is not known. */
  labelOf: (field: string) => string;
}

export function RowTable({ label, rows, fields, labelOf }: RowTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="studio-rows" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field} scope="col">
                {labelOf(field) || field}
                <code>{field}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {fields.map((field) => (
                <Cell key={field} value={row[field]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const LONGEST = 200;

function Cell({ value }: { value: Value | undefined }) {
  if (value === undefined) {
    return (
      <td class="quiet" title="The table has no such field, or this user may not read it.">
        (absent)
      </td>
    );
  }
  const raw = typeof value === "string" ? value : (value.value ?? "");
  const shown = typeof value === "string" ? value : value.display_value || raw;
  return (
    <td title={raw.slice(0, LONGEST)} dir="auto">
      {shown === "" ? <span class="quiet">(empty)</span> : shown.slice(0, LONGEST)}
    </td>
  );
}
