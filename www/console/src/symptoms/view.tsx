/** What replies mean: those that somebody pasted or dropped, and the catalogue of all that is known. */
import "../style/symptoms.css";
import { useMemo } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { CatalogueView } from "./catalogue-view";
import { createExamined } from "./examined";
import { PastedForm } from "./form";
import { Results } from "./results";

export function View({ state }: ViewProps) {
  const examined = useMemo(createExamined, []);
  const release = state.workspace.environments.current.value?.release ?? "";
  return (
    <div class="symptoms">
      <PastedForm examined={examined} release={release} />
      <Results examined={examined} />
      <CatalogueView />
    </div>
  );
}
