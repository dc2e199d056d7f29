/** Reads the rows of a CSV file, a megabyte at a time, so that the page stays usable. */
import Papa from "papaparse";
import { plural } from "../../number";

export interface CsvFile {
  name: string;
  columns: string[];
  rows: string[][];
  /** What a person should know about the file before it is imported. */
  notes: string[];
}

export const MOST_ROWS = 50_000;
const MOST_BYTES = 100_000_000;
const CHUNK_BYTES = 1_000_000;

/** Rejects with an Error whose message says what is wrong and what to do. */
export function readCsv(file: File): Promise<CsvFile> {
  if (file.size > MOST_BYTES)
    return Promise.reject(new Error(`${file.name} has more than 100 MB, and an import takes no more. Split the file.`));
  return new Promise((resolve, reject) => {
    const lines: string[][] = [];
    let broken = "";
    Papa.parse<string[]>(file, {
      skipEmptyLines: "greedy",
      chunkSize: CHUNK_BYTES,
      chunk: ({ data, errors }, parser) => {
        for (const line of data) lines.push(line);
        const quotes = errors.find(({ type }) => type === "Quotes");
        if (quotes) broken = `Row ${lines.length} of ${file.name} has a quote that does not end. Correct it.`;
        if (broken || lines.length > MOST_ROWS + 1) parser.abort();
      },
      error: (thrown) => reject(new Error(`${file.name} could not be read. ${thrown.message} Choose it again.`)),
      complete: () => {
        if (broken) reject(new Error(broken));
        else resolveLines(file.name, lines, resolve, reject);
      },
    });
  });
}

function resolveLines(name: string, lines: string[][], resolve: (file: CsvFile) => void, reject: (why: Error) => void) {
  const checked = csvFile(name, lines);
  if ("problem" in checked) reject(new Error(checked.problem));
  else resolve(checked);
}

/** Checks the head line. */
export function csvFile(name: string, lines: readonly string[][]): CsvFile | { problem: string } {
  const [head, ...below] = lines;
  if (!head || below.length === 0) return { problem: `${name} has no row below its head line. Add one.` };
  if (below.length > MOST_ROWS)
    return { problem: `${name} has more than ${MOST_ROWS} rows, and an import takes no more. Split the file.` };
  const columns = head.map((column) => column.replace(/^\uFEFF/, "").trim());
  if (columns.includes("")) return { problem: `A column of ${name} has no name. Name it in the head line.` };
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) return { problem: `${name} has two columns named "${twice}". Rename one.` };
  const unread = lines.findIndex((line) => line.some((cell) => cell.includes("\ufffd")));
  if (unread >= 0)
    return {
      problem: `${unread === 0 ? "The head line" : `Row ${unread}`} of ${name} has a character that is not UTF-8 (\ufffd). Save the file as CSV in UTF-8.`,
    };
  const rows = below.map((row) =>
    row.slice(columns.length).every((cell) => cell === "") ? row.slice(0, columns.length) : row,
  );
  const uneven = rows.filter((row) => unevenWhy(row, columns) !== "").length;
  return {
    name,
    columns,
    rows,
    notes:
      uneven > 0
        ? [`${uneven} of ${rows.length} rows have more or fewer cells than the head line, and are refused.`]
        : [],
  };
}

/** Why the cells of a row may belong to other columns; empty where they do not. */
export function unevenWhy(row: readonly string[], columns: readonly string[]): string {
  if (row.length === columns.length) return "";
  return `It has ${plural(row.length, "cell")}, and the head line has ${columns.length}. Correct it in the file.`;
}
