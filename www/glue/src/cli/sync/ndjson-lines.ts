/** The lines of an NDJSON copy and of its changes. */
import type { Buffer } from "node:buffer";
import type { Row } from "sysparm";
import { idOf } from "./target.js";

/** A row as a line: `sys_id` first. U+2028 and U+2029 are escaped, because some readers take them for ends of lines. */
export function rowLine(row: Row): string {
  const text = JSON.stringify({ sys_id: row.sys_id, ...row });
  return text.replace(/[\u2028\u2029]/g, (end) => (end === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** A deletion as a line, of the changes only: its `sys_id` as a JSON string. */
export function deletionLine(id: string): string {
  return JSON.stringify(id);
}

export function isDeletion(line: Buffer): boolean {
  return line[0] === QUOTE;
}

/** The `sys_id` of a line of either kind. */
export function idOfLine(line: Buffer): string {
  // Most rows are not parsed.
  const start = /^\{"sys_id":"([0-9a-f]{32})"/.exec(line.toString("latin1", 0, 45))?.[1];
  if (start) return start;
  const parsed: unknown = JSON.parse(line.toString("utf8"));
  return typeof parsed === "string" ? parsed : idOf(parsed as Row);
}

const QUOTE = 0x22;
