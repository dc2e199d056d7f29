/**
 * Writes rows as CSV (RFC 4180): every field of every row, in the order read.
 *
 * A cell that a spreadsheet would run as a formula gets a leading apostrophe, and the page says so (OWASP, "CSV Injection"): people
 * outside the company write texts in these tables. Plain numbers such as -5 are unchanged.
 */
import type { Row } from "sysparm";
import { cellText } from "./columns";

/** Returns parts of a few hundred rows, so that no single string grows with the table. */
export function csvParts(columns: readonly string[], rows: readonly Row[]): string[] {
  const parts = [line(columns)];
  for (let start = 0; start < rows.length; start += ROWS_A_PART) {
    const chunk = rows.slice(start, start + ROWS_A_PART);
    parts.push(chunk.map((row) => line(columns.map((column) => cellText(row[column])))).join(""));
  }
  return parts;
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

function quoted(cell: string): string {
  const harmless = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const ROWS_A_PART = 500;
