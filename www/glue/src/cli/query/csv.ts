/**
 * Lines of CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe (OWASP, "CSV Injection"): people outside the
 * company write texts in these tables. A spreadsheet may also take semicolons and tabs for ends of cells, and then a line break in
 * quotes for the end of a row: what follows them gets one, too. Plain numbers such as -5 are unchanged; a telephone number is not one.
 * The same rule as that of the console: www/console/src/records/csv.ts.
 */
export function csvLine(cells: readonly string[], isRaw = false): string {
  return `${cells.map((cell) => quoted(isRaw ? cell : harmless(cell))).join(",")}\r\n`;
}

/** The full-width signs count where East Asian text is typed. */
const FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]";
const AT_START = new RegExp(`^(?:[\\t\\r\\n]|\\s*${FORMULA})`);
const BEHIND_AN_END = new RegExp(`([;\\t\\r\\n][ \\u00a0]*)(?=${FORMULA})(?![+-]?[\\d.,]+(?:[;\\t\\r\\n]|$))`, "g");

function harmless(cell: string): string {
  if (/^[+-]?[\d.,]+$/.test(cell)) return cell;
  const inside = cell.replace(BEHIND_AN_END, "$1'");
  return AT_START.test(cell) ? `'${inside}` : inside;
}

function quoted(cell: string): string {
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
