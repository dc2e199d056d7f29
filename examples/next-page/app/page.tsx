import { SysparmError } from "sysparm";
import { serviceNow } from "../service-now";

// Rows are read at every request, not once when the page is built.
export const dynamic = "force-dynamic";

export default async function Page() {
  const { rows, total, error } = await openIncidents();
  if (error) return <p role="alert">The incidents cannot be shown now ({error}).</p>;
  return (
    <main>
      <h1>Open incidents</h1>
      <p>
        The newest {rows.length} of {total}
      </p>
      <ul>
        {rows.map((row) => (
          <li key={row.number}>
            <strong>{row.number}</strong> {row.short_description} ({row.priority})
          </li>
        ))}
      </ul>
    </main>
  );
}

async function openIncidents() {
  try {
    const instance = await serviceNow();
    const { rows, total } = await instance.table("incident").list({
      query: "active=true^ORDERBYDESCsys_created_on",
      fields: ["number", "short_description", "priority"],
      displayValue: true,
      limit: 20,
    });
    return { rows, total };
  } catch (error) {
    if (!(error instanceof SysparmError)) throw error;
    // Causes and fixes are for the log, not for the visitor.
    console.error(error.message, error.diagnosis.causes);
    return { rows: [], total: null, error: error.code };
  }
}
