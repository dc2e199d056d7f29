/** The exchanges of a HAR 1.2 log, for their diagnoses. Pure. */
import type { Observed } from "sysparm";
import { field, list, text } from "../interchange/import/reading";

/** Characters of a log that are read, and exchanges. */
export const MOST_CHARACTERS = 100_000_000;
export const MOST_EXCHANGES = 5_000;

/** Calls of APIs where the log has some, otherwise everything. */
export function harExchanges(log: string): Observed[] | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(log);
  } catch {
    return { problem: "The file is no JSON. Save the log again as HAR, with content." };
  }
  const entries = field(field(value, "log"), "entries");
  if (!Array.isArray(entries)) return { problem: "The file is no HAR log: it has no log.entries. Save the log again." };
  if (entries.length > MOST_EXCHANGES) {
    return { problem: `The log has ${entries.length} exchanges, more than ${MOST_EXCHANGES}. Save a part of it.` };
  }
  const all = entries.map(exchangeOf);
  const ofApis = all.filter(({ request }) => /\/api\/|\/oauth_\w+\.do/.test(request?.url ?? ""));
  return ofApis.length > 0 ? ofApis : all;
}

function exchangeOf(entry: unknown): Observed {
  const [request, response] = [field(entry, "request"), field(entry, "response")];
  const status = field(response, "status");
  const at = Date.parse(text(field(entry, "startedDateTime")));
  const time = field(entry, "time");
  const seen: Observed = {
    request: {
      method: text(field(request, "method")) || "GET",
      url: text(field(request, "url")),
      headers: headersOf(request),
      body: text(field(field(request, "postData"), "text")) || undefined,
    },
    ...(Number.isFinite(at) && { at }),
    ...(typeof time === "number" && time >= 0 && { durationMs: time }),
  };
  // A browser writes 0 where it got no reply, or keeps it from the page.
  if (typeof status !== "number" || status < 100 || status > 599) return { ...seen, transport: "unreachable" };
  return { ...seen, status, headers: headersOf(response), body: bodyOf(field(response, "content")) };
}

/** Undefined where the log was saved without contents. */
function bodyOf(content: unknown): string | undefined {
  const body = field(content, "text");
  if (typeof body !== "string") return field(content, "size") === 0 ? "" : undefined;
  if (field(content, "encoding") !== "base64") return body;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(body), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** Those of HTTP/2 that begin with a colon are no headers. */
function headersOf(message: unknown): [string, string][] {
  return list(field(message, "headers"))
    .map((one): [string, string] => [text(field(one, "name")), text(field(one, "value"))])
    .filter(([name]) => /^[\w-]+$/.test(name));
}
