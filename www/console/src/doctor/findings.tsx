/** The findings, in the order of the checks. The state is a word, never only a colour. */
import type { Finding } from "sysparm/doctor";

const STATES: Record<Finding["state"], string> = { passed: "Passed", failed: "Failed", unknown: "Unknown" };

export function FindingList({ findings, running }: { findings: Finding[]; running: boolean }) {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return (
    <section class="findings" aria-label="Checks" aria-busy={running}>
      <h3>Checks</h3>
      <p class="quiet">
        {running ? "So far: " : ""}
        {count("failed")} failed, {count("passed")} passed, {count("unknown")} unknown.
      </p>
      <ol>
        {findings.map((finding, at) => (
          <li key={`${finding.code} ${at}`} data-state={finding.state} data-code={finding.code}>
            <span class="state">{STATES[finding.state]}</span>
            <div>
              <p class="question">{finding.question}</p>
              <p class="quiet">{finding.evidence}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
