import type { Classified, Diagnosis } from "sysparm";
import { CauseText, DiagnosisText } from "../protocol/codes.js";

/** A diagnosis from the texts that the core gives. Codes stand in the place of the texts of causes. */
export function diagnosisFrom(texts: string[]): Classified {
  const at = (place: number) => texts[place] ?? "";
  const after = at(DiagnosisText.retryAfterMs);
  const length = CauseText.percent + 1;
  const evidence = DiagnosisText.causes + length * Number(at(DiagnosisText.causeCount));
  const causes: Diagnosis["causes"] = [];
  for (let first: number = DiagnosisText.causes; first < evidence; first += length) {
    const code = at(first + CauseText.code);
    const likelihood = Number(at(first + CauseText.percent)) / 100;
    causes.push({ code, likelihood, title: code, tellApart: "", fix: [], source: "" });
  }
  return {
    code: at(DiagnosisText.code),
    title: at(DiagnosisText.title),
    kind: at(DiagnosisText.kind) as Diagnosis["kind"],
    retry: { when: at(DiagnosisText.retry) as Diagnosis["retry"]["when"], ...(after && { afterMs: Number(after) }) },
    causes,
    evidence: texts.slice(evidence),
  };
}
