/** Drives the core: polls, performs the effect that is due, and reports its result. The core decides. */

import type { Status, Store, TokenSource } from "sysparm";
import { SysparmError } from "../../errors/index.js";
import type { Answered, Asked, Fetcher, PendingCall } from "../../protocol/call.js";
import type { CallContext } from "../../protocol/call-context.js";
import { checkArgument, NUMBER } from "../../protocol/check-options.js";
import { Due, EffectEnd, ExpectedBody, FoundBody } from "../../protocol/codes.js";
import type { Failure } from "../../protocol/failure.js";
import { thrownError } from "../../protocol/thrown-text.js";
import { UNKNOWN_CODE, unknownCode } from "../../protocol/unknown-code.js";
import { credentialsOf } from "../../shared/caller-headers.js";
import { endAll, leaving, onAbandoned, wasClosed, watchStore, weakReference } from "../../shared/weak-references.js";
import { broken, coreError, invalid, throwingErrors, toError } from "../errors.js";
import { explainStatus, type InstanceFacts, replyFailure, type Unredacted } from "../explain.js";
import { type Client, core, headerLines } from "../wasm.js";
import { AbortControllers } from "./abort-controllers.js";
import { CLOSED_STATUS } from "./closed-status.js";
import { Events, type Listener } from "./events.js";
import { type CoreRequest, callerHeaders, coreRequest, FetchRequests, NO_REQUEST } from "./fetch-request.js";
import { contextsOf, PendingCalls } from "./pending-calls.js";
import { excerpt, expectsPage, onlyItem, type ReadReply, readReply, readText, readToken } from "./read-reply.js";
import { rejectedBy } from "./rejected-by.js";
import { SleepTimer } from "./sleep-timer.js";
import type { TokenEffects } from "./token-effects.js";
import { isRefused, isUnsent, mayHaveWritten, rejectedUnsent } from "./unsent.js";

/** Performs the effects of one client and settles its calls. */
export class Driver {
  readonly #client: Client;
  readonly #fetch: Fetcher;
  readonly #source: TokenSource | undefined;
  readonly #tokenEffects: TokenEffects;
  readonly events: Events;
  readonly #facts: InstanceFacts;
  readonly #controllers = new AbortControllers();
  readonly #requests: FetchRequests;
  #tokenCause: Unredacted<unknown> | undefined;
  readonly #contexts = contextsOf(this);
  readonly #calls = new PendingCalls(this.#contexts, (thrown) => this.#rejectAll(thrown));
  readonly #sleepTimer = this.#contexts ?? new SleepTimer(this);
  readonly #leave: () => void;
  #polling = false;
  #closed = false;
  #brokenBy: Error | undefined;

  constructor(
    client: Client,
    fetcher: Fetcher,
    source: TokenSource | undefined,
    tokenEffects: TokenEffects,
    listener: Listener | undefined,
    facts: InstanceFacts,
    store: Store | undefined,
  ) {
    this.#client = client;
    this.#requests = new FetchRequests(client.origin);
    this.#fetch = fetcher;
    this.#source = source;
    this.#tokenEffects = tokenEffects;
    this.events = new Events(listener, facts.release);
    this.#facts = facts;
    const self = weakReference(this);
    this.#leave = leaving(this.#sleepTimer, core.join(self), watchStore(store, client.key, self));
    onAbandoned(this, this.#leave);
  }

  /** `stream` is the number of the reading that a page belongs to; 0 for interactive calls. */
  request(asked: Asked, stream: number): Promise<Answered> {
    const { method, path, expect, init } = asked;
    const repeatable = !(init?.body instanceof ReadableStream);
    // Checked before a token is requested. All attempts use this copy.
    const headers = init?.headers && callerHeaders(init.headers);
    return this.#begin(headers ? { ...asked, init: { ...init, headers } } : asked, (now) => {
      const id = this.#client.start(method, path, expect, repeatable, stream, now);
      if (headers) for (const value of credentialsOf(headers)) this.#client.shows(id, value);
      return id;
    });
  }

  token(refused: string | undefined, signal: AbortSignal | undefined): Promise<Answered> {
    return this.#begin({ ...NO_REQUEST, signal }, (now) => this.#client.startToken(refused, now));
  }

  code(code: string, verifier: string): Promise<Answered> {
    return this.#begin(NO_REQUEST, (now) => this.#client.startCode(code, verifier, now));
  }

  signOut(revoke: boolean): Promise<Answered> {
    return this.#begin(NO_REQUEST, (now) => this.#client.startSignOut(revoke, now));
  }

  /** The failure of a reply that is contained in another one. */
  async explain(...reply: Parameters<CallContext["explainReply"]>): Promise<Failure> {
    if (this.#brokenBy) throw this.#brokenBy;
    return replyFailure(this.#client.secrets(0), ...reply);
  }

  /** Another context has changed the store. */
  storeChanged(): void {
    this.#call((now) => this.#client.storeChanged(now));
  }

  slept(effect: number): void {
    this.#call(() => this.#ended(effect, EffectEnd.slept));
  }

  /** What performed a call or an effect has ended. Returns the call, which has left the core. */
  lost(id: number): PendingCall | undefined {
    const call = this.#calls.lost(id);
    this.#controllers.end(id, false);
    this.#call(() => (call ? this.#client.abort(id) : this.#ended(id, EffectEnd.lost)));
    return call;
  }

  status(): Status {
    let status = CLOSED_STATUS;
    this.#unlessOver(() => {
      status = JSON.parse(this.#client.status());
    });
    return explainStatus({ ...status, ...this.events.limit() }, this.#facts.release);
  }

  /** Rejects all calls with what `reason` makes. Replies that arrive later are dropped. */
  close(reason: () => unknown): void {
    this.#end(reason);
  }

  /** The WebAssembly has trapped, perhaps in another instance. `unknown` makes the error of a write that was sent. */
  broke(error: Error, unknown = () => broken(error.cause, true)): void {
    this.#brokenBy = error;
    this.#end((call) => (mayHaveWritten(call) ? unknown() : error));
  }

  #end(reason: (call: PendingCall) => unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#tokenCause = undefined;
    wasClosed(this);
    for (const id of this.#calls.ids()) this.#calls.settle(id, (call) => call.reject(reason(call)));
    // Not left to the core's effects: if the caller's own `fetch` closes the instance, the running pump takes no more of them.
    const effects = [...this.#controllers.effects(), ...this.#tokenEffects.effects()];
    endAll([this.#leave, ...effects.map((effect) => () => this.#cancel(effect))]);
    // A running pump frees the core when it stops.
    if (!this.#polling) this.#client.free();
  }

  /** Calls into the core unless it was freed, and performs what is due. `by`: the call or effect that is running. */
  #call(run: (now: number) => void, by?: number): void {
    this.#unlessOver(() => run(Date.now()));
    this.#pump(by);
  }

  /** What the core throws in `run` rejects every call; a trap has already done so. */
  #unlessOver(run: () => void): void {
    if (this.#closed) return;
    try {
      run();
    } catch (thrown) {
      this.#rejectAll(thrown);
    }
  }

  /** An unknown exception: every call is rejected, because none would get an answer. */
  #rejectAll(thrown: unknown): void {
    if (this.#closed) return;
    const error = thrownError(thrown, coreError);
    if (!(error instanceof SysparmError)) throw error;
    const { message, diagnosis } = error;
    this.broke(error, () => toError({ message, diagnosis, unknownOutcome: true }));
  }

  #begin(asked: Asked, start: (now: number) => number): Promise<Answered> {
    return new Promise((resolve, reject) => {
      if (this.#brokenBy) throw this.#brokenBy;
      const { signal, cancellation } = asked;
      const ends = signal ?? cancellation;
      if (ends?.aborted) throw ends.reason;
      const id = throwingErrors(() => start(Date.now()));
      if (id === 0)
        throw invalid("request.method", "Invalid option `method`. Pass GET, HEAD, POST, PUT, PATCH or DELETE.");
      this.#calls.begin(id, asked, resolve, reject, (why, sent) => this.#endCall(id, this.events.abortedBy(why, sent)));
      this.#pump(id);
    });
  }

  #pump(by?: number): void {
    // A synchronous effect may call this again: the loop that is running takes what is due.
    if (this.#polling || this.#closed) return;
    this.#polling = true;
    const left = this.#contexts?.enter(by);
    try {
      while (!this.#closed) {
        const due: Due = this.#client.poll(Date.now());
        if (due === Due.nothing) break;
        this.#perform(due);
      }
    } catch (thrown) {
      this.#rejectAll(thrown);
    } finally {
      this.#polling = false;
      left?.();
      if (this.#closed) this.#client.free();
    }
  }

  #perform(due: Exclude<Due, Due.nothing>) {
    const client = this.#client;
    switch (due) {
      case Due.fetch:
      case Due.fetchSameHeaders:
      case Due.fetchBatch:
        return this.#send(client.effect, client.call, due);
      case Due.askSource:
        return this.#calls.perform(0, client.effect, () => this.#askSource(client.effect, client.text || undefined));
      case Due.lock:
      case Due.load:
      case Due.save:
      case Due.sign:
        return this.#calls.perform(0, client.effect, () => {
          const { effect } = client;
          return this.#tokenEffects.perform(due, effect, (tell, refused) => {
            if (refused) for (const id of this.#calls.unsent()) this.#endCall(id, refused);
            this.#call(tell, effect);
          });
        });
      case Due.emit:
        return void this.events.emit(JSON.parse(client.text))?.catch((thrown) => this.#rejectAll(thrown));
      case Due.cancel:
        return this.#cancel(client.effect);
      case Due.sleep:
      case Due.backgroundSleep:
        return this.#sleepTimer.sleep(client.effect, client.length, due === Due.backgroundSleep);
      case Due.reply:
      case Due.token:
      case Due.failed:
      case Due.signedOut:
        return this.#finish(due);
      default:
        throw invalid(UNKNOWN_CODE, unknownCode("Due", due), "instance");
    }
  }

  #finish(due: Due): void {
    const id = this.#client.call;
    const call = this.#calls.get(id);
    if (!call) return;
    // Read before the call is removed: if the core traps here, this call is rejected with the others.
    const token = due === Due.token ? this.#client.text : undefined;
    const failure: Failure | undefined = due === Due.failed ? JSON.parse(this.#client.text) : undefined;
    const { reply, result } = call;
    // The call must not reference its page: see `shared/read-ahead.ts`.
    call.result = undefined;
    // The headers contain the token that the core has dropped.
    if (due === Due.signedOut) {
      this.#requests.setHeaders("");
      this.#tokenCause = undefined;
    }
    if (failure) {
      const thrown = failure.ofToken ? this.#tokenCause : call.cause;
      const response = call.asked.expect === ExpectedBody.untouched && !failure.ofToken ? reply : undefined;
      // Not by reject(): V8 follows the promises that are resolved with others, and so the stack names the caller.
      this.#calls.settle(id, () => call.resolve(rejectedBy(failure, thrown, response, call.whole, this.#facts)));
    } else {
      const answer = due === Due.token ? { reply: undefined, result: undefined, token } : { reply, result };
      this.#calls.settle(id, () => call.resolve(answer));
    }
  }

  /** Only the part that performs the effect knows it. */
  #cancel(effect: number): void {
    this.#sleepTimer.cancel(effect);
    this.#calls.inRequestOf(effect, () => {
      this.#controllers.abort(effect);
      this.#tokenEffects.cancel(effect);
    });
  }

  #send(effect: number, callId: number, due: Due) {
    const call = this.#calls.get(callId);
    if (!call) this.#tokenCause = undefined;
    const asked = call?.asked;
    const own = due === Due.fetchSameHeaders ? undefined : coreRequest(this.#client.text);
    let headers: HeadersInit;
    try {
      if (own) this.#requests.setHeaders(own.headers);
      headers = this.#requests.headers(asked?.init);
    } catch (thrown) {
      // The caller's own headers are invalid, which is no failure of the network.
      return this.#endCall(callId, thrown);
    }
    // When one signal ends many calls, each ended call admits the next one, which must not be sent.
    const over = asked?.signal ?? asked?.cancellation;
    if (over?.aborted) return this.#endCall(callId, over.reason);
    return this.#calls.perform(callId, effect, () => this.#transmit(effect, callId, due, headers, own));
  }

  async #transmit(effect: number, callId: number, due: Due, headers: HeadersInit, own?: CoreRequest): Promise<void> {
    const call = this.#calls.get(callId);
    // It was aborted before its request could run.
    if (!call && callId) return;
    const asked = call?.asked;
    const ends = this.#controllers.begin(effect);
    const [url, init] = this.#requests.request(headers, ends, asked, own);
    let isSent = false;
    try {
      const sending = this.#fetch(url, init, call);
      isSent = true;
      if (call) call.isSent = true;
      const reply = await sending;
      if (this.#closed) return;
      if (call && asked) {
        call.reply = due === Due.fetchBatch ? await onlyItem(reply, this.#facts.maxBodyBytes) : reply;
        // Without await where the body is not read: a microtask would be the larger part of the cost.
        const expected = () => expectsPage(asked.path, asked.init);
        const reading = readReply(call.reply, asked.expect, expected, this.#facts.maxBodyBytes);
        this.#report(effect, callId, call, reading instanceof Promise ? await reading : reading);
      } else await this.#reportToken(effect, reply);
    } catch (thrown) {
      if (!ends.aborted && !this.#closed) {
        const cause = this.#unredacted(thrown, callId);
        if (call && thrown instanceof SysparmError) return this.#endCall(callId, thrown);
        if (call && isRefused(thrown, isSent)) {
          return this.#endCall(callId, undefined, () => call.resolve(rejectedUnsent(cause)));
        }
        if (call) call.cause = cause;
        else this.#tokenCause = cause;
        this.#ended(effect, isUnsent(thrown) ? EffectEnd.failed : EffectEnd.unreachable);
      }
    } finally {
      // A parsed body was read to its end.
      this.#controllers.end(effect, call?.result !== undefined);
    }
    this.#pump(callId || effect);
    // A call that is repeated does not need the reply: its connection is released.
    if (call?.reply && this.#calls.get(callId) === call) {
      void call.reply.body?.cancel?.().catch(() => undefined);
      call.reply = undefined;
      call.whole = undefined;
    }
  }

  #ended(effect: number, how: EffectEnd, number?: number, text?: string, other?: string): void {
    this.#client.ended(effect, how, Date.now(), number ?? Number.NaN, text, other);
  }

  #endCall(callId: number, reason: unknown, how?: () => void): void {
    this.#calls.settle(callId, how ?? (({ reject }) => reject(reason)));
    this.#call(() => this.#client.abort(callId));
  }

  /** Engines and hosts repeat addresses, headers and parts of a reply in what they throw. */
  #unredacted<T>(value: T, id: number): Unredacted<T> {
    return { value, secrets: this.#client.secrets(id) };
  }

  #report(effect: number, id: number, call: PendingCall, read: ReadReply): void {
    const { reply } = call;
    const { found, rows, text, result, cause, whole, repaired } = read;
    if (this.#closed || !reply) return;
    // What was refused has not happened.
    call.isSent = reply.status !== 401 && reply.status !== 429;
    call.result = result;
    call.cause = cause === undefined ? undefined : this.#unredacted(cause, id);
    call.whole = whole === undefined ? undefined : this.#unredacted(whole, id);
    if (repaired) void this.events.emit({ type: "reply.repaired", at: Date.now(), detail: repaired });
    // Of an expected answer the core reads only the headers of rate limit rules.
    const isPlain = found !== FoundBody.text && !reply.headers.has("x-ratelimit-limit");
    const headers = isPlain ? "" : headerLines(reply);
    this.#unlessOver(() => this.#client.replied(effect, reply.status, headers, found, rows, text, Date.now()));
  }

  async #reportToken(effect: number, reply: Response): Promise<void> {
    const text = await readText(reply);
    if (this.#closed) return;
    const granted = reply.ok ? readToken(text) : undefined;
    if (granted) this.#ended(effect, EffectEnd.granted, granted.expiresIn * 1000, granted.token, granted.refreshToken);
    else {
      const [headers, body] = [headerLines(reply), excerpt(text)];
      this.#unlessOver(() => this.#client.replied(effect, reply.status, headers, FoundBody.text, 0, body, Date.now()));
    }
  }

  async #askSource(effect: number, refused: string | undefined): Promise<void> {
    this.#tokenCause = undefined;
    try {
      const supplied = await this.#source?.(refused);
      if (this.#closed) return;
      if (typeof supplied?.token !== "string")
        throw new TypeError("Invalid result of the function `auth.token`. Resolve to { token, expiresAt? }.");
      checkArgument("expiresAt", supplied.expiresAt, NUMBER, invalid);
      this.#ended(effect, EffectEnd.supplied, supplied.expiresAt, supplied.token);
    } catch (thrown) {
      if (this.#closed) return;
      this.#tokenCause = this.#unredacted(thrown, 0);
      this.#ended(effect, EffectEnd.sourceFailed);
    }
    this.#pump(effect);
  }
}
