/** The query editor: rows, the text, what it says in words, and what is wrong with it. */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Query } from "sysparm/query";
import { Button } from "../kit/button";
import { CodeEditor } from "../kit/code-editor";
import { Dialog } from "../kit/dialog";
import { SuggestInput } from "../kit/suggest-input";
import { plural } from "../number";
import { completeName } from "../schema/fields";
import type { Known } from "../schema/known";
import { queryLine } from "./line";
import { RowView } from "./row-view";
import { type Order, type Row, removed, rowProblem } from "./rows";
import { createEditedQuery, type EditedQuery } from "./state";
import "../style/query-editor.css";
import "../style/suggestions.css";

export interface QueryEditorProps {
  text: string;
  /** Empty where the path names none. */
  table: string;
  known: () => Known;
  queries: typeof Query;
  /** Reads the schema anew; null without a connection. */
  onRefresh: (() => void) | null;
  /** It is being read anew. */
  refreshing: boolean;
  onUse: (text: string) => void;
  /** What was edited before and not used. */
  draft?: string;
  /** By Escape or a press outside. */
  onClose: (text: string) => void;
  onCancel: () => void;
}

export function QueryEditor(props: QueryEditorProps) {
  const { text, table, known, queries, onRefresh, refreshing, onUse, draft, onClose, onCancel } = props;
  const edited = useMemo(() => createEditedQuery(draft ?? text, table, known, queries), []);
  const fromDraft = useSignal(draft !== undefined);
  const line = useMemo(() => queryLine(table, known), []);
  const use = useRef<HTMLButtonElement>(null);
  const reading = table === "" ? null : known().schema(table);
  const read = edited.read.value;
  const errors = edited.findings.value.filter(({ severity }) => severity === "error").length;

  return (
    <Dialog
      open={true}
      close={() => onClose(edited.text.value)}
      title={table === "" ? "Query" : `Query of ${table}`}
      kind="large"
      focus={use}
      footer={
        <>
          <span class="grow hint" role="status">
            {errors > 0 && `${plural(errors, "error")}: the query finds other rows than it says.`}
          </span>
          <Button onClick={onCancel}>Cancel</Button>
          <Button ref={use} kind="primary" onClick={() => onUse(edited.text.value)}>
            Use this query
          </Button>
        </>
      }
    >
      <p class="query-schema hint">
        {table === "" && "The path names no table, so fields and types are not known."}
        {reading?.phase === "reading" && `Reading the fields of ${table}…`}
        {reading?.phase === "failed" && reading.why}
        {reading?.phase === "read" &&
          `Fields of ${table} as of ${new Date(reading.data.readAt).toLocaleTimeString("en-GB")}. ${reading.note}`}{" "}
        {onRefresh && table !== "" && reading?.phase !== "reading" && (
          <Button kind="link" busy={refreshing} onClick={onRefresh}>
            Read them again
          </Button>
        )}
      </p>
      {fromDraft.value && (
        <p class="notice">
          These are your changes that were not used.{" "}
          <button
            type="button"
            onClick={() => {
              edited.editText(text);
              fromDraft.value = false;
            }}
          >
            Begin with the query of the request
          </button>
        </p>
      )}
      {"problem" in read ? (
        <p class="notice" role="alert">
          {read.problem}{" "}
          {read.proposal !== undefined && (
            <button type="button" onClick={() => edited.editText(read.proposal ?? "")}>
              Use the query in it
            </button>
          )}
        </p>
      ) : (
        <RowList edited={edited} known={known()} queries={queries} />
      )}
      <h3>Text</h3>
      <CodeEditor
        label="Text of the query"
        class="query-line"
        singleLine
        value={edited.text.value}
        extensions={line}
        onChange={edited.editText}
      />
      <h3>In words</h3>
      <p class="query-words">{edited.explanation.value}</p>
      <Findings edited={edited} complete={reading?.phase === "read"} />
    </Dialog>
  );
}

function RowList({ edited, known, queries }: { edited: EditedQuery; known: Known; queries: typeof Query }) {
  const list = useRef<HTMLDivElement>(null);
  const { conditions, orders } = edited.rows.value;

  const change = (rows: readonly Row[]) => edited.editRows({ conditions: rows });
  const sort = (next: readonly Order[]) => edited.editRows({ orders: next });

  /** Moves the focus into what was added, after it has been drawn. */
  const focusLast = (selector: string) =>
    requestAnimationFrame(() => [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])].at(-1)?.focus());

  return (
    <div class="query-rows" ref={list}>
      <ol>
        {conditions.map((row, index) => (
          <RowView
            key={index}
            row={row}
            index={index}
            table={edited.table}
            known={known}
            queries={queries}
            problem={rowProblem(row, queries)}
            onChange={(next) => change(conditions.map((one, at) => (at === index ? next : one)))}
            onRemove={() => {
              change(removed(conditions, index));
              list.current?.querySelector<HTMLElement>("button.add")?.focus();
            }}
          />
        ))}
      </ol>
      {orders.map((order, index) => (
        <OrderView
          key={index}
          order={order}
          index={index}
          table={edited.table}
          known={known}
          onChange={(next) => sort(orders.flatMap((one, at) => (at === index ? (next ?? []) : one)))}
        />
      ))}
      <div class="query-add">
        <button
          type="button"
          class="plain add"
          onClick={() => {
            change([...conditions, { kind: "condition", join: "and", field: "", operator: "=", value: "" }]);
            focusLast(".query-row > input");
          }}
        >
          Add condition
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => {
            sort([...orders, { by: "ORDERBY", field: "" }]);
            focusLast(".query-order > input");
          }}
        >
          Add order
        </button>
      </div>
    </div>
  );
}

const ORDER_WORDS: Readonly<Record<Order["by"], string>> = {
  ORDERBY: "ascending",
  ORDERBYDESC: "descending",
  GROUPBY: "grouped",
};

function OrderView({
  order,
  index,
  table,
  known,
  onChange,
}: {
  order: Order;
  index: number;
  table: string;
  known: Known;
  /** Null removes it. */
  onChange: (order: Order | null) => void;
}) {
  return (
    <div class="query-order">
      <span class="query-join">{index === 0 ? "In order of" : "then"}</span>
      <SuggestInput
        class="mono"
        label={`Field of order ${index + 1}`}
        placeholder="field"
        value={order.field}
        onValue={(field) => onChange({ ...order, field })}
        complete={(text, caret) => completeName(text, caret, table, known)}
      />
      <select
        aria-label={`Direction of order ${index + 1}`}
        value={order.by}
        onChange={(event) => onChange({ ...order, by: event.currentTarget.value as Order["by"] })}
      >
        {Object.entries(ORDER_WORDS).map(([by, words]) => (
          <option key={by} value={by}>
            {words}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="plain remove"
        aria-label={`Remove order ${index + 1}`}
        title="Remove"
        onClick={() => onChange(null)}
      >
        ×
      </button>
    </div>
  );
}

function Findings({ edited, complete }: { edited: EditedQuery; complete: boolean }) {
  const findings = edited.findings.value;
  return (
    <>
      <h3>Findings</h3>
      {findings.length === 0 && (
        <p class="hint">{complete ? "Nothing is wrong with it." : "Nothing was found. Fields were not checked."}</p>
      )}
      <ul class="query-findings">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.start} ${finding.end}`}>
            <span class={`tag ${finding.severity === "error" ? "error" : "warn"}`}>{finding.severity}</span>
            <span class="grow">
              {finding.message}. <code>{finding.code}</code>
            </span>
            {finding.fixes.slice(0, 4).map((fix) => (
              <Button key={fix.title} small onClick={() => edited.apply(fix)}>
                {fix.title}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
