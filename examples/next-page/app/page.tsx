import { connection } from "next/server";
import { Suspense } from "react";
import { SysparmError } from "sysparm";
import { serviceNow } from "../service-now";

export default function Page() {
  return (
    <main>
      <h1>Open incidents</h1>
      <Suspense fallback={<p>Loading…</p>}>
        <Incidents />
      </Suspense>
    </main>
  );
}

async function Incidents() {
  // Rows are read at every request, not once when the page is built.
  await connection();
  const { rows, total, error } = await openIncidents();
  if (error) return <p role="alert">The incidents cannot be shown now ({error}).</p>;
  return (
    <>
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
    </>
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
