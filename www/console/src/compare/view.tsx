/** Environments side by side: which are compared, and how they differ. */
import "../style/compare.css";
import { useMemo } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { Notice } from "../kit/notice";
import { createComparing } from "./comparing";
import { ComparisonReport } from "./comparison-report";
import { ComparisonForm } from "./form";

export function View({ state }: ViewProps) {
  const comparing = useMemo(() => {
    const made = createComparing(state.workspace);
    state.onDisconnect(made.cancel);
    return made;
  }, [state]);
  const phase = comparing.phase.value;
  return (
    <div class="compare">
      <p class="hint">
        Reads what decides about an integration from each environment, and ranks what differs by what it breaks. It only
        reads. An administrator sees all of it.
      </p>
      <ComparisonForm comparing={comparing} workspace={state.workspace} />
      {comparing.problem.value && (
        <Notice tone="error" alert>
          {comparing.problem.value}
        </Notice>
      )}
      {phase.name === "ended" && <ComparisonReport ended={phase} />}
    </div>
  );
}
