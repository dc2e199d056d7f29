/** Bars of what the query finds, by the values of a field. A press on a bar reads its rows alone. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Instance } from "sysparm";
import type { Field } from "sysparm/schema";
import { FailureView } from "../../failure/view";
import { Select } from "../../kit/field";
import { count, plural } from "../../number";
import { conditionOf } from "../asked";
import type { Browsing } from "../browsing";
import type { Reader } from "../reader";
import { type Chart, type Charting, firstGroup, groupFields, measuredFields, measuredOf, type Named } from "./charting";

interface ChartPaneProps {
  reader: Reader;
  instance: Instance | null;
  browsing: Browsing;
  charting: Charting;
  fields: Readonly<Record<string, Field>>;
}

export function ChartPane({ reader, instance, browsing, charting, fields }: ChartPaneProps) {
  const group = useSignal("");
  const measure = useSignal("count");
  const source = reader.source.value;
  const columns = reader.columns.value;
  const groups = groupFields(fields, columns);
  const measures = measuredFields(fields);
  const chosen = groups.some(({ name }) => name === group.value) ? group.value : firstGroup(fields, columns);
  const measured = measures.some(({ name }) => measure.value.endsWith(` ${name}`)) ? measure.value : "count";
  const known = Object.keys(fields).length > 0;

  useEffect(() => {
    group.value = chosen;
  }, [chosen]);
  useEffect(() => {
    if (!instance || !source || chosen === "" || !known) return;
    void charting.read(instance, source, chosen, measuredOf(measured));
  }, [instance, source, chosen, measured, known]);

  const state = charting.state.value;
  return (
    <section class="chart-pane" aria-labelledby="chart-heading">
      <h2 id="chart-heading" class="visually-hidden">
        Chart
      </h2>
      <div class="chart-choice">
        <Select id="chart-group" label="Rows by" value={group} options={groups.map(optionOf)} />
        <Select id="chart-measure" label="Show" value={measure} options={measureOptions(measures)} />
      </div>
      {state.phase === "failed" && <FailureView failure={state.failure} heading="The chart could not be read" />}
      {state.chart && <Bars chart={state.chart} browsing={browsing} isOld={state.phase === "reading"} />}
      {!instance && <p class="hint">Connect the environment to read a chart.</p>}
    </section>
  );
}

function Bars({ chart, browsing, isOld }: { chart: Chart; browsing: Browsing; isOld: boolean }) {
  const { bars, field, others, rows, measured } = chart;
  const largest = Math.max(...bars.map(({ amount }) => Math.abs(amount ?? 0)), 0) || 1;
  return (
    <>
      <ul class="bars" aria-busy={isOld}>
        {bars.map(({ value, label, amount, rows }) => (
          <li key={value}>
            <button
              type="button"
              class="bar"
              title={`Read these ${plural(rows, "row")} alone`}
              onClick={() => void browsing.narrow(conditionOf(field, value))}
            >
              <span class="bar-label" dir="auto">
                {label || "(empty)"}
              </span>
              <span class="bar-track">
                <span class="bar-mark" style={{ width: `${(Math.abs(amount ?? 0) / largest) * 100}%` }} />
              </span>
              <span class="bar-figure">{figure(amount)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="hint">
        {plural(rows, "row")}
        {others > 0 && `, ${plural(others, "further group")} not shown`}
        {measured.of !== "count" && `, ${measured.of === "sum" ? "sum" : "average"} of ${measured.field}`}. The instance
        counts before access rules on rows. A press on a bar filters.
      </p>
    </>
  );
}

function optionOf({ name, label }: Named): { value: string; label: string } {
  return { value: name, label: label ? `${label} (${name})` : name };
}

function measureOptions(measures: readonly Named[]): { value: string; label: string }[] {
  const named = measures.map(optionOf);
  return [
    { value: "count", label: "Number of rows" },
    ...named.map(({ value, label }) => ({ value: `sum ${value}`, label: `Sum of ${label}` })),
    ...named.map(({ value, label }) => ({ value: `avg ${value}`, label: `Average of ${label}` })),
  ];
}

function figure(amount: number | null): string {
  if (amount === null) return "(none)";
  return Number.isInteger(amount) ? count(amount) : count(Math.round(amount * 100) / 100);
}
