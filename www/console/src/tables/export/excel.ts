/**
 * Writes rows as an Excel workbook, byte by byte as they come. Loaded when it is first asked for.
 *
 * Cells are written with their type: a text that begins with "=" is a text, and nothing runs. So it needs no apostrophe here.
 */
import { type CellValue, writeXlsxStream } from "hucre/xlsx";
import type { Row } from "sysparm";
import { type Contents, fileCells, fileColumns } from "./formats";

/** Excel refuses a longer text in a cell. */
const LONGEST_CELL = 32_767;
/** Excel's numbers have 15 digits. */
const NUMBER = /^-?\d{1,15}(\.\d{1,10})?$/;
/** What XML 1.0 cannot carry. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** `onCut` is called for each text that was cut, because Excel takes no longer one. */
export function excelOf(
  batches: AsyncIterable<readonly Row[]>,
  contents: Contents,
  onCut: () => void,
): ReadableStream<Uint8Array> {
  const columns = fileColumns(contents);
  const isNumber = columns.map((column) => contents.numbers.has(column));

  function cell(text: string, place: number): CellValue {
    if (isNumber[place] && NUMBER.test(text)) return Number(text);
    const writable = text.replace(UNWRITABLE, "\ufffd");
    if (writable.length <= LONGEST_CELL) return writable;
    onCut();
    return writable.slice(0, LONGEST_CELL);
  }

  async function* rows() {
    for await (const batch of batches) for (const row of batch) yield fileCells(row, contents).map(cell);
  }

  return writeXlsxStream(rows(), {
    name: sheetName(contents.table),
    columns: columns.map((header) => ({ header })),
    freezePane: { rows: 1 },
  });
}

/** At most 31 characters, without those that Excel refuses. */
function sheetName(table: string): string {
  return table.replace(/[[\]:*?/\\]/g, " ").slice(0, 28) || "Rows";
}
