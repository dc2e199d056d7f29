import { SysparmError } from "sysparm";

/** What went wrong, the possible causes, and how to fix each. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  // Anything else is a mistake in this program: React shows it.
  if (!(error instanceof SysparmError)) throw error;
  const { title, causes } = error.diagnosis;
  return (
    <section role="alert" className="failure">
      <h2>{title ?? error.message}</h2>
      {causes.map(({ code, title, likelihood, fix }) => (
        <details key={code} open={code === causes[0]?.code}>
          <summary>
            {title} <span className="quiet">{Math.round(likelihood * 100)} %</span>
          </summary>
          <ol>
            {fix.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
      <p className="quiet">Code {error.code}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </section>
  );
}
