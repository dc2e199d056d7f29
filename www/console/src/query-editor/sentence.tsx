/** The query in words. What a finding concerns is marked, as it is in the rows. */
import { type EditedQuery, worstAt } from "./state";

export function Sentence({ edited }: { edited: EditedQuery }) {
  const findings = edited.findings.value;
  return (
    <p class="query-words">
      {edited.phrases.value.map(({ text, start, end }, index) => {
        const mark = start === undefined || end === undefined ? null : worstAt(findings, { start, end });
        return mark === null ? (
          text
        ) : (
          <mark key={index} class={mark}>
            {text}
          </mark>
        );
      })}
    </p>
  );
}
