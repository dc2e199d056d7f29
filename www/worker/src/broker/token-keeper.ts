/**
 * Obtains the tenant's token for all isolates and callers. Cloudflare runs one Durable Object of a name, so there is one token,
 * one renewal, and one pause after a refusal. Nothing is stored: when the object is evicted, the next call obtains another token.
 */

import { DurableObject } from "cloudflare:workers";
import type { Instance, KnownErrorCode } from "sysparm";
import type { Bindings } from "../bindings.ts";
import { readTenant } from "../tenants/from-bindings.ts";
import type { TokenReport } from "./token-source.ts";

/** Holds one instance for the lifetime of the object. All its requests share one I/O context, so they may share the instance. */
export class TokenKeeper extends DurableObject<Bindings> {
  #instance: Promise<Instance> | undefined;

  /** Returns a usable token. `refused` is one that the instance did not accept: if it is still held, it is renewed. */
  async token(refused?: string): Promise<TokenReport> {
    // A module of its own: most isolates pass requests through, and obtain no token.
    const { connect, SysparmError } = await import("sysparm");
    try {
      this.#instance ??= this.#open(connect);
      const instance = await this.#instance;
      const token = await instance.token(refused === undefined ? {} : { refused });
      return { token, expiresAt: instance.status().token.expiresAt ?? null };
    } catch (error) {
      // An instance that could not be opened, or whose core has ended, is opened again by the next call.
      if (!(error instanceof SysparmError) || error.code === ("instance.broken" satisfies KnownErrorCode))
        this.#instance = undefined;
      if (error instanceof SysparmError) return { failure: { message: error.message, diagnosis: error.diagnosis } };
      throw error;
    }
  }

  async #open(connect: typeof import("sysparm").connect): Promise<Instance> {
    const { instanceUrl, clientId, clientSecret } = readTenant({ ...this.env });
    const auth = { grant: "client_credentials", clientId, clientSecret } as const;
    // The worker's caller waits, and decides about retries: a failure is reported at once.
    return connect({ url: instanceUrl, auth, pace: { attempts: 1 } });
  }
}
