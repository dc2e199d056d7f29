/** Assertions and the chain: what must hold for the reply, and which of its values become variables. */
import { type Assertion, type Extraction, newId } from "../workspace/model";
import { OPERATOR_WORDS, type Verdict } from "./assertions";
import type { Extracted } from "./extractions";

type Subject = Assertion["subject"];

const OPERATORS: { [S in Subject]: readonly Assertion["operator"][] } = {
  status: ["is", "is-not", "below"],
  time: ["below"],
  header: ["exists", "is", "contains"],
  body: ["exists", "is-absent", "is", "is-not", "contains", "matches", "count-is", "at-least", "at-most"],
};
const SUBJECTS: { [S in Subject]: string } = { status: "Status", time: "Time in ms", header: "Header", body: "Body" };

export function AssertionRows({
  assertions,
  verdicts,
  onChange,
}: {
  assertions: readonly Assertion[];
  verdicts: readonly Verdict[];
  onChange: (assertions: Assertion[]) => void;
}) {
  const change = (id: string, part: object) =>
    onChange(assertions.map((one) => (one.id === id ? ({ ...one, ...part } as Assertion) : one)));
  const add = () =>
    onChange([...assertions, { id: newId(), on: true, subject: "status", operator: "is", value: "200" }]);
  return (
    <div class="check-rows">
      {assertions.map((assertion, index) => {
        const verdict = verdicts.find(({ id }) => id === assertion.id);
        const label = `assertion ${index + 1}`;
        const needsValue = assertion.operator !== "exists" && assertion.operator !== "is-absent";
        return (
          <div class="check-row" key={assertion.id}>
            <input
              type="checkbox"
              aria-label={`Check ${label}`}
              checked={assertion.on}
              onChange={(event) => change(assertion.id, { on: event.currentTarget.checked })}
            />
            <select
              aria-label={`Subject of ${label}`}
              value={assertion.subject}
              onChange={(event) => {
                const subject = event.currentTarget.value as Subject;
                change(assertion.id, { ...EMPTY[subject], subject, operator: OPERATORS[subject][0] });
              }}
            >
              {(Object.keys(SUBJECTS) as Subject[]).map((subject) => (
                <option key={subject} value={subject}>
                  {SUBJECTS[subject]}
                </option>
              ))}
            </select>
            {assertion.subject === "header" && (
              <input
                type="text"
                class="mono"
                aria-label={`Header of ${label}`}
                value={assertion.name}
                onInput={(event) => change(assertion.id, { name: event.currentTarget.value })}
              />
            )}
            {assertion.subject === "body" && (
              <input
                type="text"
                class="mono"
                aria-label={`JSONPath of ${label}`}
                value={assertion.path}
                onInput={(event) => change(assertion.id, { path: event.currentTarget.value })}
              />
            )}
            <select
              aria-label={`Operator of ${label}`}
              value={assertion.operator}
              onChange={(event) => change(assertion.id, { operator: event.currentTarget.value })}
            >
              {OPERATORS[assertion.subject].map((operator) => (
                <option key={operator} value={operator}>
                  {OPERATOR_WORDS[operator]}
                </option>
              ))}
            </select>
            {needsValue && (
              <input
                type="text"
                aria-label={`Value of ${label}`}
                value={assertion.value}
                onInput={(event) => change(assertion.id, { value: event.currentTarget.value })}
              />
            )}
            {verdict && (
              <span class={verdict.passed ? "state good" : "state bad"}>
                {verdict.passed ? "✓ passed" : `✗ failed. ${verdict.why}`}
              </span>
            )}
            <RemoveButton label={label} onRemove={() => onChange(assertions.filter(({ id }) => id !== assertion.id))} />
          </div>
        );
      })}
      <button type="button" class="plain add" onClick={add}>
        Add assertion
      </button>
      {assertions.length === 0 && (
        <p class="hint">An assertion says what must hold for the reply: its status, its time, a header or a value.</p>
      )}
    </div>
  );
}

const EMPTY: { [S in Subject]: object } = {
  status: { value: "200" },
  time: { value: "1000" },
  header: { name: "", value: "" },
  body: { path: "$.result[0]", value: "" },
};

export function ChainRows({
  extractions,
  extracted,
  environment,
  onChange,
}: {
  extractions: readonly Extraction[];
  extracted: readonly Extracted[];
  /** Its name. */
  environment: string;
  onChange: (extractions: Extraction[]) => void;
}) {
  const change = (id: string, part: object) =>
    onChange(extractions.map((one) => (one.id === id ? ({ ...one, ...part } as Extraction) : one)));
  const add = () =>
    onChange([...extractions, { id: newId(), on: true, variable: "", from: "body", path: "$.result[0].sys_id" }]);
  return (
    <div class="check-rows">
      {extractions.map((extraction, index) => {
        const result = extracted.find(({ id }) => id === extraction.id);
        const label = `value ${index + 1}`;
        return (
          <div class="check-row" key={extraction.id}>
            <input
              type="checkbox"
              aria-label={`Take ${label}`}
              checked={extraction.on}
              onChange={(event) => change(extraction.id, { on: event.currentTarget.checked })}
            />
            <select
              aria-label={`Source of ${label}`}
              value={extraction.from}
              onChange={(event) => change(extraction.id, { path: "$", name: "", from: event.currentTarget.value })}
            >
              <option value="body">Body</option>
              <option value="header">Header</option>
              <option value="status">Status</option>
            </select>
            {extraction.from === "body" && (
              <input
                type="text"
                class="mono"
                aria-label={`JSONPath of ${label}`}
                value={extraction.path}
                onInput={(event) => change(extraction.id, { path: event.currentTarget.value })}
              />
            )}
            {extraction.from === "header" && (
              <input
                type="text"
                class="mono"
                aria-label={`Header of ${label}`}
                value={extraction.name}
                onInput={(event) => change(extraction.id, { name: event.currentTarget.value })}
              />
            )}
            <span class="quiet">as</span>
            <input
              type="text"
              class="mono"
              aria-label={`Variable of ${label}`}
              value={extraction.variable}
              onInput={(event) => change(extraction.id, { variable: event.currentTarget.value })}
            />
            {result && (
              <span class={result.value === undefined ? "state bad" : "state good"}>
                {result.value === undefined ? `✗ ${result.why}` : `✓ ${result.value.slice(0, 60)}`}
              </span>
            )}
            <RemoveButton
              label={label}
              onRemove={() => onChange(extractions.filter(({ id }) => id !== extraction.id))}
            />
          </div>
        );
      })}
      <button type="button" class="plain add" onClick={add}>
        Add value
      </button>
      <p class="hint">
        A value of the reply becomes a variable{environment && ` of ${environment}`}: the next request uses it as{" "}
        <code>{"{{name}}"}</code>.
      </p>
    </div>
  );
}

function RemoveButton({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <button type="button" class="plain remove" aria-label={`Remove ${label}`} title="Remove" onClick={onRemove}>
      ×
    </button>
  );
}
