/**
 * Writes lines of CSV (RFC 4180).
 *
 * A cell that a spreadsheet would run as a formula gets an apostrophe, and the page says so (OWASP, "CSV Injection"): people outside
 * the company write texts in these tables. A spreadsheet may also take semicolons and tabs for ends of cells, and then a line break
 * in quotes for the end of a row: what follows them gets one, too. Plain numbers such as -5 are unchanged; a telephone number is not
 * one. The same rule as that of `sysparm query run --format csv`.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(harmless(cell))).join(",")}\r\n`;
}

/** The full-width signs count where East Asian text is typed. */
const FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]";
const AT_START = new RegExp(`^(?:[\\t\\r\\n]|\\s*${FORMULA})`);
const NO_NUMBER = "(?![+-]?[\\d.,]+(?:[;\\t\\r\\n]|$))";
const BEHIND_AN_END = new RegExp(`([;\\t\\r\\n][ \\u00a0]*)(?=${FORMULA})${NO_NUMBER}`, "g");

const BEHIND_AN_APOSTROPHE = new RegExp(`([;\\t\\r\\n][ \\u00a0]*)'(?=${FORMULA})${NO_NUMBER}`, "g");

export function harmless(cell: string): string {
  if (/^[+-]?[\d.,]+$/.test(cell)) return cell;
  const inside = cell.replace(BEHIND_AN_END, "$1'");
  return AT_START.test(cell) ? `'${inside}` : inside;
}

/** The text of a cell that `harmless` changed. A text that had such apostrophes itself looks the same, and loses them. */
export function unguarded(cell: string): string {
  const text = cell.replace(/^'/, "").replace(BEHIND_AN_APOSTROPHE, "$1");
  if (harmless(text) === cell) return text;
  const inside = cell.replace(BEHIND_AN_APOSTROPHE, "$1");
  return harmless(inside) === cell ? inside : cell;
}

function quoted(cell: string): string {
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
