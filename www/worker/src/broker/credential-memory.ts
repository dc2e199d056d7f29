/**
 * What an isolate remembers of one tenant's credential, so that most requests ask nobody. Only plain data is kept: promises and streams of one
 * request must not be used by another. The broker answers questions of many isolates at once with one request to the instance.
 */

import { within } from "../time-limit.ts";
import type {
  Brokers,
  Credential,
  CredentialAnswer,
  CredentialBinding,
  CredentialQuestion,
  FailureReport,
} from "./rpc.ts";

/** Whose credential it is. */
export interface CredentialOwner extends CredentialBinding {
  /** Null for the tenant of the plain bindings. */
  readonly id: string | null;
  /** The name of its broker. */
  readonly broker: string;
}

/** What a request may go on with after its reply. */
export interface BackgroundWork {
  waitUntil(work: Promise<unknown>): void;
}

/** The credentials of one request. */
export interface RequestCredentials {
  /** While this isolate may use it. */
  held(): Credential | undefined;
  /** The instance has answered a request with it. */
  accepted(credential: { readonly value: string }): void;
  /** From the broker: another one than `refused`. Rejects with a TokenFailure, TenantChanged or BrokerUnavailable. */
  obtain(refused?: { readonly value: string }): Promise<Credential>;
}

/** A credential, and the part of it that a refusal names: the token, or the whole value. */
interface HeldCredential extends Credential {
  readonly token: string;
  readonly obtainedAt: number;
}

/** The broker's failure. The package sets it as `cause` of the error that it throws. */
export class TokenFailure extends Error {
  override readonly name = "TokenFailure";
  readonly report: FailureReport;

  constructor(report: FailureReport) {
    super(report.message);
    this.report = report;
  }
}

/** The broker's credential is for another instance or version than this isolate knows. The registry has to be asked again. */
export class TenantChanged extends Error {
  override readonly name = "TenantChanged";

  constructor() {
    super("The tenant has been changed. Send the request again.");
  }
}

/** The broker did not answer, or not in time. */
export class BrokerUnavailable extends Error {
  override readonly name = "BrokerUnavailable";

  constructor() {
    super("The broker of the tenant's credential did not answer. Send the request again in a second.");
  }
}

/** A question that was not answered by then has got lost with its request. */
const LONGEST_QUESTION_MS = 30_000;

/** Longer than the 15 s of a token request. */
const LONGEST_ANSWER_MS = 20_000;

const NEVER = Number.POSITIVE_INFINITY;
const BEARER = "Bearer ";

export class CredentialMemory {
  readonly #owner: CredentialOwner;
  #held: HeldCredential | undefined;
  #usableUntil = 0;
  /** When the broker is to be asked, or a use to be reported, so that a request compares one number. */
  #attendAt = NEVER;
  #wasAccepted = false;

  constructor(owner: CredentialOwner) {
    this.#owner = owner;
  }

  /** The credential while it may be sent. */
  held(now: number): Credential | undefined {
    return now < this.#usableUntil ? this.#held : undefined;
  }

  /** For one request, whose stubs and background work it uses. */
  for(brokers: Brokers, background: BackgroundWork): RequestCredentials {
    return {
      held: () => {
        const now = Date.now();
        const held = this.held(now);
        if (held) this.#attend(brokers, background, now);
        return held;
      },
      accepted: ({ value }) => {
        this.#wasAccepted ||= this.#held?.value === value;
      },
      obtain: async (refused) => {
        const token = refused && tokenOf(refused.value);
        const held = token === undefined ? undefined : this.#otherThan(token);
        return held ?? this.credential(brokers, token);
      },
    };
  }

  /** Where a request uses what is held: reports the use, and asks for another credential before this one ends. Waits for nothing. */
  #attend(brokers: Brokers, background: BackgroundWork, now: number): void {
    if (now < this.#attendAt) return;
    const askAgainAt = this.#held?.askAgainAt ?? NEVER;
    if (now >= askAgainAt) {
      this.#attendAt = now + LONGEST_QUESTION_MS;
      background.waitUntil(this.credential(brokers).catch(noop));
    } else {
      this.#attendAt = askAgainAt;
      background.waitUntil(brokers.getByName(this.#owner.broker).inUse().catch(noop));
    }
  }

  /** The credential from the broker; a refused one is not remembered. @throws TokenFailure, TenantChanged or BrokerUnavailable */
  async credential(brokers: Brokers, refused?: string): Promise<Credential> {
    const held = this.#held?.token === refused ? this.#held : undefined;
    const proof = held && this.#wasAccepted ? { acceptedSince: held.obtainedAt } : {};
    if (held) this.#forget();
    const answer = await this.#ask(brokers, { refused, ...proof });
    if ("failure" in answer) throw new TokenFailure(answer.failure);
    if (!this.#isOwn(answer)) throw new TenantChanged();
    this.#remember({ ...answer, token: tokenOf(answer.value), obtainedAt: Date.now() });
    return answer;
  }

  /** Another request may have obtained a newer one meanwhile. */
  #otherThan(token: string): Credential | undefined {
    return this.#held?.token === token ? undefined : this.held(Date.now());
  }

  async #ask(
    brokers: Brokers,
    refusal: Pick<CredentialQuestion, "refused" | "acceptedSince">,
  ): Promise<CredentialAnswer> {
    const { id: tenant, credentialVersion } = this.#owner;
    const question = { tenant, credentialVersion, ...refusal };
    return within(LONGEST_ANSWER_MS, () => this.#answer(brokers, question)).catch(() => {
      throw new BrokerUnavailable();
    });
  }

  async #answer(brokers: Brokers, question: CredentialQuestion): Promise<CredentialAnswer> {
    const { broker } = this.#owner;
    try {
      return await brokers.getByName(broker).credential(question);
    } catch (error) {
      // A reset object answers a new stub. More questions would not help one with too many.
      // https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded) throw error;
      return brokers.getByName(broker).credential(question);
    }
  }

  /** An isolate may know the tenant as it was before: then neither its address nor its policies belong to the credential. */
  #isOwn({ instanceUrl, credentialVersion }: CredentialBinding): boolean {
    const { id, ...own } = this.#owner;
    // The plain bindings have no version.
    return instanceUrl === own.instanceUrl && (id === null || credentialVersion === own.credentialVersion);
  }

  #remember(held: HeldCredential): void {
    // The same one again: the broker could obtain no other, and is asked again when that is due.
    if (this.#held?.value !== held.value) {
      this.#wasAccepted = false;
      this.#attendAt = Math.min(held.reportFrom ?? NEVER, held.askAgainAt ?? NEVER);
    }
    this.#held = held;
    this.#usableUntil = held.usableUntil ?? NEVER;
  }

  #forget(): void {
    this.#held = undefined;
    this.#wasAccepted = false;
    this.#usableUntil = 0;
  }
}

function tokenOf(value: string): string {
  return value.startsWith(BEARER) ? value.slice(BEARER.length) : value;
}

function noop(): void {}
