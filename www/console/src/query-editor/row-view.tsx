/** One condition as a row: how it is joined, field, operator, value. */
import { SuggestInput } from "../kit/suggest-input";
import { choicesOf, completeName, describedField, findField } from "../schema/fields";
import type { Known, Operator, OperatorToken, Shape } from "../schema/known";
import { completeOperand } from "../schema/operands";
import { shapeOf } from "../schema/operators";
import type { Join, Queries, Row } from "./rows";
import { FORMS, periods, periodsFor, rangeOf, relativeOf, relativeText, units, valueFor } from "./values";

const JOIN_WORDS: Readonly<Record<Join, string>> = { and: "and", or: "or", new: "or else" };

interface RowProps {
  row: Row;
  /** From 0. */
  index: number;
  table: string;
  known: Known;
  queries: Queries;
  /** Why the row is read otherwise than it is written; empty where it is not. */
  problem: string;
  /** The gravest finding that concerns it. */
  mark: "error" | "warning" | null;
  onChange: (row: Row) => void;
  onRemove: () => void;
}

export function RowView(props: RowProps) {
  const { row, index, problem, mark, onChange, onRemove } = props;
  const number = index + 1;
  return (
    <li class={`query-row joined-${index === 0 ? "first" : row.join} ${mark === null ? "" : `marked ${mark}`}`}>
      {index === 0 ? (
        <span class="query-join">Rows where</span>
      ) : (
        <select
          class="query-join"
          aria-label={`Join of condition ${number}`}
          title="or: with the condition before it alone. or else: with everything before it (^NQ)."
          value={row.join}
          onChange={(event) => onChange({ ...row, join: event.currentTarget.value as Join })}
        >
          {Object.entries(JOIN_WORDS).map(([join, words]) => (
            <option key={join} value={join}>
              {words}
            </option>
          ))}
        </select>
      )}
      {row.kind === "text" ? (
        <span class="query-text">
          <input
            type="text"
            class="mono"
            aria-label={`Text of condition ${number}`}
            value={row.text}
            spellcheck={false}
            onInput={(event) => onChange({ ...row, text: event.currentTarget.value })}
          />
          <span class="hint">Shown as text: {row.why}.</span>
        </span>
      ) : (
        <ConditionFields {...props} row={row} />
      )}
      <button
        type="button"
        class="plain remove"
        aria-label={`Remove condition ${number}`}
        title="Remove"
        onClick={onRemove}
      >
        ×
      </button>
      {problem !== "" && <p class="hint bad query-problem">{problem}</p>}
    </li>
  );
}

type ConditionRow = Extract<Row, { kind: "condition" }>;

function ConditionFields({ row, index, table, known, queries, onChange }: RowProps & { row: ConditionRow }) {
  const number = index + 1;
  const found = row.field === "" ? null : findField(table, row.field, known);
  const field = found && "field" in found ? found.field : undefined;
  const fitting = known.operators(field);
  const every = known.operators(undefined);
  const shape = shapeOf(row.operator);

  function choose(operator: OperatorToken): void {
    const [today] = periods(queries);
    onChange({ ...row, operator, value: valueFor(shapeOf(operator), row.value, shape, today?.value ?? "") });
  }

  return (
    <>
      <span class="query-field">
        <SuggestInput
          class="mono"
          label={`Field of condition ${number}`}
          placeholder="field"
          value={row.field}
          onValue={(name) => onChange({ ...row, field: name })}
          complete={(text, caret) => completeName(text, caret, table, known)}
        />
        <span class="query-label">{describedField(table, row.field, known)}</span>
      </span>
      <select
        aria-label={`Operator of condition ${number}`}
        value={row.operator}
        onChange={(event) => choose(event.currentTarget.value as OperatorToken)}
      >
        {withCurrent(fitting, every, row.operator).map(({ token, words }) => (
          <option key={token} value={token}>
            {words === token ? token : `${words} (${token})`}
          </option>
        ))}
      </select>
      <span class="query-value">
        <ValueFields
          row={row}
          shape={shape}
          label={`Value of condition ${number}`}
          queries={queries}
          onValue={(value) => onChange({ ...row, value })}
          complete={(text, caret) =>
            field
              ? completeOperand({ text, caret, from: 0, end: text.length }, { shape, token: row.operator }, field, {
                  table,
                  known,
                })
              : null
          }
        />
        <ChoiceLabel shape={shape} value={row.value} choices={field ? choicesOf(field) : []} />
      </span>
    </>
  );
}

/** What the value of a choice is called. */
function ChoiceLabel({
  shape,
  value,
  choices,
}: {
  shape: Shape;
  value: string;
  choices: readonly { value: string; note: string }[];
}) {
  if (shape !== "one" && shape !== "list") return null;
  const labels = value.split(",").flatMap((one) => choices.find((choice) => choice.value === one)?.note || []);
  return labels.length > 0 ? <span class="query-label">{labels.join(", ")}</span> : null;
}

function withCurrent(
  fitting: readonly Operator[],
  every: readonly Operator[],
  token: OperatorToken,
): readonly Operator[] {
  if (fitting.some((one) => one.token === token)) return fitting;
  const current = every.find((one) => one.token === token);
  return [...fitting, current ?? { token, shape: shapeOf(token), words: token }];
}

interface ValueProps {
  row: ConditionRow;
  shape: Shape;
  label: string;
  queries: Queries;
  onValue: (value: string) => void;
  complete: Parameters<typeof SuggestInput>[0]["complete"];
}

function ValueFields({ row, shape, label, queries, onValue, complete }: ValueProps) {
  const { value } = row;
  if (shape === "nothing") return null;
  const range = shape === "range" ? rangeOf(value) : null;
  if (range) {
    return (
      <>
        <PlainInput label={`${label}: from`} value={range.low} onValue={(low) => onValue(`${low}@${range.high}`)} />
        <span>to</span>
        <PlainInput label={`${label}: to`} value={range.high} onValue={(high) => onValue(`${range.low}@${high}`)} />
      </>
    );
  }
  const relative = shape === "relative" ? relativeOf(value) : null;
  if (relative) {
    return (
      <>
        <PlainInput
          label={`${label}: number`}
          value={relative.count}
          onValue={(count) => onValue(relativeText({ ...relative, count }))}
        />
        <Choice
          label={`${label}: unit`}
          value={relative.unit}
          options={units}
          onValue={(unit) => onValue(relativeText({ ...relative, unit }))}
        />
        <Choice
          label={`${label}: direction`}
          value={relative.direction}
          options={["ago", "ahead"]}
          onValue={(direction) => onValue(relativeText({ ...relative, direction }))}
        />
      </>
    );
  }
  const choices = shape === "period" ? periodsFor(value, queries) : null;
  if (choices) {
    return (
      <select aria-label={label} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {choices.map((period) => (
          <option key={period.label} value={period.value}>
            {period.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <SuggestInput
      class="mono"
      label={label}
      placeholder={FORMS[shape] ?? "value"}
      value={value}
      onValue={onValue}
      complete={complete}
    />
  );
}

function PlainInput({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  return (
    <input
      type="text"
      class="mono"
      aria-label={label}
      value={value}
      autocomplete="off"
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}

function Choice({
  label,
  value,
  options,
  onValue,
}: {
  label: string;
  value: string;
  options: readonly string[];
  onValue: (value: string) => void;
}) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}
