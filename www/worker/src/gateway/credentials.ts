/** What the gateway presents to an instance, and where it gets it from. */

export type { BackgroundWork } from "../broker/credential-memory.ts";

/** A credential of a tenant, as the header that carries it. */
export interface PresentedCredential {
  readonly name: "authorization" | "x-sn-apikey";
  readonly value: string;
}

/** The credentials of one tenant, for one incoming request. */
export interface CredentialSource {
  /** The credential, while this isolate may use it. */
  held(): PresentedCredential | undefined;
  /** The instance has answered a request with it. */
  accepted?(credential: PresentedCredential): void;
  /** Another one than `refused`. Rejects with an error that `failure-reply.ts` can word. */
  obtain(refused?: PresentedCredential): Promise<PresentedCredential>;
}

/** The part of the value that is secret: without the scheme of `Authorization`. */
export function secretOf({ name, value }: PresentedCredential): string {
  return name === "authorization" ? value.slice(value.indexOf(" ") + 1) : value;
}
