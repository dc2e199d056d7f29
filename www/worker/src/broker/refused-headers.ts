/** Hands out the password or API key of a tenant, and remembers that the instance has refused it. */

import type { AttentionReport } from "../tenants/registry-rpc.ts";
import { headerOf, refusedAnswer } from "./answers.ts";
import type { KnownCredential } from "./credential-source.ts";
import {
  afterRefusal,
  type HeaderRefusals,
  handedOut,
  isOver,
  isPaused,
  needsPerson,
  waitForFirstMs,
} from "./header-refusals.ts";
import type { CredentialAnswer, CredentialQuestion } from "./rpc.ts";

/** A report without its time, which the broker adds. */
export type Attention = Omit<AttentionReport, "since">;

/** What the object does for it. */
export interface RefusalStore {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  remove(): Promise<void>;
  /** Null where nobody needs to act any more. Waits for nothing. */
  report(attention: Attention | null): void;
}

/** What a question says of the credential. */
type Refusal = Pick<CredentialQuestion, "refused" | "acceptedSince">;

/** Of one broker. */
export class RefusedHeaders {
  readonly #store: RefusalStore;
  /** Null where there are none; undefined before the storage was read. */
  #refusals: HeaderRefusals | null | undefined;

  constructor(store: RefusalStore) {
    this.#store = store;
  }

  /** The header, unless the instance has refused it lately. */
  async answer(known: KnownCredential, asked: Refusal, now: number): Promise<CredentialAnswer> {
    const { auth, url: instanceUrl, version } = known;
    const header = headerOf(auth);
    await this.#note(asked.refused === header.value, known, asked.acceptedSince, now);
    const refusals = this.#refusals;
    if (refusals && isPaused(refusals, version, now))
      return refusedAnswer(refusals.until === null ? null : refusals.until - now);
    if (refusals?.credentialVersion === version) {
      const waitMs = waitForFirstMs(refusals, "password" in auth, now);
      if (waitMs > 0) return refusedAnswer(waitMs);
    }
    if (refusals) this.#refusals = handedOut(refusals, now);
    return { ...header, instanceUrl, credentialVersion: version };
  }

  /** An operator has resumed: it is sent again. */
  async forget(): Promise<void> {
    this.#refusals = null;
    await this.#store.remove();
  }

  async #note(isRefused: boolean, known: KnownCredential, acceptedSince: number | undefined, now: number) {
    const { auth, version } = known;
    const before = await this.#read();
    if (isRefused) {
      const refused = { credentialVersion: version, isPassword: "password" in auth, acceptedSince };
      const after = afterRefusal(before ?? undefined, refused, now);
      if (after === before) return;
      await this.#store.write(JSON.stringify(after));
      this.#refusals = after;
      const { message, diagnosis } = refusedAnswer(after.until).failure;
      if (needsPerson(after)) this.#store.report({ credentialVersion: version, code: diagnosis.code, message });
      else if (before && needsPerson(before)) this.#store.report(null);
    } else if (before && isOver(before, now)) {
      await this.forget();
      if (needsPerson(before)) this.#store.report(null);
    }
  }

  async #read(): Promise<HeaderRefusals | null> {
    if (this.#refusals !== undefined) return this.#refusals;
    const text = await this.#store.read();
    this.#refusals ??= text === undefined ? null : (JSON.parse(text) as HeaderRefusals);
    return this.#refusals;
  }
}
