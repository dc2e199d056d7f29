/** The findings, in the order of the checks, with what each check asked. The state is a word, never only a colour. */
import type { Finding } from "sysparm/doctor";
import { Button } from "../kit/button";
import { duration, plural } from "../number";
import type { CheckRequest, Examined, Examiner } from "./examination";

const STATES: Record<Finding["state"], string> = { passed: "Passed", failed: "Failed", unknown: "Unknown" };

interface FindingListProps {
  examiner: Examiner;
  /** Makes a check anew, with what the form holds now. */
  runAgain: (code: string) => void;
}

export function FindingList({ examiner, runAgain }: FindingListProps) {
  const findings = examiner.findings.value;
  const rechecked = examiner.rechecked.value;
  const isEnded = examiner.phase.value.name === "ended";
  const running = examiner.phase.value.name === "running" && rechecked === "";
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return (
    <section class="findings" aria-label="Checks" aria-busy={running}>
      <h3>Checks</h3>
      <p class="quiet">
        {running ? "So far: " : ""}
        {count("failed")} failed, {count("passed")} passed, {count("unknown")} unknown
        {running ? `, ${plural(examiner.requests.value, "request")}.` : "."}
      </p>
      {(running || rechecked !== "") && (
        <p class="doctor-asking">
          <span class="ring" /> <code>{examiner.asking.value || "Reading the replies"}</code>
        </p>
      )}
      <ol>
        {findings.map((finding, at) => (
          <Item
            key={`${finding.code} ${at}`}
            finding={finding}
            isBusy={rechecked === finding.code}
            runAgain={isEnded && finding.requests.length > 0 ? () => runAgain(finding.code) : undefined}
          />
        ))}
      </ol>
    </section>
  );
}

interface ItemProps {
  finding: Examined;
  isBusy: boolean;
  runAgain: (() => void) | undefined;
}

function Item({ finding: { code, state, question, evidence, requests, isAfterReport }, isBusy, runAgain }: ItemProps) {
  return (
    <li data-state={state} data-code={code}>
      <span class="state">{STATES[state]}</span>
      <div>
        <p class="question">{question}</p>
        <p class="quiet">{evidence}</p>
        {isAfterReport && <p class="quiet">Run again after the report, which does not have this.</p>}
        {requests.length > 0 && (
          <details>
            <summary>{plural(requests.length, "request")}</summary>
            <ul class="check-requests">
              {requests.map((request, at) => (
                <li key={`${at} ${request.path}`}>
                  <code>{lineOf(request)}</code> <span class="quiet">{duration(request.ms)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {(runAgain || isBusy) && (
        <Button small busy={isBusy} aria-label={`Run again: ${question}`} onClick={() => runAgain?.()}>
          Run again
        </Button>
      )}
    </li>
  );
}

function lineOf({ method, path, status }: CheckRequest): string {
  return `${method} ${path}: ${status ?? "no reply that this page may read"}`;
}
