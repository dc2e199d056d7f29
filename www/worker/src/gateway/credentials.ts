/** What the gateway presents to an instance, and where it gets it from. */

import type { Keepers, TokenMemory } from "../broker/token-source.ts";

/** What a request may go on with after its reply. */
export interface BackgroundWork {
  waitUntil(work: Promise<unknown>): void;
}

/** A credential of a tenant, as the header that carries it. */
export interface PresentedCredential {
  readonly name: "authorization" | "x-sn-apikey";
  readonly value: string;
}

/** The credentials of one tenant, for one incoming request. */
export interface CredentialSource {
  /** The credential, while this isolate may use it. */
  held(): PresentedCredential | undefined;
  /** Another one than `refused`. Rejects with an error that `failure-reply.ts` can word. */
  obtain(refused?: PresentedCredential): Promise<PresentedCredential>;
}

/** The part of the value that is secret: without the scheme of `Authorization`. */
export function secretOf({ name, value }: PresentedCredential): string {
  return name === "authorization" ? value.slice(value.indexOf(" ") + 1) : value;
}

/** The token of the plain bindings' tenant. */
export function credentialsOf(memory: TokenMemory, keepers: Keepers): CredentialSource {
  const source = memory.source(keepers);
  const presented = (token: string): PresentedCredential => ({ name: "authorization", value: `Bearer ${token}` });
  return {
    held() {
      const held = memory.held();
      return held && { name: "authorization", value: held.authorization };
    },
    async obtain(refused) {
      const { token } = await source(refused && secretOf(refused));
      return presented(token);
    },
  };
}
