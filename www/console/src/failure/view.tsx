/** Shows a failure: what happened, how to fix it, and the whole diagnosis, most likely cause first. */
import type { Cause } from "sysparm";
import { Icon } from "../kit/icon";
import type { Failure } from "./failure";
import { likelihoodWords } from "./words";

/** The parts of a diagnosis that are shown. */
interface Explained {
  code: string;
  kind: string;
  causes: Cause[];
  evidence: string[];
}

interface FailureViewProps {
  failure: Omit<Failure, "diagnosis"> & { diagnosis?: Explained | undefined };
  heading: string;
}

export function FailureView({ failure, heading }: FailureViewProps) {
  const diagnosis = failure.diagnosis;
  return (
    <section class="failure" aria-label={heading}>
      <div role="alert" class="verdict">
        <Icon name="close" />
        <div>
          <h3>{heading}</h3>
          <p class="failure-message">{failure.message}</p>
          <p class="failure-repeat">{failure.repeat}</p>
        </div>
      </div>
      {diagnosis && diagnosis.causes.length > 0 && (
        <>
          <h4>Possible causes, most likely first</h4>
          <ol class="causes">
            {diagnosis.causes.map((cause, position) => (
              <li key={cause.code || cause.title}>
                <CauseView cause={cause} number={position + 1} open={position === 0} />
              </li>
            ))}
          </ol>
        </>
      )}
      {diagnosis && (
        <dl class="facts">
          <dt>Code</dt>
          <dd>
            <code>{diagnosis.code}</code> ({diagnosis.kind})
          </dd>
          {failure.status !== undefined && (
            <>
              <dt>HTTP status</dt>
              <dd>{failure.status}</dd>
            </>
          )}
          {diagnosis.evidence.length > 0 && (
            <>
              <dt>Seen</dt>
              <dd>
                <ul class="evidence">
                  {diagnosis.evidence.map((seen) => (
                    <li key={seen}>{seen}</li>
                  ))}
                </ul>
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function CauseView({ cause, number, open }: { cause: Cause; number: number; open: boolean }) {
  const likelihood = likelihoodWords(cause);
  return (
    <details open={open} class="cause">
      <summary>
        <Icon name="right" />
        <span class="quiet">{number}</span>
        <span class="cause-title">{cause.title}</span>
        {likelihood && (
          <>
            <span class="likelihood-bar" aria-hidden="true">
              <i style={{ width: `${cause.likelihood * 100}%` }} />
            </span>
            <span class="likelihood">{likelihood}</span>
          </>
        )}
      </summary>
      <p>
        <b>How to confirm:</b> {cause.tellApart}
      </p>
      {cause.fix.length > 0 && (
        <>
          <p>
            <b>Fix:</b>
          </p>
          <ol class="fix">
            {cause.fix.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
      <p class="quiet">
        Source: {cause.source}
        {cause.code && (
          <>
            {" "}
            (<code>{cause.code}</code>)
          </>
        )}
      </p>
    </details>
  );
}
