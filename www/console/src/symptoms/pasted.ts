/** Reads a reply as people copy it: status line, headers, body, or a body alone. Pure. */
import type { Observed } from "sysparm";

export interface PastedRequest {
  method: string;
  /** An address, or path and query string; empty if it is not known. */
  url: string;
}

/** Characters of a text that are read. */
export const MOST_PASTED = 2_000_000;

const STATUS_LINE = /^(?:<\s*)?HTTP\/[\d.]+\s+(\d{3})\b/i;
/** "401 Unauthorized", "Status: 401", as tools show it. */
const BARE_STATUS = /^(?:status(?: code)?\s*:?\s*)?([1-5]\d\d)(?:\s+[A-Za-z][\w .'-]*)?$/i;
const HEADER = /^(?:<\s)?([\w-]+)\s*:\s*(.*)$/;

/** `status` is that of the form, for a text that has none; empty if it is not given. */
export function pastedReply(text: string, status: string, request: PastedRequest): Observed | { problem: string } {
  if (text.length > MOST_PASTED) {
    return {
      problem: `The text has more than ${MOST_PASTED.toLocaleString("en-GB")} characters. Paste the beginning of the body.`,
    };
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  while (lines[0]?.trim() === "") lines.shift();
  const at = statusLineIn(lines);
  const [, code] =
    at < 0 ? (BARE_STATUS.exec(lines[0]?.trim() ?? "") ?? []) : (STATUS_LINE.exec(lines[at] ?? "") ?? []);
  const found = code === undefined ? undefined : Number(code);
  const begin = found === undefined ? 0 : Math.max(0, at) + 1;
  const { headers, body } = partsOf(lines.slice(begin), found !== undefined);
  const given = status.trim() === "" ? found : Number(status.trim());
  if (given === undefined)
    return { problem: "The status is not known. Begin with it, as in HTTP/1.1 401, or fill in Status." };
  if (!Number.isInteger(given) || given < 100 || given > 599) {
    return { problem: `${status.trim()} is no HTTP status. Fill in a number from 100 to 599.` };
  }
  return { status: given, headers, body, request: requestOf(request) };
}

/**
 * Where the status line of the reply that counts stands; -1 for none. An intermediate reply (100 Continue), that of a proxy or a redirect
 * comes before it: its headers, an empty line, and the next status line. One that a body quotes further down does not count.
 */
function statusLineIn(lines: readonly string[]): number {
  // "curl -v" marks the lines of replies, and writes of other things between them.
  const marked = lines.map((line) => line.startsWith("<") && STATUS_LINE.test(line)).lastIndexOf(true);
  if (marked >= 0) return marked;
  let at = lines.findIndex((line) => STATUS_LINE.test(line));
  let isAfterEmpty = false;
  for (let next = at + 1; at >= 0 && next < lines.length; next += 1) {
    const line = lines[next] ?? "";
    if (line.trim() === "") isAfterEmpty = true;
    else if (isAfterEmpty) {
      if (!STATUS_LINE.test(line)) break;
      at = next;
      isAfterEmpty = false;
    }
  }
  return at;
}

/** Headers, an empty line, the body. Without a status line and headers everything is the body. */
function partsOf(lines: readonly string[], hasStatus: boolean): { headers: [string, string][]; body: string } {
  const headers: [string, string][] = [];
  let at = 0;
  for (; at < lines.length; at += 1) {
    const [, name, value] = HEADER.exec(lines[at] ?? "") ?? [];
    if (name === undefined || value === undefined) break;
    headers.push([name, value.trim()]);
  }
  const isEnd = at >= lines.length || /^<?\s*$/.test(lines[at] ?? "");
  // Text such as "error: no such table" without a status line is no header.
  const body = lines
    .slice(isEnd ? at + 1 : at)
    .join("\n")
    .trim();
  if (!hasStatus && (!isEnd || body === "")) return { headers: [], body: lines.join("\n").trim() };
  return { headers, body };
}

function requestOf({ method, url }: PastedRequest): NonNullable<Observed["request"]> {
  return { method, ...(url.trim() !== "" && { url: url.trim() }) };
}
