/** Why the copies cannot be used, or why a run failed, with what can be done about it. */
import { FailureView } from "../failure/view";
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import type { Problem, Syncing } from "./syncing";

export function ProblemNotice({ syncing }: { syncing: Syncing }) {
  const problem = syncing.problem.value;
  if (!problem) return null;
  const about = problem.table === undefined ? "" : `${problem.table}: `;
  if ("copies" in problem) {
    return (
      <Notice tone="error" alert actions={<Actions syncing={syncing} problem={problem} />}>
        {about}
        {problem.message}
      </Notice>
    );
  }
  return (
    <>
      <FailureView failure={problem.failure} heading={`${problem.table ?? "The copy"} could not be synced`} />
      <div class="actions">
        <Actions syncing={syncing} problem={problem} />
      </div>
    </>
  );
}

function Actions({ syncing, problem }: { syncing: Syncing; problem: Problem }) {
  const isDamaged = "copies" in problem && problem.copies === "CopyDamaged";
  const setup = syncing.setups.value.find(
    ({ environment, table }) => environment === problem.environment && table === problem.table,
  );

  async function removeAll(): Promise<void> {
    const agreed = await ask({
      title: "Delete every local copy of this environment?",
      text: "What is set up stays, and the next runs read every row again. Nothing changes on the instance.",
      yes: "Delete the copies",
      kind: "danger",
    });
    if (agreed) await syncing.removeCopies(problem.environment);
  }

  async function beginAgain(): Promise<void> {
    if (!setup) return;
    const agreed = await ask({
      title: `Delete the local copy of ${setup.table} of ${setup.environmentName}?`,
      text: "The next run reads every row again. Nothing changes on the instance.",
      yes: "Delete the copy",
      kind: "danger",
    });
    if (agreed) await syncing.dropCopy(setup);
  }

  return (
    <>
      {isDamaged && (
        <Button small onClick={() => void removeAll()}>
          Delete the copies…
        </Button>
      )}
      {"failure" in problem && problem.needsDeletion && setup && (
        <Button small onClick={() => void beginAgain()}>
          Delete the copy…
        </Button>
      )}
      <Button
        small
        onClick={() => {
          syncing.hideProblem();
          void syncing.refresh();
        }}
      >
        {isDamaged ? "Look again" : "Hide"}
      </Button>
    </>
  );
}
