/**
 * The body of a request. It streams, unless it is short (then it can be sent again after a 401) or a policy has to see it. What is held in
 * memory is bounded for a body and for all bodies of the isolate, which has 128 MB (Cloudflare's documentation, "Workers", "Limits").
 */

import { LONGEST_EXAMINED_BODY } from "../policy/policy.ts";

/** Read whole, so that a refused token costs the caller nothing. */
export const SHORT_BODY_BYTES = 64 * 1024;
/** The longest body of the free and Pro plans of Cloudflare ("Limits", "Request and response limits"). */
export const LONGEST_BODY_BYTES = 100 * 1000 * 1000;
/** Of all bodies at a time. A quarter of the isolate's memory. */
const MOST_HELD_BYTES = 32 * 1024 * 1024;
/** Of one tenant's bodies, so that no tenant takes the memory of the others. */
const MOST_HELD_BYTES_OF_ONE = 8 * 1024 * 1024;

/** For reading a body whole: one that stalls would hold its share of the memory. 1 MiB takes less at 300 kbit/s. */
export const LONGEST_READING_MS = 30_000;

/** `whole`: read to its end. A stream is read once, so it cannot be sent again. */
export interface RequestBody {
  readonly content: Uint8Array<ArrayBuffer> | ReadableStream | null;
  readonly whole: boolean;
  /** Whether a streamed body turned out to be longer than `LONGEST_BODY_BYTES`. */
  isTooLong(): boolean;
  /** Gives back its share of the memory. */
  release(): void;
}

/** Why a body does not pass. */
export type BodyProblem = "too-long" | "too-long-to-see" | "memory" | "cut" | "slow";

const NOT_TOO_LONG = () => false;
const NOTHING_HELD = () => {};

export const NO_BODY: RequestBody = { content: null, whole: true, isTooLong: NOT_TOO_LONG, release: NOTHING_HELD };

/** The bodies that one isolate holds. */
export class HeldBodies {
  #held = 0;
  readonly #heldOf = new Map<string, number>();
  readonly #longestMs: number;

  constructor(longestMs = LONGEST_READING_MS) {
    this.#longestMs = longestMs;
  }

  get bytes(): number {
    return this.#held;
  }

  /** Reads or passes a body. `mustSee`: a policy decides by what it says. */
  async take(request: Request, mustSee: boolean, tenant: string): Promise<RequestBody | BodyProblem> {
    const stream = request.body;
    if (stream === null) return NO_BODY;
    const announced = lengthOf(request.headers);
    const objection = objectionToLength(announced, mustSee);
    if (objection) return objection;
    const isShort = announced !== undefined && announced <= SHORT_BODY_BYTES;
    if (!mustSee && !isShort) return announced === undefined ? counted(stream) : streamed(stream);
    const most = announced ?? LONGEST_EXAMINED_BODY;
    // A long body needs no memory unless it must be seen.
    const isFull = this.#held + most > MOST_HELD_BYTES || this.#of(tenant) + most > MOST_HELD_BYTES_OF_ONE;
    if (isFull) return mustSee ? "memory" : streamed(stream);
    return this.#read(stream, most, tenant);
  }

  #of(tenant: string): number {
    return this.#heldOf.get(tenant) ?? 0;
  }

  #add(tenant: string, bytes: number): void {
    this.#held += bytes;
    const held = this.#of(tenant) + bytes;
    if (held > 0) this.#heldOf.set(tenant, held);
    else this.#heldOf.delete(tenant);
  }

  async #read(stream: ReadableStream, most: number, tenant: string): Promise<RequestBody | BodyProblem> {
    this.#add(tenant, most);
    let isReleased = false;
    const release = () => {
      if (!isReleased) this.#add(tenant, -most);
      isReleased = true;
    };
    const content = await readWhole(stream, most, this.#longestMs);
    if (typeof content === "string") {
      release();
      return content;
    }
    return { content, whole: true, isTooLong: NOT_TOO_LONG, release };
  }
}

/** Why a body of an announced length is not read. `mustSee`: a policy decides by what it says. */
export function objectionToLength(
  announced: number | undefined,
  mustSee: boolean,
): "too-long" | "too-long-to-see" | undefined {
  if (announced === undefined) return undefined;
  if (announced > LONGEST_BODY_BYTES) return "too-long";
  return mustSee && announced > LONGEST_EXAMINED_BODY ? "too-long-to-see" : undefined;
}

/** `Content-Length`, if it is a number: the runtime has refused a request with two different ones. */
export function lengthOf(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function readWhole(
  stream: ReadableStream,
  most: number,
  longestMs: number,
): Promise<Uint8Array<ArrayBuffer> | "too-long-to-see" | "cut" | "slow"> {
  const reader: Reader = stream.getReader();
  let isSlow = false;
  // The pending read ends then.
  const limit = setTimeout(() => {
    isSlow = true;
    void reader.cancel().catch(() => {});
  }, longestMs);
  try {
    const content = await readPieces(reader, most);
    return isSlow ? "slow" : content;
  } catch {
    return isSlow ? "slow" : "cut";
  } finally {
    clearTimeout(limit);
  }
}

async function readPieces(reader: Reader, most: number): Promise<Uint8Array<ArrayBuffer> | "too-long-to-see"> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    if (length > most) {
      void reader.cancel().catch(() => {});
      return "too-long-to-see";
    }
    pieces.push(part.value);
  }
  if (pieces.length === 1 && pieces[0]) return pieces[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

function streamed(stream: ReadableStream): RequestBody {
  return { content: stream, whole: false, isTooLong: NOT_TOO_LONG, release: NOTHING_HELD };
}

/** A body without a `Content-Length`. It ends with an error at the limit, so that the instance gets no complete request. */
function counted(stream: ReadableStream<Uint8Array>): RequestBody {
  let length = 0;
  let isTooLong = false;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.byteLength;
      isTooLong ||= length > LONGEST_BODY_BYTES;
      if (isTooLong) controller.error(new RangeError("the body is longer than 100 MB"));
      else controller.enqueue(chunk);
    },
  });
  return { content: stream.pipeThrough(counter), whole: false, isTooLong: () => isTooLong, release: NOTHING_HELD };
}
