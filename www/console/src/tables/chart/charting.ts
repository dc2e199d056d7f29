/** Counts, sums and averages of what the query finds, by the values of a field, from the Aggregate API. */
import { signal } from "@preact/signals";
import type { AggregateGroup, AggregateOptions, Instance } from "sysparm";
import type { Field } from "sysparm/schema";
import { type Failure, failureOf } from "../../failure/failure";
import { loadQueries } from "../../schema/schemas";
import { conditionsOf } from "../asked";
import type { ReadRequest } from "../reader";

/** "count", or a measure and its field. */
export type Measured = { of: "count" } | { of: "sum" | "avg"; field: string };

export interface Bar {
  /** The raw value; empty for rows without one. */
  value: string;
  label: string;
  /** Null where no row of the group has a value to measure. */
  amount: number | null;
  rows: number;
}

export interface Chart {
  field: string;
  measured: Measured;
  /** The largest first. */
  bars: Bar[];
  /** Groups that are not among the bars. */
  others: number;
  rows: number;
}

export type ChartState =
  | { phase: "none" | "reading"; chart: Chart | null }
  | { phase: "read"; chart: Chart }
  | { phase: "failed"; failure: Failure; chart: Chart | null };

const MOST_BARS = 12;

export type Charting = ReturnType<typeof createCharting>;

export function createCharting(load = loadQueries) {
  const state = signal<ChartState>({ phase: "none", chart: null });
  let abort = new AbortController();

  async function read(instance: Instance, request: ReadRequest, field: string, measured: Measured): Promise<void> {
    abort.abort();
    const mine = new AbortController();
    abort = mine;
    const before = state.peek().chart;
    state.value = { phase: "reading", chart: before?.field === field ? before : null };
    try {
      const asked = conditionsOf(await load(), request.query);
      if ("problem" in asked) {
        const failure = { message: asked.problem, repeat: "Correct the query and read the rows again." };
        if (abort === mine) state.value = { phase: "failed", failure, chart: null };
        return;
      }
      const options: AggregateOptions = { groupBy: [field], displayValue: "all", signal: mine.signal };
      if (asked.query !== "") options.query = asked.query;
      if (measured.of !== "count") options[measured.of] = [measured.field];
      const groups = await instance.aggregate(request.table, options);
      if (abort === mine) state.value = { phase: "read", chart: chartOf(groups, field, measured) };
    } catch (thrown) {
      if (abort === mine) state.value = { phase: "failed", failure: failureOf(thrown), chart: null };
    }
  }

  /** Forgets the chart, which is of another environment or table. */
  function clear(): void {
    abort.abort();
    abort = new AbortController();
    state.value = { phase: "none", chart: null };
  }

  return { state, read, clear };
}

export function chartOf(groups: readonly AggregateGroup[], field: string, measured: Measured): Chart {
  const bars = groups
    .map((group): Bar => {
      const value = group.by[field] ?? "";
      const given = measured.of === "count" ? group.count : group[measured.of][measured.field];
      const amount = given === null || given === undefined || given === "" ? Number.NaN : Number(given);
      return {
        value,
        label: group.labels?.[field] || value,
        amount: Number.isFinite(amount) ? amount : null,
        rows: group.count,
      };
    })
    .sort((a, b) => order(b) - order(a) || a.label.localeCompare(b.label));
  const rows = groups.reduce((sum, { count }) => sum + count, 0);
  return { field, measured, bars: bars.slice(0, MOST_BARS), others: Math.max(0, bars.length - MOST_BARS), rows };
}

/** Groups without an amount come last. A difference of two infinities would be no number. */
const order = ({ amount }: Bar): number => amount ?? -Number.MAX_VALUE;

export interface Named {
  name: string;
  label: string;
}

const MEASURED_TYPES = new Set(["integer", "longint", "decimal", "float", "percent_complete", "currency", "price"]);

/** Fields by which groups say something: those shown, choices, references and booleans. Those shown come first. */
export function groupFields(fields: Readonly<Record<string, Field>>, shown: readonly string[]): Named[] {
  const known = Object.entries(fields).filter(
    ([name, { type, choices, reference }]) =>
      name !== "sys_id" && !shown.includes(name) && (type === "boolean" || reference || (choices?.length ?? 0) > 0),
  );
  const named = (name: string) => ({ name, label: Object.hasOwn(fields, name) ? (fields[name]?.label ?? "") : "" });
  return [
    ...shown.filter((name) => name !== "sys_id").map(named),
    ...known.map(([name]) => named(name)).sort((a, b) => (a.label || a.name).localeCompare(b.label || b.name)),
  ];
}

/** The field to begin with: one with few values. */
export function firstGroup(fields: Readonly<Record<string, Field>>, shown: readonly string[]): string {
  const few = shown.find((name) => Object.hasOwn(fields, name) && (fields[name]?.choices?.length ?? 0) > 0);
  return few ?? groupFields(fields, shown).find(({ name }) => fields[name]?.choices)?.name ?? shown[0] ?? "";
}

/** Fields that can be added up: numbers without choices. */
export function measuredFields(fields: Readonly<Record<string, Field>>): Named[] {
  return Object.entries(fields)
    .filter(([, { type, choices }]) => MEASURED_TYPES.has(type ?? "") && !choices?.length)
    .map(([name, { label }]) => ({ name, label: label ?? "" }))
    .sort((a, b) => (a.label || a.name).localeCompare(b.label || b.name));
}

/** `"sum reassignment_count"` gives the sum of that field. */
export function measuredOf(text: string): Measured {
  const [, of, field] = /^(sum|avg) (.+)$/.exec(text) ?? [];
  return field && (of === "sum" || of === "avg") ? { of, field } : { of: "count" };
}
