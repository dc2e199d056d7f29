/**
 * Reads a reply as far as the core needs it: rows and records stay here, numbers and headers go in. Of a body that is not
 * what was expected, the first 16 KiB and the last 2 KiB go in as text.
 */

import { Expect } from "../../protocol/expect.js";
import { locatedIn } from "../../shared/rows.js";
import { invalid } from "../errors.js";

/** What a body turned out to be; the numbers are the core's. */
export enum Found {
  text = 0,
  rows = 1,
  record = 2,
  untouched = 3,
}

const HEAD = 16 * 1024;
const TAIL = 2 * 1024;
/** A failing reply is read no further than this: what it says is at its beginning, or at its end if it is short. */
const LONGEST_EXPLANATION = 1024 * 1024;

export interface Reading {
  found: Found;
  rows: number;
  text: string;
  /** The rows or the record. */
  result?: unknown;
  /** The text is no JSON: why. */
  cause?: unknown;
  /** Of a failing reply that is handed over: what was read of its body. */
  whole?: string;
  /** Where raw control characters stood in its strings, which JSON does not allow: how many. */
  repaired?: string;
}

/** Decoded bytes of a body that is parsed here. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** At once for a body that is left untouched. */
export function readReply(
  reply: Response,
  expect: Expect,
  isPageExpected: () => boolean,
  most: number,
): Reading | Promise<Reading> {
  // A deletion answered by 202 stands in a queue that was full: what the body says decides.
  const looked = expect === Expect.done && reply.status === 202;
  if (looked || (expect !== Expect.untouched && expect !== Expect.done)) return readBody(reply, expect, most);
  if (reply.ok && (!isPage(reply) || isPageExpected())) return UNTOUCHED;
  return readText(reply.clone()).then((whole) => ({ found: Found.text, rows: 0, text: excerpt(whole), whole }));
}

const UNTOUCHED: Reading = { found: Found.untouched, rows: 0, text: "" };

async function readBody(reply: Response, expect: Expect, most: number): Promise<Reading> {
  if (!reply.ok) return { found: Found.text, rows: 0, text: excerpt(await readText(reply)) };
  const text = await readText(reply, most, true);
  try {
    // A record that was created is named by its address, also where nothing else is said of it.
    const isOnlyNamed = text === "" && expect === Expect.record && locatedIn(reply);
    return found(text, JSON.parse(isOnlyNamed ? '{"result":{}}' : text), expect);
  } catch (cause) {
    const { whole, repaired } = withoutControls(String(text));
    try {
      if (repaired > 0)
        return { ...found(text, JSON.parse(whole), expect), repaired: `${repaired} raw control characters` };
    } catch {
      // More is wrong with it.
    }
    return { found: Found.text, rows: 0, text: excerpt(text), cause };
  }
}

function found(text: string, body: unknown, expect: Expect): Reading {
  if (typeof body === "object" && body !== null && "result" in body && !("error" in body)) {
    const { result } = body;
    if (Array.isArray(result) && expect === Expect.rows)
      return { found: Found.rows, rows: result.length, text: "", result };
    if (typeof result === "object" && result !== null && !Array.isArray(result) && expect === Expect.record)
      return { found: Found.record, rows: 0, text: "", result };
  }
  return { found: Found.text, rows: 0, text: excerpt(text) };
}

/** A record that was imported or scripted with raw control characters is sent with them, although JSON asks for escapes: one spoils a page. */
function withoutControls(text: string): { whole: string; repaired: number } {
  let repaired = 0;
  const whole = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g, (string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    string.replace(/[\u0000-\u001f]/g, (letter) => {
      repaired += 1;
      return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
    }),
  );
  return { whole, repaired };
}

/** The reply that lies within a Batch of one; the outer reply where there is none in it. */
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

/** The members of a token endpoint's success; undefined when the reply is none. */
export function readToken(
  text: string,
): { token: string; expiresIn: number | undefined; refreshToken: string | undefined } | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null) return undefined;
  const all = body as Record<string, unknown>;
  const { access_token: token, expires_in: seconds, refresh_token: refresh, token_type: type } = all;
  // A token that wants more than to be shown (RFC 9449) is none that this client can use.
  const isBearer = typeof type === "string" ? /^bearer$/i.test(type) : type == null;
  if (typeof token !== "string" || !isBearer) return undefined;
  const expiresIn = seconds === undefined || seconds === null || seconds === "" ? Number.NaN : Number(seconds);
  return {
    token,
    expiresIn: Number.isFinite(expiresIn) ? expiresIn : undefined,
    refreshToken: typeof refresh === "string" ? refresh : undefined,
  };
}

export function excerpt(read: string): string {
  // The `text()` of a fetch that is no platform's own may give bytes.
  const text = String(read);
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n…\n${text.slice(-TAIL)}`;
}

let decode: ((pieces: Uint8Array[]) => string) | undefined;

/** Pages are decoded by this where the platform does it faster than its `text()`. */
export function decodeBy(faster: typeof decode): void {
  decode = faster;
}

/** A body's text, read to its end or to the bound; where that is `strict`, a longer one is refused. */
export async function readText(reply: Response, longest = LONGEST_EXPLANATION, strict = false): Promise<string> {
  const bounded = (length: number) => {
    if (!strict || length <= longest) return;
    const words = `The reply is larger than ${longest} bytes: ask for fewer rows or fields, or raise maxBodyBytes`;
    throw invalid("reply.too-large", words, "instance");
  };
  // Some fetch that is no platform's own gives a body of another kind.
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
    // Not awaited: one branch of a cloned body ends only when the other does too.
    void reader.cancel().catch(() => undefined);
  }
  if (decode) return decode(pieces);
  // workerd's decoder takes a mark at the beginning of every piece for a byte order mark. Only the first of a body is one.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return (text + decoder.decode()).replace(/^\uFEFF/, "");
}

/** A sleeping instance answers every address with a page, and status 200. 204 has no body, whatever its type says. */
function isPage(reply: Response): boolean {
  return reply.status !== 204 && (reply.headers.get("content-type")?.includes("text/html") ?? false);
}

/** Whether a web page is a fit answer: outside the APIs, for an attachment's file, or where the caller accepts one. */
export function expectsPage(path: string, init: RequestInit | undefined): boolean {
  const accepts = new Headers(init?.headers).get("accept")?.includes("html") ?? false;
  return accepts || !path.startsWith("/api/") || /\/attachment\/[^/?]+\/file/.test(path);
}
