/** A Node process: import, connect and first rows. */
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { PAGE_SIZE } from "./programs/setting.js";

/** Milliseconds from before the import of `file` to the rows, without the start of Node itself. */
export async function inNewProcess(file: string, url: string): Promise<number> {
  const program = `
    const began = performance.now();
    const { firstRows } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const rows = await firstRows(${JSON.stringify(url)});
    console.log(rows, performance.now() - began);
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const [rows, ms = Number.NaN] = stdout.split(" ").map(Number);
  if (rows !== PAGE_SIZE) throw new Error(`${file}: ${rows} of ${PAGE_SIZE} rows`);
  return ms;
}
