/** Performs what `decideRenewal()` says for one credential. The state survives the object: it is stored, with the token, before anything is answered. */
import type { KnownErrorCode, Store } from "sysparm";
import type { FailureReport, ObtainedToken, RenewalReport, TokenAnswer, TokenRequest } from "sysparm/durable-object";
import { SysparmError } from "../errors/index.js";
import {
  decideRenewal,
  firstState,
  type RenewalEffect,
  type RenewalEvent,
  type RenewalState,
  restored,
} from "./renewal.js";
import { askAgainAt, reportFrom, usableUntil } from "./renewal-times.js";
import type { SealedStorage } from "./sealed-storage.js";
import type { SealingError } from "./sealing.js";

/** What a subclass adds. */
export interface RenewalHost {
  obtain(request: TokenRequest): Promise<ObtainedToken>;
  /** Must not throw. */
  stateChanged(state: RenewalReport["state"]): void;
}

const RECORD = "sysparm renewal";
const OBTAINED = "sysparm obtained ";
/** A token that ends that soon after the one before, and reads the same, is the same token. Lifetimes are whole seconds. */
const SAME_MS = 5_000;

const PAUSED: FailureReport = { message: "An operator has paused this credential. Resume it to obtain tokens" };
const UNKNOWN: FailureReport = { message: "No token was obtained, and no reason is known" };

interface StoredRecord {
  readonly version: 1;
  readonly state: RenewalState;
  readonly token: string | null;
  readonly failure: FailureReport | null;
}

interface Waiting {
  resolve(answer: TokenAnswer): void;
  reject(error: unknown): void;
}

type EndOfRequest = RenewalEvent & { readonly type: "renewed" | "failed" | "reread" };

/** The renewal of one credential. All requests of a Durable Object share one I/O context, so they may share its promises. */
export class TokenRenewal {
  readonly #stored: SealedStorage;
  readonly #host: RenewalHost;
  #state: RenewalState | undefined;
  #token: string | null = null;
  #failure: FailureReport | null = null;
  #loading: Promise<void> | undefined;
  #request: Promise<void> | undefined;
  #saved: Promise<void> = Promise.resolve();
  #waiting: Waiting[] = [];
  #isEnded = false;
  /** The stored texts that the last request was made with, by name. */
  readonly #sent = new Map<string, string | undefined>();

  constructor(stored: SealedStorage, host: RenewalHost) {
    this.#stored = stored;
    this.#host = host;
  }

  async ask(asked: { credentialVersion: number; refused?: string | undefined }): Promise<TokenAnswer> {
    const { credentialVersion, refused } = asked;
    await this.#load(credentialVersion);
    const isNewest = refused === this.#token;
    const answer = this.#take(
      refused === undefined ? { type: "asked", credentialVersion } : { type: "refused", credentialVersion, isNewest },
    );
    return answer ?? this.#answer({ type: "answer", with: "failure" });
  }

  async used(): Promise<void> {
    await this.#load(0);
    this.#take({ type: "used" });
    await this.#saved;
  }

  /** Ends when what it began has ended, so that the object lives as long. Failures set an alarm of their own and are not thrown. */
  async alarm(retryCount: number): Promise<void> {
    await this.#load(0);
    this.#take({ type: "alarm", retryCount });
    while (this.#state?.step !== "idle") await this.#request;
    await this.#saved;
  }

  /** Seals the stored tokens again with the first key. @throws SealingError where one does not open */
  async reseal(): Promise<void> {
    await this.#load(0);
    await this.#stored.reseal(OBTAINED);
  }

  async change(type: "paused" | "resumed"): Promise<void> {
    await this.#load(0);
    this.#take({ type });
    await this.#saved;
  }

  /** Nothing is stored any more. What is under way still answers. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#saved.catch(noop);
  }

  async report(): Promise<RenewalReport> {
    const { credentialVersion, token, failures, pausedUntil, needsAttention, isPaused } = await this.#load(0);
    const state = isPaused ? "paused" : needsAttention ? "needs-attention" : "active";
    return {
      state,
      credentialVersion,
      expiresAt: token?.expiresAt ?? null,
      failures,
      pausedUntil,
      failure: this.#failure,
    };
  }

  async #load(credentialVersion: number): Promise<RenewalState> {
    this.#loading ??= this.#read();
    try {
      await this.#loading;
    } catch (error) {
      // Keys that are missing now may be there at the next attempt.
      this.#loading = undefined;
      throw error;
    }
    this.#state ??= firstState(credentialVersion);
    return this.#state;
  }

  async #read(): Promise<void> {
    // Where its key is gone, a token costs one request, too.
    const text = await this.#stored.getIfReadable(RECORD);
    if (text === undefined) return;
    const record = JSON.parse(text) as StoredRecord;
    // What a later version wrote is not understood: a token costs one request.
    if (record.version !== 1) return;
    this.#state = restored(record.state);
    this.#token = record.token;
    this.#failure = record.failure;
  }

  /** Takes an event in, and performs the effects. Returns the answer to the caller. */
  #take(event: RenewalEvent): Promise<TokenAnswer> | undefined {
    const { state, effects } = decideRenewal(this.#state as RenewalState, event, Date.now(), Math.random());
    this.#state = state;
    const isForAll = event.type === "renewed" || event.type === "failed" || event.type === "reread";
    let answer: Promise<TokenAnswer> | undefined;
    for (const effect of effects) {
      switch (effect.type) {
        case "obtain":
          this.#request = this.#requestToken();
          break;
        case "reread":
          this.#request = this.#reread();
          break;
        case "wait":
          answer = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
          break;
        case "answer":
          if (isForAll) this.#answerAll(effect);
          else answer = this.#answer(effect);
          break;
        case "notify":
          this.#host.stateChanged(effect.state);
          break;
        default: {
          const change = this.#change(effect);
          if (change) this.#save(change);
        }
      }
    }
    return answer;
  }

  /** A change of the storage; undefined where the effect is none. */
  #change(effect: RenewalEffect): (() => Promise<unknown>) | undefined {
    const { storage } = this.#stored;
    switch (effect.type) {
      case "forget":
        this.#token = null;
        this.#failure = null;
        return async () => storage.delete([...(await storage.list({ prefix: OBTAINED })).keys()]);
      case "store": {
        const state = this.#state as RenewalState;
        const record: StoredRecord = { version: 1, state, token: this.#token, failure: this.#failure };
        return () => this.#stored.put(RECORD, JSON.stringify(record));
      }
      case "set-alarm":
        return () => storage.setAlarm(effect.at);
      case "delete-alarm":
        return () => storage.deleteAlarm();
      default:
        return undefined;
    }
  }

  /** Changes come to the storage in the order of their events. Only callers that wait for the last one get the reason of a failure. */
  #save(change: () => Promise<unknown>): void {
    if (this.#isEnded) return;
    this.#saved = this.#saved.catch(noop).then(change).then(noop);
    this.#saved.catch(noop);
  }

  async #answer(effect: RenewalEffect & { type: "answer" }): Promise<TokenAnswer> {
    await this.#saved;
    const { token: times, credentialVersion } = this.#state as RenewalState;
    if (effect.with === "paused") return { failure: PAUSED, isPaused: true, until: null };
    if (effect.with === "failure" || !times || this.#token === null) {
      const until = effect.with === "failure" ? effect.until : undefined;
      return { failure: this.#failure ?? UNKNOWN, isPaused: false, until: until ?? null };
    }
    return {
      token: this.#token,
      credentialVersion,
      expiresAt: times.expiresAt,
      usableUntil: finite(usableUntil(times)),
      askAgainAt: finite(askAgainAt(times)),
      reportFrom: finite(reportFrom(times)),
    };
  }

  #answerAll(effect: RenewalEffect & { type: "answer" }): void {
    const waiting = this.#waiting.splice(0);
    this.#answer(effect).then(
      (answer) => {
        for (const { resolve } of waiting) resolve(answer);
      },
      (error) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }

  async #requestToken(): Promise<void> {
    const { credentialVersion, token: before } = this.#state as RenewalState;
    const obtainedAt = Date.now();
    this.#sent.clear();
    let obtained: ObtainedToken;
    try {
      // What was to be forgotten must be gone before the store is read.
      await this.#saved;
      obtained = await this.#host.obtain({ credentialVersion, store: (version) => this.#storeOf(version) });
    } catch (error) {
      obtained = { credentialVersion, error };
    }
    this.#take(this.#ended(obtained, obtainedAt, before));
  }

  /** The event, after keeping what belongs to it. */
  #ended(obtained: ObtainedToken, obtainedAt: number, before: RenewalState["token"]): EndOfRequest {
    const { credentialVersion } = obtained;
    const isOutdated = credentialVersion < (this.#state?.credentialVersion ?? 0);
    if ("token" in obtained) {
      const { token, expiresAt } = obtained;
      const end = before?.expiresAt ?? null;
      const isSame = token === this.#token && expiresAt !== null && end !== null && expiresAt <= end + SAME_MS;
      if (!isOutdated) [this.#token, this.#failure] = [token, null];
      return { type: "renewed", credentialVersion, times: { obtainedAt, expiresAt, isSame } };
    }
    const { error } = obtained;
    if (!isOutdated) this.#failure = failureReport(error);
    const needsPerson = isCredentialRefused(error);
    if (!(error instanceof SysparmError)) return { type: "failed", credentialVersion, needsPerson };
    const { code, kind, retry } = error.diagnosis;
    // After a time limit the callers have waited long enough.
    const isUnanswered = kind === "network" && code !== ("network.timeout" satisfies KnownErrorCode);
    return { type: "failed", credentialVersion, needsPerson, isUnanswered, retryAfterMs: retry.afterMs };
  }

  /** A failure of the storage is no evidence of a newer token. */
  async #reread(): Promise<void> {
    const { credentialVersion } = this.#state as RenewalState;
    let isNewer = false;
    for (const [name, text] of this.#sent) {
      const now = await this.#stored.get(name).catch(() => text);
      isNewer ||= now !== undefined && now !== text;
    }
    this.#take({ type: "reread", credentialVersion, isNewer });
  }

  #storeOf(version: number): Store {
    const nameOf = (name: string) => `${OBTAINED}${version} ${name}`;
    return {
      get: async (name) => {
        const text = await this.#stored.getIfReadable(nameOf(name));
        this.#sent.set(nameOf(name), text);
        return text === undefined ? undefined : withoutToken(text, this.#token);
      },
      set: async (name, text) => {
        if (!this.#isEnded) await this.#stored.put(nameOf(name), text);
      },
    };
  }
}

/** Ends the access token of a stored text where it is the one to replace. Without this, `connect()` would go on with it. */
function withoutToken(text: string, token: string | null): string {
  const [version, at, expiresAt, access, ...rest] = text.split("\n");
  if (version !== "sysparm-tokens 1" || at === undefined || expiresAt === undefined || access !== token) return text;
  return [version, at, at, access, ...rest].join("\n");
}

function noop(): void {}

/** By name, so that this file needs no part of the other. */
function isSealingError(error: unknown): error is SealingError {
  return error instanceof Error && error.name === ("SealingError" satisfies SealingError["name"]);
}

/** Null where it never comes: infinity is no JSON. */
function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}

/** The words of an unknown error may repeat a secret. */
function failureReport(error: unknown): FailureReport {
  if (error instanceof SysparmError) return { message: error.message, diagnosis: error.diagnosis };
  if (isSealingError(error)) return { message: error.message };
  return { message: `No token was obtained (${error instanceof Error ? error.name : typeof error})` };
}

/** RFC 6749 section 5.2: 400 or 401. Without a status the options cannot work. A blocked address is no fault of the credential. */
function isCredentialRefused(error: unknown): boolean {
  if (!(error instanceof SysparmError)) return false;
  const { status, diagnosis } = error;
  const isFinal = diagnosis.retry.when === "never" || diagnosis.retry.when === "after-renewal";
  const isOfCredential = diagnosis.kind === "authentication" || diagnosis.kind === "request";
  return isFinal && isOfCredential && (status === undefined || status === 400 || status === 401);
}
