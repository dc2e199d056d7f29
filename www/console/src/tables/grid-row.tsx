// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these rows are placed by their scroll position
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active cell (aria-activedescendant)
/** One row of the grid. Drawn again only when something of it changes, so that scrolling draws the rows that come into sight. */
import { Component, type CSSProperties } from "preact";
import type { Row } from "sysparm";
import { cellText, secondText } from "./values";

interface GridRowProps {
  row: Row | undefined;
  index: number;
  /** Pixels from the first row. */
  start: number;
  columns: readonly string[];
  /** The same object while columns and widths are. */
  layout: RowLayout;
  /** -1: no cell of this row is active. */
  activeColumn: number;
  selected: boolean;
}

export type RowLayout = Pick<CSSProperties, "width" | "gridTemplateColumns">;

export class GridRow extends Component<GridRowProps> {
  override shouldComponentUpdate(next: GridRowProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof GridRowProps)[]).some((name) => next[name] !== now[name]);
  }

  override render({ row, index, start, columns, layout, activeColumn, selected }: GridRowProps) {
    const classes = `grid-row${index % 2 ? " odd" : ""}${selected ? " selected" : ""}`;
    return (
      <div
        class={classes}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected}
        style={{ ...layout, transform: `translateY(${start}px)` }}
      >
        {columns.map((column, place) => (
          <div
            key={column}
            id={cellId(index, place)}
            role="gridcell"
            aria-colindex={place + 1}
            dir="auto"
            class={place === activeColumn ? "active" : undefined}
          >
            {cellContent(row, column)}
          </div>
        ))}
      </div>
    );
  }
}

function cellContent(row: Row | undefined, column: string) {
  if (!row || !Object.hasOwn(row, column)) return <span class="absent">(hidden)</span>;
  const text = cellText(row[column]);
  const second = secondText(row[column]);
  if (text === "" && second === "") return <span class="absent">(empty)</span>;
  const shown = text.slice(0, LONGEST_CELL);
  if (second === "") return shown;
  return (
    <>
      {shown} <span class="second">{second.slice(0, LONGEST_CELL)}</span>
    </>
  );
}

export function cellId(row: number, column: number): string {
  return row < 0 ? `head-${column}` : `cell-${row}-${column}`;
}

/** A cell shows one line. The panel and the line below the grid show the whole. */
const LONGEST_CELL = 200;
