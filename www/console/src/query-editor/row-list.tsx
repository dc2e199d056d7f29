/** The rows of a query: conditions, then orders. */
import { useRef } from "preact/hooks";
import type { Query } from "sysparm/query";
import { SuggestInput } from "../kit/suggest-input";
import { completeName, describedField } from "../schema/fields";
import type { Known } from "../schema/known";
import { RowView } from "./row-view";
import { type Order, type Row, removed, rowProblem } from "./rows";
import type { EditedQuery } from "./state";

export function RowList({ edited, known, queries }: { edited: EditedQuery; known: Known; queries: typeof Query }) {
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
            mark={edited.marks.value.conditions[index] ?? null}
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
          mark={edited.marks.value.orders[index] ?? null}
          onChange={(next) => sort(orders.flatMap((one, at) => (at === index ? (next ?? []) : one)))}
        />
      ))}
      <div class="query-add">
        <button
          type="button"
          class="plain add"
          onClick={() => {
            change([...conditions, { kind: "condition", join: "and", field: "", operator: "=", value: "" }]);
            focusLast(".query-row .query-field input");
          }}
        >
          Add condition
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => {
            sort([...orders, { by: "ORDERBY", field: "" }]);
            focusLast(".query-order .query-field input");
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
  mark,
  onChange,
}: {
  order: Order;
  index: number;
  table: string;
  known: Known;
  mark: "error" | "warning" | null;
  /** Null removes it. */
  onChange: (order: Order | null) => void;
}) {
  return (
    <div class={`query-order ${mark === null ? "" : `marked ${mark}`}`}>
      <span class="query-join">{index === 0 ? "In order of" : "then"}</span>
      <span class="query-field">
        <SuggestInput
          class="mono"
          label={`Field of order ${index + 1}`}
          placeholder="field"
          value={order.field}
          onValue={(field) => onChange({ ...order, field })}
          complete={(text, caret) => completeName(text, caret, table, known)}
        />
        <span class="query-label">{describedField(table, order.field, known)}</span>
      </span>
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
