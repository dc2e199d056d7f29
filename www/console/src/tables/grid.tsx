// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these rows are placed by their scroll position
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active cell (aria-activedescendant)
/**
 * The rows as an ARIA grid (WAI-ARIA APG, "Grid pattern"): one stop for the Tab key, arrow keys move the active cell.
 *
 * Uses `aria-activedescendant` instead of a roving tabindex, because scrolling removes rows and would remove the focused one.
 */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { cellText, columnWidth, MOST_COLUMNS } from "./columns";
import { type Cell, moved } from "./move";
import type { Reader } from "./reader";
import { useRowWindow } from "./virtual";

const ROW_HEIGHT = 28;

export function RecordGrid({ reader, label }: { reader: Reader; label: string }) {
  const scroll = useRef<HTMLDivElement>(null);
  const active = useSignal<Cell>({ row: 0, column: 0 });
  const columns = reader.columns.value.slice(0, MOST_COLUMNS);
  const rowCount = reader.rowCount.value;
  const { row: activeRow, column: activeColumn } = within(active.value, rowCount, columns.length);
  const rowWindow = useRowWindow({
    count: rowCount,
    scrollElement: scroll,
    rowHeight: ROW_HEIGHT,
    headerHeight: ROW_HEIGHT,
    pinned: activeRow,
  });
  const layout = rowLayout(columns);

  function press(event: KeyboardEvent): void {
    const rowsAPage = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const to = moved({ row: activeRow, column: activeColumn }, event, {
      rowCount,
      columnCount: columns.length,
      rowsAPage,
    });
    if (!to) return;
    event.preventDefault();
    active.value = to;
    rowWindow.scrollToIndex(to.row, { align: "auto" });
    scroll.current
      ?.querySelector(`[aria-colindex="${to.column + 1}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const chosen = reader.rows[activeRow];
  const chosenColumn = columns[activeColumn];
  return (
    <>
      <div
        class="grid"
        ref={scroll}
        role="grid"
        aria-label={label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length}
        aria-readonly="true"
        aria-activedescendant={rowCount > 0 ? cellId(activeRow, activeColumn) : undefined}
        tabIndex={0}
        onKeyDown={press}
      >
        <div class="grid-head" role="rowgroup" style={{ width: layout.width }}>
          <div class="grid-row" role="row" aria-rowindex={1} style={layout}>
            {columns.map((column, index) => (
              <div key={column} role="columnheader" aria-colindex={index + 1} title={column}>
                {column}
              </div>
            ))}
          </div>
        </div>
        <div class="grid-body" role="rowgroup" style={{ height: `${rowWindow.getTotalSize()}px` }}>
          {rowWindow.getVirtualItems().map(({ index, start }) => (
            <div
              class={index % 2 ? "grid-row odd" : "grid-row"}
              key={index}
              role="row"
              aria-rowindex={index + 2}
              style={{ ...layout, transform: `translateY(${start}px)` }}
            >
              {columns.map((column, place) => (
                <div
                  key={column}
                  id={cellId(index, place)}
                  role="gridcell"
                  aria-colindex={place + 1}
                  class={index === activeRow && place === activeColumn ? "active" : undefined}
                  onMouseDown={() => {
                    active.value = { row: index, column: place };
                  }}
                >
                  {cellText(reader.rows[index]?.[column]).slice(0, LONGEST_CELL)}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
      {chosen && chosenColumn && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
        <section class="whole-cell" tabIndex={0} aria-label="The chosen cell">
          <b>
            Row {activeRow + 1}, {chosenColumn}
          </b>{" "}
          {Object.hasOwn(chosen, chosenColumn)
            ? cellText(chosen[chosenColumn]).slice(0, LONGEST_SHOWN) || "(empty)"
            : "(not in this row: no such field, or the field is hidden)"}
        </section>
      )}
    </>
  );
}

/** Every row is a separate CSS grid, so widths depend on the columns only, never on a cell's content. */
function rowLayout(columns: readonly string[]) {
  const widths = columns.map(columnWidth);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return {
    width: `max(100%, ${total}rem)`,
    gridTemplateColumns: widths.map((width) => `minmax(${width}rem, ${width}fr)`).join(" "),
  };
}

function within(cell: Cell, rowCount: number, columnCount: number): Cell {
  return {
    row: Math.max(0, Math.min(cell.row, rowCount - 1)),
    column: Math.max(0, Math.min(cell.column, columnCount - 1)),
  };
}

function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

/** A cell shows one line. The line below the grid shows the whole active cell. */
const LONGEST_CELL = 200;
const LONGEST_SHOWN = 4_000;
