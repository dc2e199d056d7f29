/** What each check found, in the order in which they were made: a word for the state, never a colour alone. */
import type { Finding } from "sysparm/doctor";

const STATES: Record<Finding["state"], string> = { passed: "Passed", failed: "Failed", unknown: "Not known" };

export function FindingList({ findings, running }: { findings: Finding[]; running: boolean }) {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return (
    <section class="findings" aria-label="What was looked at" aria-busy={running}>
      <h3>What was looked at</h3>
      <p class="quiet">
        {running ? "So far: " : ""}
        {count("failed")} failed, {count("passed")} passed, {count("unknown")} not known.
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
