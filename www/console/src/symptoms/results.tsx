/** The diagnoses, each as the tester shows one. Many of one log are folded. */
import { FailureView } from "../failure/view";
import { repeatWords } from "../failure/words";
import { Notice } from "../kit/notice";
import { count } from "../number";
import type { Examination, Result } from "./examined";

/** Results of a log that are drawn. */
const MOST_SHOWN = 200;

export function Results({ examined }: { examined: Examination }) {
  const state = examined.state.value;
  switch (state.name) {
    case "none":
      return null;
    case "problem":
      return (
        <Notice tone="error" alert>
          {state.problem}
        </Notice>
      );
    case "examining":
      return (
        <p role="status">
          {count(state.done)} of {count(state.of)} diagnosed
        </p>
      );
    case "done": {
      const { results, inOrder, of } = state;
      const [first] = results;
      return (
        <section class="symptoms-results" aria-label="Diagnosis">
          <h2>Diagnosis</h2>
          {of > 1 && (
            <p role="status">
              {count(results.length)} of {count(of)} replies have a symptom; {count(inOrder)} in order.
            </p>
          )}
          {of === 1 && first && <One result={first} />}
          {of > 1 &&
            results.slice(0, MOST_SHOWN).map((result, at) => (
              <details key={`${result.line} ${at}`}>
                <summary>
                  <code>{result.classified.code}</code> <bdi>{result.line}</bdi>
                </summary>
                <One result={result} />
              </details>
            ))}
          {results.length > MOST_SHOWN && <p class="hint">The first {MOST_SHOWN} are shown. Save a shorter log.</p>}
        </section>
      );
    }
  }
}

function One({ result: { line, status, classified } }: { result: Result }) {
  if (classified.code === ("reply.in-order" as string)) {
    return <Notice tone="ok">Nothing speaks against this reply ({line}).</Notice>;
  }
  const failure = {
    message: line,
    repeat: repeatWords(classified.retry),
    diagnosis: classified,
    ...(status !== undefined && { status }),
  };
  return <FailureView heading={classified.title} failure={failure} />;
}
