/** Receives a body of any size without blocking the page, and says how it may be shown. */
import { count, size } from "../number";
import { pause } from "./lines";

export interface ReceivedBody {
  /** The body as text, as far as it was kept; null if it is no text. */
  text: string | null;
  /** The bytes of a body that is no text, as far as they were kept. */
  file: Blob | null;
  /** Bytes received, after decompression. */
  bytes: number;
  /** True if the text or file is the beginning only. */
  cut: boolean;
  /** False if receiving stopped before the end. Then the body is larger. */
  ended: boolean;
  contentType: string;
}

/** Rejects if the stream fails or is cancelled. */
export async function receive(response: Response): Promise<ReceivedBody> {
  const contentType = response.headers.get("content-type") ?? "";
  const body: ReceivedBody = { text: null, file: null, bytes: 0, cut: false, ended: true, contentType };
  const asText = isText(contentType);
  const decoder = new TextDecoder();
  const texts: string[] = [];
  const parts: BlobPart[] = [];
  let left = KEPT_BYTES;
  const stream = response.body?.getReader();
  while (stream) {
    const { done, value } = await stream.read();
    if (done) break;
    body.bytes += value.byteLength;
    if (left > 0) {
      const kept = value.subarray(0, left);
      left -= kept.byteLength;
      // Decoded as it arrives: decoding all at once would block the page.
      if (asText) texts.push(decoder.decode(kept, { stream: true }));
      else parts.push(kept.slice());
    }
    if (body.bytes > MOST_BYTES) {
      body.ended = false;
      await stream.cancel();
      break;
    }
  }
  body.cut = !body.ended || body.bytes > KEPT_BYTES;
  if (asText) {
    if (!body.cut) texts.push(decoder.decode());
    // Joining copies the text, and what follows cuts it into lines: each is a task of its own.
    if (body.bytes > JOINED_BYTES) await pause();
    body.text = texts.join("");
    if (body.bytes > JOINED_BYTES) await pause();
  } else body.file = new Blob(parts, { type: contentType });
  return body;
}

/** A remark for the person: empty, cut, no text, not valid. Empty if there is nothing to say. */
export function remark(body: ReceivedBody): string {
  if (body.bytes === 0) return "The body is empty.";
  const { contentType, text } = body;
  if (text === null) return `${contentType}: ${size(body.bytes)}, not shown as text.`;
  if (body.cut) {
    const whole = body.ended
      ? `${count(body.bytes)} bytes`
      : `more than ${count(body.bytes)} bytes; receiving stopped there`;
    return `Cut: the first ${count(KEPT_BYTES)} of ${whole}.`;
  }
  if (isJsonType(contentType) && text.length <= FORMATTED_CHARACTERS && jsonProblem(text) !== "") {
    return "The Content-Type says JSON, but the body is not valid JSON.";
  }
  return "";
}

/** Whether a body can be indented as JSON. */
export function isFormattable(body: ReceivedBody): boolean {
  return isJsonType(body.contentType) && body.text !== null && /^\s*[[{"\d\-tfn]/.test(body.text.slice(0, 1_000));
}

/** Why a body is not valid JSON. Empty if it is valid or empty. */
export function jsonProblem(text: string): string {
  if (text.trim() === "") return "";
  try {
    JSON.parse(text);
    return "";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function isJsonType(contentType: string): boolean {
  return /json/i.test(contentType);
}

function isText(contentType: string): boolean {
  return contentType === "" || /^text\/|json|xml|javascript|x-www-form-urlencoded/i.test(contentType);
}

/** More than this is counted and not kept. */
export const KEPT_BYTES = 64_000_000;
/** A longer text is shown as it is, and formatted only if asked for. */
export const FORMATTED_CHARACTERS = 1_000_000;
/** A longer text is not parsed in the page: `JSON.parse` cannot be interrupted. */
export const PARSED_CHARACTERS = 8_000_000;
/** Joining fewer takes no time that a person notices. */
const JOINED_BYTES = 4_000_000;
/** Stops an endless reply. */
const MOST_BYTES = 1_000_000_000;
