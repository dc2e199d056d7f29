/** Exchanges of a HAR log, and of what `curl -v` prints. */
import { Buffer } from "node:buffer";
import type { Observed } from "sysparm";
import { UsageError } from "../command.js";
import { readTranscript } from "./transcript.js";

/** Of which each is an exchange. */
const MOST_EXCHANGES = 10_000;

/** @throws UsageError for a text that is neither */
export function readExchanges(text: string): Observed[] {
  const exchanges = /^\s*\{/.test(text) ? readHar(text) : readTranscript(text);
  if (exchanges.length === 0)
    throw new UsageError("No exchange was found. Pass a HAR file, or what `curl -v` prints: curl -v ... > file 2>&1");
  if (exchanges.length > MOST_EXCHANGES)
    throw new UsageError(`The file has ${exchanges.length} exchanges, more than ${MOST_EXCHANGES}. Pass a part of it.`);
  return exchanges;
}

/** HAR 1.2. What belongs to pages is left out where there are calls of APIs. */
function readHar(text: string): Observed[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError("The file is not valid JSON. Save the log again, or pass it whole.");
  }
  const entries = part(part(value, "log"), "entries");
  if (!Array.isArray(entries))
    throw new UsageError("The JSON is no HAR log: it has no `log.entries`. Save the log again.");
  const all = entries.map(readEntry);
  const ofApis = all.filter(({ request }) => /\/api\/|\/oauth_\w+\.do/.test(request?.url ?? ""));
  return ofApis.length > 0 ? ofApis : all;
}

function readEntry(entry: unknown): Observed {
  const request = part(entry, "request");
  const response = part(entry, "response");
  const status = part(response, "status");
  const at = Date.parse(String(part(entry, "startedDateTime")));
  const time = part(entry, "time");
  const sent = {
    method: textOr(part(request, "method"), "GET"),
    url: textOr(part(request, "url"), ""),
    headers: headersOf(request),
    body: formOf(part(request, "postData")),
  };
  const seen: Observed = { request: sent };
  if (Number.isFinite(at)) seen.at = at;
  if (typeof time === "number" && time >= 0) seen.durationMs = time;
  // A browser writes 0 where it got no reply, or keeps it from the page.
  if (typeof status !== "number" || status === 0) return { ...seen, transport: "unreachable" };
  return { ...seen, status, headers: headersOf(response), body: contentOf(part(response, "content")) };
}

/** Undefined where the log was saved without contents. */
function contentOf(content: unknown): string | undefined {
  const text = part(content, "text");
  if (typeof text !== "string") return part(content, "size") === 0 ? "" : undefined;
  return part(content, "encoding") === "base64" ? Buffer.from(text, "base64").toString("utf8") : text;
}

function formOf(data: unknown): string | undefined {
  const text = part(data, "text");
  if (typeof text === "string" && text !== "") return text;
  const fields = part(data, "params");
  if (!Array.isArray(fields) || fields.length === 0) return undefined;
  return new URLSearchParams(
    fields.map((field) => [textOr(part(field, "name"), ""), textOr(part(field, "value"), "")]),
  ).toString();
}

/** Those of HTTP/2 that begin with a colon are no headers. */
function headersOf(message: unknown): [name: string, value: string][] {
  const given = part(message, "headers");
  return (Array.isArray(given) ? given : [])
    .map((one): [string, string] => [textOr(part(one, "name"), ""), textOr(part(one, "value"), "")])
    .filter(([name]) => /^[\w-]+$/.test(name));
}

function part(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textOr(value: unknown, other: string): string {
  return typeof value === "string" ? value : other;
}
