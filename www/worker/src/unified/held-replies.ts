/**
 * The memory of replies that are converted. Text becomes rows, objects and text again, several times its length, and an isolate has 128 MB for
 * everything (Cloudflare's documentation, "Workers", "Limits").
 */

/** Of all replies that one isolate converts at a time. */
const MOST_HELD_BYTES = 12 * 1024 * 1024;
/** Of one tenant's, so that no tenant takes the memory of the others. */
const MOST_HELD_BYTES_OF_ONE = 8 * 1024 * 1024;

/** A reply ends with it where the isolate holds as much as it may. */
export class MemoryFull extends Error {
  override readonly name = "MemoryFull";
}

/** The replies that one isolate holds. */
export class HeldReplies {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #heldOf = new Map<string, number>();
  #held = 0;

  constructor(most = MOST_HELD_BYTES, mostOfOne = MOST_HELD_BYTES_OF_ONE) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  get bytes(): number {
    return this.#held;
  }

  /** Those of one call, from their first byte until the call is answered. */
  call(tenant: string): HeldByCall {
    let own = 0;
    const add = (bytes: number) => {
      own += bytes;
      this.#held += bytes;
      const held = (this.#heldOf.get(tenant) ?? 0) + bytes;
      if (held > 0) this.#heldOf.set(tenant, held);
      else this.#heldOf.delete(tenant);
      return this.#held <= this.#most && held <= this.#mostOfOne;
    };
    return {
      counted: (body) =>
        body.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(chunk, controller) {
              if (add(chunk.byteLength)) controller.enqueue(chunk);
              else controller.error(new MemoryFull("the worker converts as many replies as its memory allows"));
            },
          }),
        ),
      release: () => void add(-own),
    };
  }
}

/** The share of one call. */
export interface HeldByCall {
  /** The body, which fails with `MemoryFull` where it does not fit. */
  counted(body: ReadableStream): ReadableStream;
  /** Once, when nothing of the call is read any more. */
  release(): void;
}
