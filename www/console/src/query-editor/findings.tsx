/** What is wrong with a query, with the changes that correct it and what each does to the rows. */
import type { Fix } from "sysparm/query";
import { Button } from "../kit/button";
import { sentence } from "./rows";
import type { EditedQuery } from "./state";

/** What a fix does, as a person reads it. */
export const EFFECTS: Readonly<Record<Fix["effect"], string>> = {
  keeps: "keeps the rows",
  narrows: "narrows",
  changes: "changes the meaning",
};

const HINTS: Readonly<Record<Fix["effect"], string>> = {
  keeps: "The same rows are found.",
  narrows: "No other rows are found than now, where the instance leaves out what it does not understand.",
  changes: "Other rows may be found than before.",
};

export function Findings({ edited }: { edited: EditedQuery }) {
  const findings = edited.findings.value;
  return (
    <>
      {findings.length === 0 && <p class="hint">{nothingFound(edited)}</p>}
      <ul class="query-findings">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.start} ${finding.end}`}>
            <span class={`tag ${finding.severity === "error" ? "error" : "warn"}`}>{finding.severity}</span>
            <span class="grow">
              {sentence(finding.message)} <code>{finding.code}</code>
            </span>
            {finding.fixes.map((fix) => (
              <span key={fix.title} class="query-fix">
                <span class="tag" title={HINTS[fix.effect]}>
                  {EFFECTS[fix.effect]}
                </span>
                <Button small title={HINTS[fix.effect]} onClick={() => edited.apply(fix)}>
                  {fix.title}
                </Button>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function nothingFound({ table, unread }: EditedQuery): string {
  if (table === "") return "Nothing was found. Fields were not checked.";
  return unread.value === ""
    ? "Nothing is wrong with it."
    : `Nothing was found. The fields of ${unread.value} were not checked.`;
}
