// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these rows are placed by their scroll position
/**
 * The rows as an ARIA grid (WAI-ARIA APG, "Grid pattern"): one stop for the Tab key, arrow keys move the active cell.
 *
 * Uses `aria-activedescendant` instead of a roving tabindex, because scrolling removes rows and would remove the focused one. No grid
 * library: order and conditions are the instance's, and what is left for one is the order and width of columns.
 */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { preferences } from "../app/preferences";
import { type Point, PointMenu } from "../kit/point-menu";
import { nextOrder, ordersIn } from "./asked";
import { type Browsing, HEAD } from "./browsing";
import { columnWidth, MOST_COLUMNS, moved as movedColumn } from "./columns";
import { idOf } from "./copying";
import { GridHead } from "./grid-head";
import { gridKey } from "./grid-keys";
import { cellItems, type GridActions, headItems } from "./grid-menu";
import { cellId, GridRow, type RowLayout } from "./grid-row";
import { bounded } from "./layouts";
import { type Cell, moved } from "./move";
import type { Reader } from "./reader";
import { cellText } from "./values";
import { useRowWindow } from "./virtual";

/** The style sheet has the same heights. */
const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 40;

interface RecordGridProps {
  reader: Reader;
  browsing: Browsing;
  label: string;
  labels: ReadonlyMap<string, string>;
  openPanel: () => void;
  closePanel: () => void;
  peek: (cell: Cell) => void;
  /** Whether a column holds references. */
  isReference: (column: string) => boolean;
}

export function RecordGrid(props: RecordGridProps) {
  const { reader, browsing, label, labels, openPanel, closePanel, peek, isReference } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const menu = useSignal<{ at: Point; cell: Cell } | null>(null);
  /** The width of a column while its edge is dragged. */
  const resized = useSignal<{ column: string; pixels: number } | null>(null);
  const lastKey = useRef({ key: "", at: 0 });
  const all = reader.columns.value;
  const columns = useMemo(() => all.slice(0, MOST_COLUMNS), [all]);
  const table = reader.source.value?.table ?? "";
  const rowCount = reader.rowCount.value;
  const active = within(browsing.active.value, rowCount, columns.length);
  const rowWindow = useRowWindow({
    count: rowCount,
    scrollElement: scroll,
    rowHeight: ROW_HEIGHT,
    headerHeight: HEAD_HEIGHT,
    pinned: active.row,
  });
  const widths = reader.layouts.of(table).widths;
  const dragged = resized.value;
  const layout = useMemo(() => rowLayout(columns, { ...widths, ...override(dragged) }), [columns, widths, dragged]);
  const selected = browsing.selected.value;

  function goTo(to: Cell): void {
    browsing.active.value = to;
    if (to.row >= 0) rowWindow.scrollToIndex(to.row, { align: "auto" });
    scroll.current
      ?.querySelector(`[aria-colindex="${to.column + 1}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function press(event: KeyboardEvent): void {
    const rowsAPage = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const to = moved(active, event, { rowCount, columnCount: columns.length, rowsAPage, firstRow: HEAD });
    if (to) {
      event.preventDefault();
      goTo(to);
      return;
    }
    const before = lastKey.current;
    lastKey.current = { key: event.key, at: event.timeStamp };
    const opensView = /^[ge]$/i.test(before.key) && event.timeStamp - before.at < VIEW_LETTER_MS;
    const key = gridKey(event, preferences.value.letters && !opensView);
    if (!key || (key === "copy" && !getSelection()?.isCollapsed)) return;
    event.preventDefault();
    act(key);
  }

  function act(key: NonNullable<ReturnType<typeof gridKey>>): void {
    const field = columns[active.column] ?? "";
    const row = reader.rows[active.row];
    const isHead = active.row === HEAD;
    if (key === "close") closePanel();
    else if (key === "menu" || (isHead && key === "panel")) openMenu(active);
    else if (isHead) return;
    else if (key === "panel") openPanel();
    else if (key === "select") browsing.toggle(active.row);
    else if (key === "select-to") browsing.selectTo(active.row);
    else if (key === "copy") void browsing.copy(cellText(row?.[field]), field);
    else if (key === "copy-id") void browsing.copy(idOf(row), "the sys_id");
    else void browsing.filterBy(active);
  }

  /** Opens the menu of a cell at a point, or below the cell. */
  function openMenu(cell: Cell, at?: Point): void {
    const place = scroll.current?.querySelector(`#${cellId(cell.row, cell.column)}`)?.getBoundingClientRect();
    browsing.active.value = cell;
    menu.value = { cell, at: at ?? { x: (place?.left ?? 0) + 8, y: place?.bottom ?? 0 } };
  }

  const actions: GridActions = {
    resize: (column, by) => {
      const width = scroll.current?.querySelector<HTMLElement>(`#${cellId(HEAD, columns.indexOf(column))}`);
      reader.layouts.resize(table, column, (width?.offsetWidth ?? 0) + by);
    },
    move: (column, to) => reader.arrange(movedColumn(all, column, to)),
    hide: (column) => reader.arrange(all.filter((other) => other !== column)),
    openPanel,
    peek: isReference(columns[active.column] ?? "") ? peek : null,
  };

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
        aria-multiselectable="true"
        aria-activedescendant={rowCount > 0 ? cellId(active.row, active.column) : undefined}
        tabIndex={0}
        onKeyDown={press}
        onMouseDown={(event) => {
          const cell = cellAt(event);
          if (!cell || cell.row === HEAD) return;
          browsing.active.value = cell;
          if (event.ctrlKey || event.metaKey) browsing.toggle(cell.row);
          else if (event.shiftKey) browsing.selectTo(cell.row);
        }}
        onDblClick={(event) => {
          if ((cellAt(event)?.row ?? HEAD) >= 0) openPanel();
        }}
        onContextMenu={(event) => {
          const cell = cellAt(event);
          if (!cell) return;
          event.preventDefault();
          openMenu(cell, { x: event.clientX, y: event.clientY });
        }}
      >
        <GridHead
          columns={columns}
          layout={layout}
          labels={labels}
          orders={ordersIn(reader.source.value?.query ?? "")}
          activeColumn={active.row === HEAD ? active.column : -1}
          onSort={(column) => void browsing.sort(nextOrder(reader.source.peek()?.query ?? "", column))}
          onResize={(column, pixels, ended) => {
            resized.value = ended ? null : { column, pixels: bounded(pixels) };
            if (ended) reader.layouts.resize(table, column, pixels);
          }}
          onMove={actions.move}
        />
        <div class="grid-body" role="rowgroup" style={{ height: `${rowWindow.getTotalSize()}px` }}>
          {rowWindow.getVirtualItems().map(({ index, start }) => (
            <GridRow
              key={index}
              row={reader.rows[index]}
              index={index}
              start={start}
              columns={columns}
              layout={layout}
              activeColumn={index === active.row ? active.column : -1}
              selected={selected.has(index)}
            />
          ))}
        </div>
      </div>
      {menu.value && (
        <PointMenu
          label={menu.value.cell.row === HEAD ? "Column" : "Cell"}
          at={menu.value.at}
          items={
            menu.value.cell.row === HEAD
              ? headItems(menu.value.cell.column, reader, browsing, actions)
              : cellItems(menu.value.cell, reader, browsing, actions)
          }
          close={() => {
            menu.value = null;
            scroll.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** The cell or head at which an event of the mouse is. */
function cellAt(event: MouseEvent): Cell | null {
  const cell = (event.target as Element).closest("[aria-colindex]");
  const row = Number(cell?.parentElement?.getAttribute("aria-rowindex") ?? Number.NaN);
  return cell && row > 0 ? { row: row - 2, column: Number(cell.getAttribute("aria-colindex")) - 1 } : null;
}

/** Every row is a separate CSS grid, so widths depend on the columns only, never on a cell's content. */
function rowLayout(columns: readonly string[], widths: Readonly<Record<string, number>>): RowLayout {
  const tracks = columns.map((column) => {
    const pixels = widths[column];
    return pixels === undefined ? columnWidth(column) : `${pixels}px`;
  });
  const total = tracks.map((track) => (typeof track === "number" ? `${track}rem` : track)).join(" + ");
  return {
    width: `max(100%, ${total === "" ? "0px" : `calc(${total})`})`,
    gridTemplateColumns: tracks
      .map((track) => (typeof track === "number" ? `minmax(${track}rem, ${track}fr)` : track))
      .join(" "),
  };
}

function override(resized: { column: string; pixels: number } | null): Record<string, number> {
  return resized ? { [resized.column]: resized.pixels } : {};
}

function within(cell: Cell, rowCount: number, columnCount: number): Cell {
  return {
    row: Math.max(HEAD, Math.min(cell.row, rowCount - 1)),
    column: Math.max(0, Math.min(cell.column, columnCount - 1)),
  };
}

/** How long the letter of a view may follow G. */
const VIEW_LETTER_MS = 1_000;
