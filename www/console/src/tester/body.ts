/** Receives a body of any size, keeps only its beginning, and decides how to show it. */
import { count, size } from "../number";
import { indentJson } from "./indent";

export interface ReceivedBody {
  /** The beginning, at most `KEPT_BYTES`. */
  kept: Uint8Array;
  /** Bytes received, after decompression. */
  bytes: number;
  /** False if receiving stopped before the end. Then the body is larger. */
  ended: boolean;
}

export interface ShownBody {
  text: string;
  /** A remark about the text: cut, not text, not valid. */
  note: string;
}

/** Rejects if the stream fails or is cancelled. */
export async function receive(response: Response): Promise<ReceivedBody> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let left = KEPT_BYTES;
  if (!response.body) return { kept: new Uint8Array(), bytes: 0, ended: true };
  const stream = response.body.getReader();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) return { kept: joined(parts), bytes, ended: true };
    bytes += value.byteLength;
    if (left > 0) {
      parts.push(value.subarray(0, left));
      left = Math.max(0, left - value.byteLength);
    }
    if (bytes > MOST_BYTES) {
      await stream.cancel();
      return { kept: joined(parts), bytes, ended: false };
    }
  }
}

export function present(body: ReceivedBody, contentType: string): ShownBody {
  const { kept, bytes, ended } = body;
  if (bytes === 0) return { text: "", note: "The body is empty." };
  if (!isText(contentType)) {
    return { text: "", note: `${contentType || "A body without Content-Type"}: ${size(bytes)}, not shown as text.` };
  }
  const raw = new TextDecoder().decode(kept);
  const cut = bytes > kept.byteLength || !ended;
  const text = /json/i.test(contentType) && looksLikeJson(raw) ? indentJson(raw) : raw;
  const notes: string[] = [];
  if (cut) {
    const whole = ended ? `${count(bytes)} bytes` : `more than ${count(bytes)} bytes; receiving stopped there`;
    notes.push(`Cut: the first ${count(kept.byteLength)} of ${whole}.`);
  } else if (/json/i.test(contentType) && !isJson(raw)) {
    notes.push("The Content-Type says JSON, but the body is not valid JSON.");
  }
  return { text, note: notes.join(" ") };
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

function isJson(text: string): boolean {
  return jsonProblem(text) === "";
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{"\d\-tfn]/.test(text);
}

function isText(contentType: string): boolean {
  return contentType === "" || /^text\/|json|xml|javascript|x-www-form-urlencoded/i.test(contentType);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** The most that a page can show without delay. */
export const KEPT_BYTES = 262_144;
/** Stops an endless reply. */
const MOST_BYTES = 1_000_000_000;
