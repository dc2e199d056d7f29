import { useState } from "react";
import type { Instance } from "sysparm";
import { Failure } from "./failure.js";
import { IncidentTable } from "./incident-table.js";
import { useIncidents } from "./use-incidents.js";
import { beginSignIn, type SignIn, useSignIn } from "./use-sign-in.js";

const ORDERS = {
  "Newest first": "ORDERBYDESCsys_created_on",
  "Oldest first": "ORDERBYsys_created_on",
  "Last changed first": "ORDERBYDESCsys_updated_on",
} as const;
type Order = keyof typeof ORDERS;

export function App() {
  const signIn = useSignIn();
  return (
    <>
      <header>
        <h1>Incidents</h1>
        {signIn.state === "signed-in" && (
          <button type="button" onClick={() => void signIn.instance.signOut()}>
            Sign out
          </button>
        )}
      </header>
      <main>
        <Content signIn={signIn} />
      </main>
    </>
  );
}

function Content({ signIn }: { signIn: SignIn }) {
  switch (signIn.state) {
    case "looking":
      return <p className="quiet">Loading…</p>;
    case "signed-in":
      return <List instance={signIn.instance} />;
    case "signed-out":
      return <Welcome />;
    case "failed":
      return (
        <>
          <Failure error={signIn.error} />
          <Welcome />
        </>
      );
  }
}

function Welcome() {
  const [error, setError] = useState<unknown>();
  return (
    <section className="welcome">
      <p>Sign in with your ServiceNow account to see the incidents that you may read.</p>
      <button type="button" className="primary" onClick={() => beginSignIn().catch(setError)}>
        Sign in
      </button>
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}

function List({ instance }: { instance: Instance }) {
  const [order, setOrder] = useState<Order>("Newest first");
  const [isActiveOnly, setActiveOnly] = useState(false);
  const incidents = useIncidents(instance, `${isActiveOnly ? "active=true^" : ""}${ORDERS[order]}`);
  const { rows, page, isReading, error, more, again } = incidents;
  return (
    <>
      <form className="choices">
        <label>
          Order{" "}
          <select value={order} onChange={({ target }) => setOrder(target.value as Order)}>
            {Object.keys(ORDERS).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={isActiveOnly} onChange={({ target }) => setActiveOnly(target.checked)} />
          Active only
        </label>
        <button type="button" onClick={again} disabled={isReading}>
          Refresh
        </button>
      </form>
      <IncidentTable rows={rows} />
      {error !== undefined && <Failure error={error} again={again} />}
      <footer>
        <p role="status">{isReading ? "Loading…" : page && progress(rows.length, page)}</p>
        {page?.caveat && <p className="caveat">{page.caveat}</p>}
        {page?.next && (
          <button type="button" className="primary" onClick={more} disabled={isReading}>
            More
          </button>
        )}
      </footer>
    </>
  );
}

function progress(
  shown: number,
  { total, hidden, complete }: { total: number | null; hidden: number | null; complete: boolean },
) {
  if (!complete) return `${shown} of ${total ?? "an unknown number of"} incidents`;
  return `All ${shown} incidents that you may read${hidden ? `; access rules hide ${hidden} more` : ""}`;
}
