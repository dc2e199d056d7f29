/** What can be done with a cell or a head of the grid. */
import type { MenuEntry } from "../kit/menu";
import type { Browsing } from "./browsing";
import { columnText, idOf, idsText, rowsText } from "./copying";
import type { Cell } from "./move";
import type { Reader } from "./reader";
import { cellText } from "./values";

/** What the grid lets a menu do. */
export interface GridActions {
  resize: (column: string, by: number) => void;
  move: (column: string, to: number) => void;
  hide: (column: string) => void;
  openPanel: () => void;
  /** Null where the column is no reference that is known. */
  peek: ((cell: Cell) => void) | null;
}

export function cellItems(cell: Cell, reader: Reader, browsing: Browsing, actions: GridActions): MenuEntry[] {
  const field = reader.columns.peek()[cell.column] ?? "";
  const row = reader.rows[cell.row];
  const { copy, chosenRows, selected, toggle, filterBy } = browsing;
  const many = selected.peek().size;
  const inRow = row !== undefined && Object.hasOwn(row, field);
  return [
    { id: "panel", label: "Show all fields of the row", note: "Enter", run: actions.openPanel },
    ...(actions.peek && inRow
      ? [{ id: "peek", label: "Show the referenced record", run: () => actions.peek?.(cell) }]
      : []),
    "line",
    { id: "only", label: "Only rows with this value", note: "F", disabled: !inRow, run: () => void filterBy(cell) },
    { id: "without", label: "Without this value", disabled: !inRow, run: () => void filterBy(cell, true) },
    "line",
    {
      id: "copy",
      label: "Copy the cell",
      note: "Ctrl C",
      disabled: !inRow,
      run: () => void copy(cellText(row?.[field]), field),
    },
    { id: "id", label: "Copy the sys_id", note: "Y", run: () => void copy(idOf(row), "the sys_id") },
    ...(many > 0
      ? [
          {
            id: "ids",
            label: `Copy ${many} sys_ids`,
            run: () => void copy(idsText(chosenRows()), `${many} sys_ids`),
          },
          {
            id: "rows",
            label: `Copy ${many} rows`,
            run: () => void copy(rowsText(chosenRows(), reader.columns.peek()), `${many} rows`),
          },
        ]
      : []),
    {
      id: "select",
      label: selected.peek().has(cell.row) ? "Do not select the row" : "Select the row",
      note: "Space",
      run: () => toggle(cell.row),
    },
  ];
}

export function headItems(place: number, reader: Reader, browsing: Browsing, actions: GridActions): MenuEntry[] {
  const columns = reader.columns.peek();
  const field = columns[place] ?? "";
  const { sort, narrow, copy } = browsing;
  return [
    { id: "up", label: "Order ascending", run: () => void sort({ field }) },
    { id: "down", label: "Order descending", run: () => void sort({ field, descending: true }) },
    { id: "none", label: "No order", run: () => void sort(null) },
    "line",
    { id: "empty", label: "Only rows without a value", run: () => void narrow({ field, operator: "ISEMPTY" }) },
    { id: "filled", label: "Only rows with a value", run: () => void narrow({ field, operator: "ISNOTEMPTY" }) },
    "line",
    { id: "copy", label: "Copy the column", run: () => void copy(columnText(reader.rows, field), `column ${field}`) },
    { id: "ids", label: "Copy all sys_ids", run: () => void copy(idsText(reader.rows), "all sys_ids") },
    "line",
    { id: "left", label: "Move left", disabled: place === 0, run: () => actions.move(field, place - 1) },
    {
      id: "right",
      label: "Move right",
      disabled: place >= columns.length - 1,
      run: () => actions.move(field, place + 1),
    },
    { id: "wider", label: "Wider", run: () => actions.resize(field, STEP) },
    { id: "narrower", label: "Narrower", run: () => actions.resize(field, -STEP) },
    { id: "hide", label: "Hide the column", disabled: columns.length < 2, run: () => actions.hide(field) },
  ];
}

/** Pixels. */
const STEP = 40;
