/** Texts of cells, columns and rows for the clipboard. Pure. */
import type { Row } from "sysparm";
import { harmless } from "./csv";
import { cellText, rawText, type Values } from "./values";

/** A line for each row. What a spreadsheet would run as a formula gets an apostrophe. */
export function columnText(rows: readonly Row[], field: string): string {
  return rows.map((row) => harmless(oneLine(cellText(row[field])))).join("\n");
}

/** The sys_ids, one a line; rows without one are left out. */
export function idsText(rows: readonly Row[]): string {
  return rows.map(idOf).filter(Boolean).join("\n");
}

/** Lines with tabs, as a spreadsheet takes them. What it would run as a formula gets an apostrophe. */
export function rowsText(rows: readonly Row[], columns: readonly string[]): string {
  const lines = rows.map((row) => columns.map((column) => harmless(oneLine(cellText(row[column])))));
  return [columns, ...lines].map((cells) => cells.join("\t")).join("\n");
}

/** Its raw value and its display value are the same. Empty where the row has none. */
export function idOf(row: Row | undefined): string {
  return row ? (rawText(row.sys_id, "raw" satisfies Values) ?? "") : "";
}

function oneLine(text: string): string {
  return text.replace(/[\t\r\n]+/g, " ");
}
