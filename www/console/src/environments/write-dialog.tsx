/** Asks before a write on production, before one to a read-only environment, and before a run with such writes. */
import { useSignal } from "@preact/signals";
import { Field } from "../kit/field";
import { count, countProblem, plural } from "../number";
import { EnvironmentBadge } from "./badge";
import { ChangedFields } from "./changed-fields";
import { hostOf } from "./environments";
import type { Guard, PlannedWrite, Question } from "./guard";
import { Modal } from "./modal";

export function WriteDialog({ guard }: { guard: Guard }) {
  const asked = guard.question.value;
  if (!asked) return null;
  return asked.writes.length > 0 ? <RunQuestion asked={asked} /> : <WriteQuestion asked={asked} />;
}

function WriteQuestion({ asked }: { asked: Question }) {
  const { environment, description, change, locked, answer } = asked;
  const what = change?.action ?? "Send";
  const verb = locked ? `Unlock and ${what.charAt(0).toLowerCase()}${what.slice(1)}` : what;
  return (
    <Modal label={`Confirm a write to ${environment.name}`} onCancel={() => answer(false)}>
      <h2>
        <EnvironmentBadge environment={environment} /> Send this to {hostOf(environment)}?
      </h2>
      <p>
        <code>{description}</code>
      </p>
      {change && change.changes.length > 0 && <ChangedFields changes={change.changes} />}
      <p>
        {locked && `${environment.name} is read-only. Sending unlocks it for 30 minutes, or until this tab is closed. `}
        Business rules of the instance run. The change cannot be undone from here.
      </p>
      <Answers
        asked={asked}
        refuse="Cancel"
        agree={`${verb} ${change ? "on" : "to"} ${environment.name}`}
        onAgree={() => answer(true)}
      />
    </Modal>
  );
}

/** Many writes are agreed to by typing their number, so that a habit does not. */
function RunQuestion({ asked }: { asked: Question }) {
  const { environment, description, writes, locked, answer } = asked;
  const typed = useSignal("");
  const wrong = useSignal("");
  const total = writes.reduce((sum, { times }) => sum + times, 0);

  function agree(): void {
    wrong.value = countProblem(typed.value, total, "write");
    if (wrong.value === "") answer(true);
  }

  return (
    <Modal label={`Confirm the writes of a run to ${environment.name}`} onCancel={() => answer(false)}>
      <h2>
        <EnvironmentBadge environment={environment} /> Send {plural(total, "write")} of “{description}” to{" "}
        {hostOf(environment)}?
      </h2>
      <ul class="run-writes">
        {writes.slice(0, MOST_LISTED).map((write, at) => (
          <li key={`${at} ${write.line}`}>
            <code>{write.line}</code> {timesWords(write)}
          </li>
        ))}
        {writes.length > MOST_LISTED && <li>and {plural(writes.length - MOST_LISTED, "other request")}</li>}
      </ul>
      <p>
        The run does not ask again for each write.{" "}
        {locked && `${environment.name} is read-only: the run unlocks it for 30 minutes, or until this tab is closed. `}
        Business rules of the instance run. The changes cannot be undone from here.
      </p>
      <Field
        id="run-writes"
        label={`Number of writes, to confirm (${count(total)})`}
        value={typed}
        error={wrong.value || undefined}
        onEnter={agree}
      />
      <Answers asked={asked} refuse="Cancel the run" agree={`Run on ${environment.name}`} onAgree={agree} />
    </Modal>
  );
}

function timesWords({ times }: PlannedWrite): string {
  return times === 1 ? "once" : `${count(times)} times, once for each row`;
}

function Answers(props: { asked: Question; refuse: string; agree: string; onAgree: () => void }) {
  const { environment, answer } = props.asked;
  return (
    <div class="actions">
      <button type="button" onClick={() => answer(false)}>
        {props.refuse}
      </button>
      <button type="button" class={environment.kind === "prod" ? "prod" : "primary"} onClick={props.onAgree}>
        {props.agree}
      </button>
    </div>
  );
}

const MOST_LISTED = 20;
