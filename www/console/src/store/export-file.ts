/** The file of an export: every record, and no secret. */
import { KINDS, type Kind } from "./records";

/** The version is that of the file, not of the records. */
export interface ExportFile {
  format: "sysparm-console";
  version: 1;
  records: { [K in Kind]?: unknown[] };
}

export async function exportText(all: (kind: Kind) => Promise<unknown[]>): Promise<string> {
  const records: ExportFile["records"] = {};
  for (const kind of KINDS) records[kind] = await all(kind);
  const file: ExportFile = { format: "sysparm-console", version: 1, records };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The records of a file, unchecked.
 * @throws Error for a file that is no export of the console
 */
export function exportedRecords(text: string): [kind: Kind, found: unknown][] {
  const { records } = parsed(text);
  return KINDS.flatMap((kind) => {
    const found = records[kind];
    return Array.isArray(found) ? found.map((one): [Kind, unknown] => [kind, one]) : [];
  });
}

function parsed(text: string): ExportFile {
  let file: Partial<ExportFile> | null;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("The file is not JSON. Choose a file that the console exported.");
  }
  if (file?.format !== "sysparm-console" || typeof file.records !== "object" || file.records === null)
    throw new Error("The file is not an export of the console. Choose one that it exported.");
  if (file.version !== 1) throw new Error(`The file's version is ${file.version}. Use a console of that version.`);
  return file as ExportFile;
}
