/**
 * Lines of CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection"): people
 * outside the company write texts in these tables. Plain numbers such as -5 are unchanged.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

function quoted(cell: string): string {
  const harmless = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
