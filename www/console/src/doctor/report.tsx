/** The report: the most likely cause and its fix, then other causes, then the set-up guide. */
import type { RankedCause, Report } from "sysparm/doctor";
import { saveAs } from "../download";
import { CopyButton } from "../kit/copy-button";
import { ReportComparison } from "./comparison";

export function ReportView({ report }: { report: Report }) {
  const [first, ...others] = report.causes;

  return (
    <section class="report" aria-label="Report">
      <div class="report-head">
        <h3>{first ? first.title : "No problem was found"}</h3>
        <div class="actions">
          <CopyButton label="Copy as Markdown" text={report.markdown} />
          <button
            type="button"
            onClick={() => saveAs("connection-report.md", "text/markdown;charset=utf-8", [report.markdown])}
          >
            Save report
          </button>
          <button
            type="button"
            onClick={() => saveAs("connection-report.json", "application/json", [JSON.stringify(report, null, 2)])}
          >
            Save as data
          </button>
        </div>
      </div>
      <p class="quiet">
        {first ? `${first.percent} % likely${first.proven ? ", proven by a probe" : ""}. ` : ""}
        {report.release ? `Release ${report.release}. ` : "The instance does not report its release. "}
        {report.requests} requests.
      </p>
      {first ? <CauseSteps cause={first} /> : <p>Checks that could not be made are listed below as unknown.</p>}
      {others.length > 0 && (
        <>
          <h4>Other possible causes</h4>
          {others.map((cause) => (
            <details key={cause.code}>
              <summary>
                {cause.title} <span class="quiet">{cause.percent} %</span>
              </summary>
              <CauseSteps cause={cause} />
            </details>
          ))}
        </>
      )}
      <ReportComparison report={report} />
      <details class="setup">
        <summary>
          Set-up guide ({report.guide.release}
          {report.guide.told ? "" : ", the newest known release"})
        </summary>
        {report.guide.obstacle && <p class="notice">{report.guide.obstacle}</p>}
        <ol>
          {report.guide.steps.map((step) => (
            <li key={`${step.place} ${step.action}`}>
              <b>{step.place}</b>: {step.action}
              <p class="quiet">
                Without it: {step.otherwise}. Role: {step.role}. Source: {step.source}.
              </p>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

function CauseSteps({ cause }: { cause: RankedCause }) {
  return (
    <>
      <p>
        <b>Evidence:</b> {cause.evidence}
      </p>
      <ol class="fix">
        {cause.fix.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p class="quiet">
        Source: {cause.source} (<code>{cause.code}</code>)
      </p>
    </>
  );
}
