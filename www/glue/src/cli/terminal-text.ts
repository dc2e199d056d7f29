/** Texts for a terminal. Those of an instance are written by others, and some characters control the terminal. */

/** With a blank for each control character but the line break. */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** One line of at most `width` characters. */
export function lineOf(text: string, width: number): string {
  const line = withoutControls(text.slice(0, width * 4))
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : line;
}

/** How wide columns are: as their widest cell, and at most `widest` characters. */
export function columnWidths(rows: readonly (readonly string[])[], widest: number): number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 1, [...lineOf(cell, widest)].length);
  return widths;
}

/** Rows in columns of these widths. A longer cell is cut. */
export function inColumns(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const padded = (cell: string, width: number) => {
    const line = lineOf(cell, width);
    return line + " ".repeat(width - [...line].length);
  };
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => padded(cell, widths[column] ?? 1))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
