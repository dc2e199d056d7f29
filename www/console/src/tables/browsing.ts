/**
 * What a person does with the rows that were read: the active cell, the selected rows, the order and the conditions that the grid asks
 * for, the texts that are copied.
 */
import { batch, signal } from "@preact/signals";
import type { Instance, Row } from "sysparm";
import type { Condition, Order } from "sysparm/query";
import { failureOf } from "../failure/failure";
import { loadQueries } from "../schema/schemas";
import { type Asked, conditionOf, narrowed, ordered } from "./asked";
import { idOf } from "./copying";
import type { Cell } from "./move";
import type { Reader } from "./reader";
import { cellText, rawText } from "./values";

export type Browsing = ReturnType<typeof createBrowsing>;

type Queries = Awaited<ReturnType<typeof loadQueries>>;

/** The row of the heads. */
export const HEAD = -1;

export function createBrowsing(reader: Reader, instance: () => Instance | null, load = loadQueries) {
  const active = signal<Cell>({ row: 0, column: 0 });
  /** Indexes of rows. */
  const selected = signal<ReadonlySet<number>>(new Set());
  /** What was done or could not be done last, for a live region. */
  const said = signal("");

  /** Forgets what belongs to rows that were read before. */
  function reset(): void {
    batch(() => {
      active.value = { row: 0, column: 0 };
      selected.value = new Set();
      said.value = "";
    });
  }

  function toggle(row: number): void {
    const next = new Set(selected.peek());
    if (!next.delete(row)) next.add(row);
    selected.value = next;
  }

  /** From the row selected last to this one. */
  function selectTo(row: number): void {
    const from = [...selected.peek()].at(-1) ?? active.peek().row;
    const [low, high] = [Math.min(from, row), Math.max(from, row)];
    selected.value = new Set([...selected.peek(), ...Array.from({ length: high - low + 1 }, (_, step) => low + step)]);
  }

  /** The selected rows, or else the active one. */
  function chosenRows(): Row[] {
    const indexes = selected.peek().size > 0 ? [...selected.peek()].sort((a, b) => a - b) : [active.peek().row];
    return indexes.flatMap((index): Row[] => {
      const row = reader.rows[index];
      return row ? [row] : [];
    });
  }

  async function copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      said.value = `Copied ${what}.`;
    } catch {
      said.value = "The browser did not allow copying. Allow the clipboard for this page, then try again.";
    }
  }

  async function askFor(change: (queries: Queries, query: string) => Asked): Promise<void> {
    const source = reader.source.peek();
    const connected = instance();
    if (!source || !connected) {
      said.value = "Connect the environment to read other rows.";
      return;
    }
    let asked: Asked;
    try {
      asked = change(await load(), source.query);
    } catch (thrown) {
      said.value = failureOf(thrown).message;
      return;
    }
    if ("problem" in asked) said.value = asked.problem;
    else await reader.ask(connected, { table: source.table, query: asked.query });
  }

  function sort(order: Order | null): Promise<void> {
    return askFor((queries, query) => ordered(queries, query, order));
  }

  function narrow(condition: Condition): Promise<void> {
    return askFor((queries, query) => narrowed(queries, query, condition));
  }

  /** Reads the rows that have the value of a cell, or those that do not. */
  async function filterBy({ row, column }: Cell, without = false): Promise<void> {
    const field = reader.columns.peek()[column];
    if (field === undefined) return;
    try {
      const raw = await rawOf(reader.rows[row], field);
      if (raw !== null) await narrow(conditionOf(field, raw, without));
    } catch (thrown) {
      said.value = `The value of ${field} could not be read. ${failureOf(thrown).message}`;
    }
  }

  /** The raw value of a cell, which a row of display values does not have. Null where it cannot be known. */
  async function rawOf(row: Row | undefined, field: string): Promise<string | null> {
    const source = reader.source.peek();
    if (!row || !source) return null;
    const raw = rawText(row[field], source.values);
    if (raw !== null) return raw;
    const connected = instance();
    if (!connected || idOf(row) === "") return null;
    const record = await connected.table(source.table).get(idOf(row), { fields: [field], displayValue: false });
    return cellText(record[field]);
  }

  return { active, selected, said, reset, toggle, selectTo, chosenRows, copy, sort, narrow, filterBy, rawOf };
}
