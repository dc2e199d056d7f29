import type { IncidentRow } from "./use-incidents.js";

export function IncidentTable({ rows }: { rows: IncidentRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Short description</th>
          <th scope="col">Priority</th>
          <th scope="col">State</th>
          <th scope="col">Updated</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.sys_id.value}>
            <th scope="row">{row.number?.display_value}</th>
            <td>{row.short_description?.display_value}</td>
            <td>
              <span className="priority" data-level={row.priority?.value}>
                {row.priority?.display_value}
              </span>
            </td>
            <td>{row.state?.display_value}</td>
            <td className="quiet">{row.sys_updated_on?.display_value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
