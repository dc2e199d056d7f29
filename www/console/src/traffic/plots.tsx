/** Latency, concurrency, repeats and the rate budget in one row, with one time axis; or the same as a table. */
import { useMemo } from "preact/hooks";
import type { Recording } from "../activity/recording";
import { preferences } from "../app/preferences";
import { TableHead } from "../kit/table-head";
import { Plot, type PlotLine } from "./plot";
import { type Span, seriesOf, summaryOf, tableOf } from "./series";

const LATENCY: PlotLine[] = [{ label: "request", colour: "--chart-1", as: "points" }];
const CONCURRENCY: PlotLine[] = [
  { label: "out", colour: "--chart-1", as: "steps" },
  { label: "waiting", colour: "--chart-4", as: "steps" },
  { label: "limit", colour: "--chart-3", as: "steps" },
];
const REPEATS: PlotLine[] = [
  { label: "repeated", colour: "--chart-4", as: "bars" },
  { label: "failed", colour: "--error-mark", as: "points" },
  { label: "circuit breaker open", colour: "--chart-3", as: "steps" },
];
const RATE: PlotLine[] = [{ label: "used of the tightest hourly rule", colour: "--chart-1", as: "steps" }];

interface PlotsProps {
  recording: Recording;
  /** Counts changes of the recording, whose lists are changed in place. */
  version: number;
  span: Span;
}

export function Plots({ recording, version, span }: PlotsProps) {
  // `version` stands for what is in the lists.
  const [series, summary] = useMemo(
    () => [seriesOf(recording, span), summaryOf(recording, span)] as const,
    [recording, version, span],
  );
  const look = `${preferences.value.theme} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  const common = { span, look };
  return (
    <div class="plots">
      <Plot {...common} title="Latency" unit=" ms" summary={summary.latency} lines={LATENCY} columns={series.latency} />
      <Plot
        {...common}
        title="Concurrency"
        unit=""
        summary={summary.concurrency}
        lines={CONCURRENCY}
        columns={series.concurrency}
      />
      <Plot
        {...common}
        title="Repeats and breaker"
        unit=""
        summary={summary.repeats}
        lines={REPEATS}
        columns={series.repeats}
      />
      <Plot {...common} title="Rate budget" unit=" %" summary={summary.rate} lines={RATE} columns={series.rate} />
    </div>
  );
}

export function PlotTable({ recording, span }: Omit<PlotsProps, "version">) {
  const ms = (value: number | null) => (value === null ? "" : Math.round(value));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also with the keyboard.
    <section class="plot-table" aria-label="Figures of the plots" tabIndex={0}>
      <table>
        <TableHead
          columns={["From", "Requests", "Median ms", "Slowest ms", "Most out", "Repeated", "Failed", "Rate used %"]}
        />
        <tbody>
          {tableOf(recording, span).map((row) => (
            <tr key={row.from}>
              <th scope="row">{new Date(row.from).toLocaleTimeString("en-GB")}</th>
              <td>{row.requests}</td>
              <td>{ms(row.medianMs)}</td>
              <td>{ms(row.slowestMs)}</td>
              <td>{row.mostOut}</td>
              <td>{row.repeats}</td>
              <td>{row.failures}</td>
              <td>{row.used}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
