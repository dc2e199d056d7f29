/**
 * Reads a reply as far as the core needs it. Rows and records stay in JavaScript; the core gets numbers and headers. Of an unexpected body
 * it gets the first 16 KiB and the last 2 KiB as text.
 */

import { ExpectedBody, FoundBody } from "../../protocol/codes.js";
import { locatedIn } from "../../shared/rows.js";
import { invalid } from "../errors.js";

const HEAD = 16 * 1024;
const TAIL = 2 * 1024;
/** A failing reply is read up to here. Its explanation is at its beginning, or at its end if it is short. */
const LONGEST_EXPLANATION = 1024 * 1024;

/** What was read of a reply. */
export interface ReadReply {
  found: FoundBody;
  rows: number;
  text: string;
  /** The rows or the record. */
  result?: unknown;
  /** Why the text is not JSON. */
  cause?: unknown;
  /** What was read of the body of a failing reply that the caller gets. */
  whole?: string;
  /** How many raw control characters were in strings, where JSON does not allow them. */
  repaired?: string;
}

/** The default of `maxBodyBytes`, in decoded bytes. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Synchronous for a body that is not read, so that such a call costs no microtask. */
export function readReply(
  reply: Response,
  expect: ExpectedBody,
  isPageExpected: () => boolean,
  most: number,
): ReadReply | Promise<ReadReply> {
  // A full session queue answers 202 without having processed a deletion: the body decides.
  const isQueued = expect === ExpectedBody.done && reply.status === 202;
  if (isQueued || (expect !== ExpectedBody.untouched && expect !== ExpectedBody.done))
    return readBody(reply, expect, most);
  if (reply.ok && (!isWebPage(reply) || isPageExpected())) return UNTOUCHED;
  return readText(reply.clone()).then((whole) => ({ found: FoundBody.text, rows: 0, text: excerpt(whole), whole }));
}

const UNTOUCHED: ReadReply = { found: FoundBody.untouched, rows: 0, text: "" };

async function readBody(reply: Response, expect: ExpectedBody, most: number): Promise<ReadReply> {
  if (!reply.ok) return { found: FoundBody.text, rows: 0, text: excerpt(await readText(reply)) };
  const text = await readText(reply, most, true);
  try {
    // The Location header names a created record, also where the body is empty.
    const isOnlyNamed = text === "" && expect === ExpectedBody.record && locatedIn(reply);
    return classified(text, JSON.parse(isOnlyNamed ? '{"result":{}}' : text), expect);
  } catch (cause) {
    const { whole, repaired } = withoutControls(String(text));
    try {
      if (repaired > 0)
        return { ...classified(text, JSON.parse(whole), expect), repaired: `${repaired} raw control characters` };
    } catch {
      // It has other errors, too.
    }
    return { found: FoundBody.text, rows: 0, text: excerpt(text), cause };
  }
}

function classified(text: string, body: unknown, expect: ExpectedBody): ReadReply {
  if (typeof body === "object" && body !== null && "result" in body && !("error" in body)) {
    const { result } = body;
    if (Array.isArray(result) && expect === ExpectedBody.rows)
      return { found: FoundBody.rows, rows: result.length, text: "", result };
    if (typeof result === "object" && result !== null && !Array.isArray(result) && expect === ExpectedBody.record)
      return { found: FoundBody.record, rows: 0, text: "", result };
  }
  return { found: FoundBody.text, rows: 0, text: excerpt(text) };
}

/** Escapes raw control characters. Instances send those of imported or scripted records unescaped, and one makes a whole page invalid JSON. */
function withoutControls(text: string): { whole: string; repaired: number } {
  let repaired = 0;
  const whole = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g, (string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are replaced.
    string.replace(/[\u0000-\u001f]/g, (letter) => {
      repaired += 1;
      return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
    }),
  );
  return { whole, repaired };
}

/** The reply inside a Batch of one request; the outer reply where there is none. */
export async function onlyItem(outer: Response, most: number): Promise<Response> {
  if (!outer.ok) return outer;
  const text = await readText(outer, most, true);
  try {
    const [item] = JSON.parse(text).serviced_requests;
    const bytes = Uint8Array.from(atob(item.body), (letter) => letter.charCodeAt(0));
    const headers = item.headers.map((header: { name: string; value: string }) => [header.name, header.value]);
    return new Response(bytes, { status: item.status_code, headers });
  } catch {
    return new Response(text, outer);
  }
}

/** The members of a token response, NaN for an unknown lifetime; undefined when the reply is none. */
export function readToken(
  text: string,
): { token: string; expiresIn: number; refreshToken: string | undefined } | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null) return undefined;
  const all = body as Record<string, unknown>;
  const { access_token: token, expires_in: seconds, refresh_token: refresh, token_type: type } = all;
  // This client can use bearer tokens only, not those that need a proof (RFC 9449).
  const isBearer = typeof type === "string" ? /^bearer$/i.test(type) : type == null;
  if (typeof token !== "string" || !isBearer) return undefined;
  const expiresIn = seconds === undefined || seconds === null || seconds === "" ? Number.NaN : Number(seconds);
  return {
    token,
    expiresIn: Number.isFinite(expiresIn) ? expiresIn : Number.NaN,
    refreshToken: typeof refresh === "string" ? refresh : undefined,
  };
}

/** The part of a body that the core gets. */
export function excerpt(read: string): string {
  // The `text()` of a custom `fetch` may return bytes.
  const text = String(read);
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n…\n${text.slice(-TAIL)}`;
}

let decode: ((pieces: Uint8Array[]) => string) | undefined;

/** Sets a decoder that is faster than the platform's own. */
export function decodeBy(faster: typeof decode): void {
  decode = faster;
}

/** A body's text up to `longest` bytes; `strict`: a longer body is an error. */
export async function readText(reply: Response, longest = LONGEST_EXPLANATION, strict = false): Promise<string> {
  const bounded = (length: number) => {
    if (!strict || length <= longest) return;
    const words = `The reply is larger than ${longest} bytes. Ask for fewer rows or fields, or raise \`maxBodyBytes\`.`;
    throw invalid("reply.too-large", words, "instance");
  };
  // A custom `fetch` may return a body without a reader.
  const reader = reply.body?.getReader?.();
  if (!reader) {
    const text = await reply.text();
    bounded(text.length);
    return text;
  }
  const pieces: Uint8Array[] = [];
  try {
    for (let bytes = 0; strict || bytes < longest; bounded(bytes)) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      pieces.push(value);
    }
  } finally {
    // Not awaited: one branch of a cloned body ends only together with the other.
    void reader.cancel().catch(() => undefined);
  }
  if (decode) return decode(pieces);
  // workerd's decoder takes a mark at the beginning of every piece for a byte order mark. Only the first of a body is one.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return (text + decoder.decode()).replace(/^\uFEFF/, "");
}

/** Whether a reply is a web page. A hibernating instance answers every address with one and status 200. 204 has no body, whatever its type. */
function isWebPage(reply: Response): boolean {
  return reply.status !== 204 && (reply.headers.get("content-type")?.includes("text/html") ?? false);
}

/** Whether a web page is a valid answer: outside the APIs, for an attachment's file, or where the caller accepts HTML. */
export function expectsPage(path: string, init: RequestInit | undefined): boolean {
  const accepts = new Headers(init?.headers).get("accept")?.includes("html") ?? false;
  return accepts || !path.startsWith("/api/") || /\/attachment\/[^/?]+\/file/.test(path);
}
