/** The Durable Object of `sharedTokens`: a store and a lock for every isolate that has its binding. For Workers only. */
import { DurableObject } from "cloudflare:workers";
import type { ObtainedToken, RenewalReport, TokenAnswer, TokenRequest } from "sysparm/durable-object";
import type { TokenRoom } from "../stores/shared-tokens.js";
import { LockQueues } from "./lock-queues.js";
import { SealedStorage } from "./sealed-storage.js";
import { Sealing, SealingError } from "./sealing.js";
import type { TokenRenewal } from "./token-renewal.js";

export { Sealing, SealingError } from "./sealing.js";

/** Bind it as a class of your worker: `export { SharedTokens } from "sysparm/durable-object"`. */
export class SharedTokens<Env = unknown> extends DurableObject<Env> implements TokenRoom {
  readonly #locks = new LockQueues();
  #sealed: SealedStorage | undefined;
  #renewal: TokenRenewal | undefined;

  async read(name: string): Promise<string | undefined> {
    return this.#storage.get(name);
  }

  async write(name: string, text: string): Promise<void> {
    await this.#storage.put(name, text);
  }

  async acquire(name: string): Promise<string> {
    return this.#locks.acquire(name);
  }

  async confirm(name: string, word: string): Promise<boolean> {
    return this.#locks.confirm(name, word);
  }

  async release(name: string, word: string): Promise<void> {
    this.#locks.release(name, word);
  }

  /** Called by the platform. */
  async alarm(invocation?: { readonly retryCount: number }): Promise<void> {
    await (await this.#tokens()).alarm(invocation?.retryCount ?? 0);
  }

  async pause(): Promise<void> {
    await (await this.#tokens()).change("paused");
  }

  async resume(): Promise<void> {
    await (await this.#tokens()).change("resumed");
  }

  /** Seals the stored tokens with the first key of SEALING_KEYS, so that the others can be removed. Returns why it cannot, or null. */
  async resealTokens(): Promise<string | null> {
    try {
      await (await this.#tokens()).reseal();
      return null;
    } catch (error) {
      if (error instanceof SealingError) return error.message;
      throw error;
    }
  }

  async renewalReport(): Promise<RenewalReport> {
    return (await this.#tokens()).report();
  }

  /** The keys of the binding SEALING_KEYS; without it nothing is sealed. */
  protected sealing(): Sealing | undefined {
    const keys = (this.env as { SEALING_KEYS?: unknown } | undefined)?.SEALING_KEYS;
    return typeof keys === "string" && keys !== "" ? Sealing.fromText(keys) : undefined;
  }

  /** Overridden by subclasses that obtain tokens. */
  protected obtain(_request: TokenRequest): Promise<ObtainedToken> {
    return Promise.reject(new Error("This class obtains no tokens. Override obtain()."));
  }

  /** Overridden by subclasses that report it. */
  protected stateChanged(_state: RenewalReport["state"]): void {}

  protected async token(asked: { credentialVersion: number; refused?: string | undefined }): Promise<TokenAnswer> {
    return (await this.#tokens()).ask(asked);
  }

  protected async used(): Promise<void> {
    await (await this.#tokens()).used();
  }

  protected async clear(): Promise<void> {
    const renewal = this.#renewal;
    this.#renewal = undefined;
    await renewal?.end();
    // Not with everything else before the compatibility date 2026-02-24.
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Made by the first use: invalid keys must not keep the locks from working. */
  get #storage(): SealedStorage {
    this.#sealed ??= new SealedStorage(this.ctx.storage, this.sealing(), `${this.ctx.id}`);
    return this.#sealed;
  }

  /** A file of its own: an object that is a store and a lock does not need it. */
  async #tokens(): Promise<TokenRenewal> {
    const { TokenRenewal } = await import("./token-renewal.js");
    this.#renewal ??= new TokenRenewal(this.#storage, {
      obtain: (request) => this.obtain(request),
      stateChanged: (state) => this.stateChanged(state),
    });
    return this.#renewal;
  }
}
