/** Computes the active cell after a key press (WAI-ARIA APG, "Grid pattern", data grids). */

export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rowCount: number;
  columnCount: number;
  /** The number of rows that PageUp and PageDown move. */
  rowsAPage: number;
  /** -1 where the row of the heads can be active, too. */
  firstRow?: number;
}

/** Returns null for keys that the browser handles. */
export function moved(
  from: Cell,
  key: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  extent: Extent,
): Cell | null {
  const { rowCount, columnCount, rowsAPage, firstRow = 0 } = extent;
  if (key.altKey || rowCount === 0 || columnCount === 0) return null;
  const far = key.ctrlKey || key.metaKey;
  const row = (to: number) => ({ row: Math.max(firstRow, Math.min(rowCount - 1, to)), column: from.column });
  const column = (to: number) => ({ row: from.row, column: Math.max(0, Math.min(columnCount - 1, to)) });
  switch (key.key) {
    case "ArrowDown":
      return row(from.row + 1);
    case "ArrowUp":
      return row(from.row - 1);
    case "ArrowRight":
      return column(from.column + 1);
    case "ArrowLeft":
      return column(from.column - 1);
    case "PageDown":
      return row(from.row + rowsAPage);
    case "PageUp":
      return row(from.row - rowsAPage);
    case "Home":
      return far ? { row: 0, column: 0 } : column(0);
    case "End":
      return far ? { row: rowCount - 1, column: columnCount - 1 } : column(columnCount - 1);
    default:
      return null;
  }
}
