// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys; Enter on a head opens its menu, which orders
// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these heads stand above rows that are placed by position
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active cell (aria-activedescendant)
/** The heads of the grid: label and name, order, width. A press orders, dragging moves the column, dragging the edge resizes it. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Order } from "sysparm/query";
import { Icon } from "../kit/icon";
import { cellId, type RowLayout } from "./grid-row";

interface GridHeadProps {
  columns: readonly string[];
  layout: RowLayout;
  labels: ReadonlyMap<string, string>;
  orders: readonly Order[];
  activeColumn: number;
  onSort: (column: string) => void;
  /** Called while the edge is dragged and at its end. */
  onResize: (column: string, pixels: number, ended: boolean) => void;
  onMove: (column: string, to: number) => void;
}

export function GridHead(props: GridHeadProps) {
  const { columns, layout, labels, orders, activeColumn, onSort, onResize, onMove } = props;
  const dragged = useSignal("");
  const wasDragged = useRef(false);

  /** A press sorts; a move of some pixels before the button is let go moves the column. */
  function press(event: PointerEvent, column: string): void {
    if (event.button !== 0) return;
    const head = event.currentTarget as HTMLElement;
    const startX = event.clientX;
    const move = (moved: PointerEvent) => {
      if (Math.abs(moved.clientX - startX) < FEWEST_PIXELS || dragged.value === column) return;
      // Not before: a captured press is no click on the head.
      head.setPointerCapture(event.pointerId);
      dragged.value = column;
    };
    const end = (ended: PointerEvent) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (dragged.value !== column) return;
      dragged.value = "";
      const heads = [...(head.parentElement?.children ?? [])];
      const to = heads.findIndex((other) => ended.clientX < other.getBoundingClientRect().right);
      if (ended.type === "pointerup") onMove(column, to < 0 ? columns.length - 1 : to);
      // A click follows the drag, and comes before the timer.
      wasDragged.current = true;
      setTimeout(() => {
        wasDragged.current = false;
      });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  return (
    <div class="grid-head" role="rowgroup" style={{ width: layout.width }}>
      <div class="grid-row" role="row" aria-rowindex={1} style={layout}>
        {columns.map((column, place) => {
          const order = orders.find(({ field }) => field === column);
          const label = labels.get(column);
          return (
            <div
              key={column}
              id={cellId(-1, place)}
              role="columnheader"
              aria-colindex={place + 1}
              aria-sort={order ? (order.descending ? "descending" : "ascending") : "none"}
              title={label ? `${label} (${column})` : column}
              class={`${place === activeColumn ? "active" : ""}${dragged.value === column ? " dragged" : ""}`}
              onPointerDown={(event) => press(event, column)}
              onClick={() => {
                if (!wasDragged.current) onSort(column);
              }}
            >
              <span class="head-words">
                {label && <span>{label}</span>}
                <span class={label ? "head-name" : undefined}>{column}</span>
              </span>
              {order && <Icon name={order.descending ? "descending" : "up"} />}
              <Edge column={column} onResize={onResize} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The edge of a head. The menu of the head has "Wider" and "Narrower" for those who do not drag. */
function Edge({ column, onResize }: Pick<GridHeadProps, "onResize"> & { column: string }) {
  function drag(event: PointerEvent): void {
    event.stopPropagation();
    event.preventDefault();
    const edge = event.currentTarget as HTMLElement;
    const startX = event.clientX;
    const from = edge.parentElement?.offsetWidth ?? 0;
    let width = from;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => {
      width = from + moved.clientX - startX;
      onResize(column, width, false);
    };
    const end = () => {
      edge.removeEventListener("pointermove", move);
      onResize(column, width, true);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", end, { once: true });
  }
  return (
    <span class="head-edge" aria-hidden="true" onPointerDown={drag} onClick={(event) => event.stopPropagation()} />
  );
}

const FEWEST_PIXELS = 6;
