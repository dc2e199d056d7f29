/** The Durable Object of `sharedTokens`: a store and a lock for every isolate that has its binding. For Workers only. */
import { DurableObject } from "cloudflare:workers";
import type { TokenRoom } from "./shared-tokens.js";

/**
 * A holder that has not let go after this long has died. Two requests for a token take 30 s at most, and who waits gives up
 * after 35; a holder that is only slow loses nothing but the guarantee.
 */
const LEASE_MS = 32_000;

interface Holder {
  word: string;
  ends: ReturnType<typeof setTimeout>;
}

/** Bind it as a class of your worker: `export { SharedTokens } from "sysparm/durable-object"`. */
export class SharedTokens extends DurableObject implements TokenRoom {
  readonly #holders = new Map<string, Holder>();
  readonly #waiting = new Map<string, ((word: string) => void)[]>();

  async read(name: string): Promise<string | undefined> {
    return this.ctx.storage.get<string>(name);
  }

  async write(name: string, text: string): Promise<void> {
    await this.ctx.storage.put(name, text);
  }

  async acquire(name: string): Promise<string> {
    if (!this.#holders.has(name)) return this.#hold(name);
    return new Promise((resolve) => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]);
    });
  }

  async release(name: string, held: string): Promise<void> {
    const holder = this.#holders.get(name);
    if (holder?.word !== held) return;
    clearTimeout(holder.ends);
    this.#holders.delete(name);
    const [next, ...others] = this.#waiting.get(name) ?? [];
    if (others.length > 0) this.#waiting.set(name, others);
    else this.#waiting.delete(name);
    next?.(this.#hold(name));
  }

  #hold(name: string): string {
    const word = crypto.randomUUID();
    const ends = setTimeout(() => void this.release(name, word), LEASE_MS);
    this.#holders.set(name, { word, ends });
    return word;
  }
}
