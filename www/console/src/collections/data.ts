/** Reads the data of a run: rows whose columns become variables. Pure. */
import Papa from "papaparse";
import { asText } from "../tester/assertions";
import { newId, type Variable } from "../workspace/model";

export type Row = ReadonlyMap<string, string>;

export type Data = { rows: Row[]; note: string } | { problem: string };

/** CSV with a head line, or a JSON array of objects. Which of them is seen from the text. */
export function readData(text: string): Data {
  const content = text.replace(/^\uFEFF/, "");
  if (content.trim() === "")
    return { problem: "The data is empty. Enter CSV with a head line, or a JSON array of objects." };
  const data = /^\s*\[/.test(content) ? fromJson(content) : fromCsv(content);
  if ("problem" in data || data.rows.length <= MOST_ROWS) return data;
  return { problem: `The data has ${data.rows.length} rows, and a run takes at most ${MOST_ROWS}. Split it.` };
}

function fromJson(text: string): Data {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    return { problem: `The data is not JSON: ${thrown instanceof Error ? thrown.message : thrown}. Correct it.` };
  }
  const rows: Row[] = [];
  for (const [index, entry] of (parsed as unknown[]).entries()) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      return { problem: `Row ${index + 1} of the data is not an object. Write it as {"name": "value"}.` };
    }
    rows.push(new Map(Object.entries(entry).map(([name, value]) => [name.trim(), asText(value)])));
  }
  return { rows, note: "" };
}

function fromCsv(text: string): Data {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  const [head, ...lines] = data;
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) return { problem: `Row ${(broken.row ?? 0) + 1} of the CSV has a quote that does not end. Correct it.` };
  if (!head || lines.length === 0) return { problem: "The CSV has no row below its head line. Add one." };
  const names = head.map((name) => name.trim());
  if (names.includes("")) return { problem: "A column of the CSV has no name. Name it in the head line." };
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { problem: `The CSV has two columns named "${twice}". Rename one.` };
  const uneven = lines.filter((line) => line.length !== names.length).length;
  const rows = lines.map((line) => new Map(names.map((name, index) => [name, line[index] ?? ""])));
  return {
    rows,
    note: uneven > 0 ? `${uneven} of ${rows.length} rows have more or fewer cells than the head line.` : "",
  };
}

export function variablesOf(row: Row): Variable[] {
  return [...row].map(([name, value]) => ({ id: newId(), name, value, on: true }));
}

export const MOST_ROWS = 10_000;
