/** One plot over time, drawn by uPlot. The same facts stand in words above it, and in the table of the view. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "preact/hooks";
import type { Columns, Span } from "./series";

export interface PlotLine {
  label: string;
  /** A colour of tokens.css, such as "--chart-1". */
  colour: string;
  as: "line" | "steps" | "points" | "bars";
}

interface PlotProps {
  title: string;
  summary: string;
  lines: readonly PlotLine[];
  columns: Columns;
  span: Span;
  /** Changes with the theme: a canvas must be drawn anew. */
  look: string;
  unit: string;
}

const HEIGHT = 120;
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];
/** Plots of one key share the cursor. */
const CURSOR = "traffic";

export function Plot({ title, summary, lines, columns, span, look, unit }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  // The lines of a plot never change; `look` stands for the colours.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(optionsOf(element, lines, unit), columns as uPlot.AlignedData, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [look]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      made.setData(columns as uPlot.AlignedData, false);
      made.setScale("x", { min: span.from / 1_000, max: span.until / 1_000 });
      made.setScale("y", unit === " %" ? { min: 0, max: 100 } : rangeOf(columns));
    });
  }, [columns, span, look, unit]);

  return (
    <section class="plot" aria-label={title}>
      <h2>{title}</h2>
      <p class="plot-summary">{summary}</p>
      <div ref={place} class="plot-place" role="img" aria-label={`${title}: ${summary}`} />
      <p class="plot-legend">
        {lines.map(({ label, colour }) => (
          <span key={label}>
            <i style={{ background: `var(${colour})` }} />
            {label}
          </span>
        ))}
      </p>
    </section>
  );
}

/** From 0 to a little above the largest value. */
function rangeOf([, ...values]: Columns): { min: number; max: number } {
  let most = 0;
  for (const column of values) for (const value of column) if (value !== null && value > most) most = value;
  return { min: 0, max: most === 0 ? 1 : most * 1.1 };
}

function optionsOf(element: HTMLElement, lines: readonly PlotLine[], unit: string): uPlot.Options {
  const colour = (name: string) => colourOf(element, name);
  const grid = { stroke: colour("--line"), width: 1 };
  const axis: uPlot.Axis = {
    stroke: colour("--text-3"),
    grid,
    ticks: { show: false },
    font: `11px ${fontOf(element)}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: CURSOR }, y: false, drag: { x: false, y: false } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      { ...axis, size: 22, space: 60, values: (_, times) => times.map((time) => clock(time * 1_000)) },
      // Counts have no fractions.
      {
        ...axis,
        size: 44,
        ...(unit === "" && { incrs: WHOLE_STEPS }),
        values: (_, values) => values.map((value) => `${value}${unit}`),
      },
    ],
    series: [{}, ...lines.map((line) => seriesFor(line, colour(line.colour)))],
  };
}

function seriesFor({ label, as }: PlotLine, colour: string): uPlot.Series {
  const base: uPlot.Series = { label, stroke: colour, width: 1.5, points: { show: false } };
  if (as === "points")
    return { ...base, paths: () => null, points: { show: true, size: 5, stroke: colour, fill: colour } };
  if (as === "bars" && uPlot.paths.bars)
    return { ...base, fill: colour, width: 0, paths: uPlot.paths.bars({ size: [0.8] }) };
  return as === "steps" && uPlot.paths.stepped ? { ...base, paths: uPlot.paths.stepped({ align: 1 }) } : base;
}

const clock = (time: number): string => new Date(time).toLocaleTimeString("en-GB");

/** A canvas takes no variables and no `light-dark()`: the browser resolves them for an element. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

const fontOf = (element: HTMLElement): string => getComputedStyle(element).fontFamily;
