/** For Cloudflare Workers: `export { SharedTokens } from "sysparm/durable-object"`, bound as a Durable Object. */
import { DurableObject } from "cloudflare:workers";
import type { Diagnosis, Store } from "./index.js";
import type { TokenRoom } from "./stores.js";

/** Why a text cannot be sealed or opened. No message holds a key or a content. */
export class SealingError extends Error {
  readonly name: "SealingError";
  /** The id of the key that the text or the list of keys names, where it names one. */
  readonly keyId?: string;
}

/**
 * Seals texts before they are stored: AES-GCM with 256 bit keys that no script can read out, and a random IV of 96 bits for each text. A
 * sealed text, `sealed:1:<key id>:<base64>`, names its key. To rotate keys, put a new one first; remove the old one when nothing is sealed
 * with it any more. One key is good for 2^32 texts (NIST SP 800-38D section 8.3).
 */
export class Sealing {
  private constructor();
  /**
   * Keys from one text, `k2:<base64 of 32 bytes>,k1:<...>`, 1 to 16 of them: the first seals, each opens. `openssl rand -base64 32` makes one.
   * @throws SealingError that names the position, never the key
   */
  static fromText(text: string): Sealing;
  /** Whether a text was sealed, by this version or a later one. */
  static isSealed(text: string): boolean;
  /** Seals with the first key. `context` says where the text belongs, such as a name: it is authenticated, not stored. */
  seal(plain: string, context: string): Promise<string>;
  /** @throws SealingError for a text of another form, of a key that is not here, from another context, or changed since */
  open(sealed: string, context: string): Promise<string>;
  /** The text sealed with the first key, and whether an older key had sealed it. @throws SealingError as `open()` */
  reseal(sealed: string, context: string): Promise<{ text: string; wasOlder: boolean }>;
}

/** What `obtain()` is asked for. */
export interface TokenRequest {
  /** The newest version of the credential that a caller has named, or the one that the last token was obtained with. */
  readonly credentialVersion: number;
  /**
   * The `store` for `connect()`: this object's storage, of one version of the credential. It keeps refresh tokens, and hands out no access
   * token that is to be replaced. What no key opens counts as absent: `resealTokens()` says before whether that would lose a refresh token.
   */
  store(credentialVersion: number): Store;
}

/** What `obtain()` resolves to: a token, or the error of `connect()` or `token()`, each with the version of the credential that was sent. */
export type ObtainedToken =
  | { readonly credentialVersion: number; readonly token: string; readonly expiresAt: number | null }
  | { readonly credentialVersion: number; readonly error: unknown };

/** Why there is no token, as data: errors lose their class in remote calls. */
export interface FailureReport {
  readonly message: string;
  readonly diagnosis?: Diagnosis;
}

/** What `token()` resolves to. Times are milliseconds since 1970, null where they never come. */
export type TokenAnswer =
  | {
      readonly token: string;
      /** Of the credential that the token was obtained with: it may be newer than the one that was asked for. */
      readonly credentialVersion: number;
      readonly expiresAt: number | null;
      /** The token is presented until then: 30 s before it expires, less for a token that lives less than six minutes. */
      readonly usableUntil: number | null;
      /** From then on another one is asked for: 60 s before it expires, or less. */
      readonly askAgainAt: number | null;
      /** From then on a use is reported by `used()`: 5 min before it expires, or less. */
      readonly reportFrom: number | null;
    }
  /** `isPaused`: by `pause()`. `until`: when the next request for a token may be made; null when a person must act before. */
  | { readonly failure: FailureReport; readonly isPaused: boolean; readonly until: number | null };

/** The state of the renewal, for operators. No secret is in it. */
export interface RenewalReport {
  /** "needs-attention": the instance refused the credential. Until it changes or `resume()` is called, it is sent once in six hours at most. */
  readonly state: "active" | "paused" | "needs-attention";
  readonly credentialVersion: number;
  /** Of the token held; null without one. */
  readonly expiresAt: number | null;
  /** Requests that failed in a row. */
  readonly failures: number;
  /** No token is requested before. */
  readonly pausedUntil: number;
  /** Of the last request, if it failed. */
  readonly failure: FailureReport | null;
}

/**
 * A store and a lock for every isolate that has its binding; see `sharedTokens` in `sysparm/stores`. A class, because the types that
 * `wrangler types` writes name it as one: `DurableObjectNamespace<import("./src/index").SharedTokens>`.
 *
 * With the binding SEALING_KEYS, which `Sealing.fromText()` reads, texts are sealed before they are stored. What was stored without it stays
 * readable, and is sealed when it is next written. What another key than the first has sealed is sealed again when it is read.
 *
 * A subclass that overrides `obtain()` holds the token of one credential for a whole deployment: one request for a token at a time, stored
 * before it is handed out, renewed by an alarm 180 to 60 s before it expires while it is used, and growing pauses after failures, up to 5 min.
 * Whatever has the binding can call every method, the protected ones too: give it to no worker that must not have the token.
 */
export class SharedTokens<Env = unknown> extends DurableObject<Env> implements TokenRoom {
  read: TokenRoom["read"];
  write: TokenRoom["write"];
  acquire: TokenRoom["acquire"];
  confirm: NonNullable<TokenRoom["confirm"]>;
  release: TokenRoom["release"];
  /** Called by the platform. */
  alarm(invocation?: { readonly retryCount: number }): Promise<void>;
  /** No token is handed out until `resume()`. */
  pause(): Promise<void>;
  /** Ends the pause of an operator, and those after failures. */
  resume(): Promise<void>;
  /** The state of the renewal. Makes no request. */
  renewalReport(): Promise<RenewalReport>;
  /** Seals the stored tokens with the first key, so that the other keys can be removed. Resolves to why it cannot, or to null. */
  resealTokens(): Promise<string | null>;
  /** The keys: those of the binding SEALING_KEYS, unless a subclass has others. Without any nothing is sealed. */
  protected sealing(): Sealing | undefined;
  /** Obtains a token. Called for one token at a time. */
  protected obtain(request: TokenRequest): Promise<ObtainedToken>;
  /** The state has changed. Does nothing unless a subclass overrides it. */
  protected stateChanged(state: RenewalReport["state"]): void;
  /**
   * The token. A caller that was refused one passes it: it is renewed if it is still the newest, the first time at once, further times in
   * pauses of 5 s to 15 min. A higher version of the credential than before drops the token and ends every pause but an operator's.
   */
  protected token(asked: { credentialVersion: number; refused?: string | undefined }): Promise<TokenAnswer>;
  /** Removes everything that is stored, and the alarm. A request under way still answers, and stores nothing. */
  protected clear(): Promise<void>;
  /** The token is in use: sets the alarm that renews it. Nothing happens before `reportFrom`; from then on once for each token is enough. */
  protected used(): Promise<void>;
}
