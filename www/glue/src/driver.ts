/**
 * Drives the core: polls, performs exactly the effect that is due, tells the core what became of it. The core decides.
 */
import type { Status, SysparmEvent, TokenSource } from "sysparm";
import { type Failure, invalid, optionalNumber, toError } from "./errors.js";
import { type About, explain, explained, wordsFor } from "./explained.js";
import { ENDED, KEEP, type Keeping } from "./keeping.js";
import {
  EXPECT,
  type Expect,
  excerpt,
  expectsPage,
  FOUND,
  onlyItem,
  type Reading,
  readReply,
  readText,
  readToken,
} from "./reply.js";
import { type Client, headerLines } from "./wasm.js";

/** A call from its start to its finish. */
interface UnderWay {
  expect: Expect;
  path: string;
  init: RequestInit | undefined;
  reply?: Response;
  result?: unknown;
  cause?: { thrown: unknown };
  resolve(answer: Answered): void;
  reject(reason: unknown): void;
  forget(): void;
}

/** How a call ended well. */
export interface Answered {
  reply?: Response;
  result?: unknown;
  token?: string;
}

export interface Asked {
  method: string;
  path: string;
  expect: Expect;
  init?: RequestInit;
  signal?: AbortSignal | undefined;
  /** The reading that it is a page of; none for a call that somebody waits for. */
  stream?: number;
}

const DUE = {
  fetch: 1,
  askSource: 2,
  cancel: 3,
  sleep: 4,
  reply: 5,
  token: 6,
  failed: 7,
  tell: 12,
  signedOut: 13,
} as const;

export class Driver {
  readonly #client: Client;
  readonly #fetch: typeof fetch;
  readonly #source: TokenSource | undefined;
  readonly #keeping: Keeping;
  readonly #tell: ((event: SysparmEvent) => void) | undefined;
  readonly #about: About;
  readonly #calls = new Map<number, UnderWay>();
  readonly #fetches = new Map<number, AbortController>();
  #tokenCause: { thrown: unknown } | undefined;
  #ownLines = "";
  #ownHeaders: Record<string, string> = {};
  #timer: { effect: number; id: ReturnType<typeof setTimeout> } | undefined;
  #polling = false;
  #closed = false;

  constructor(
    client: Client,
    fetcher: typeof fetch,
    source: TokenSource | undefined,
    keeping: Keeping,
    tell: ((event: SysparmEvent) => void) | undefined,
    about: About,
  ) {
    this.#client = client;
    this.#fetch = fetcher;
    this.#source = source;
    this.#keeping = keeping;
    this.#tell = tell;
    this.#about = about;
  }

  request(asked: Asked): Promise<Answered> {
    const { method, path, expect, init, signal, stream } = asked;
    const repeatable = !(init?.body instanceof ReadableStream);
    return this.#begin({ expect, path, init }, signal, () =>
      this.#client.start(method, path, expect, repeatable, stream ?? 0, Date.now()),
    );
  }

  token(refused: string | undefined, signal: AbortSignal | undefined): Promise<Answered> {
    return this.#begin(NO_REQUEST, signal, () => this.#client.startToken(refused, Date.now()));
  }

  code(code: string, verifier: string): Promise<Answered> {
    return this.#begin(NO_REQUEST, undefined, () => this.#client.startCode(code, verifier, Date.now()));
  }

  signOut(revoke: boolean): Promise<Answered> {
    return this.#begin(NO_REQUEST, undefined, () => this.#client.startSignOut(revoke, Date.now()));
  }

  /** Another context has changed the store. */
  storeChanged(): void {
    if (this.#closed) return;
    this.#client.storeChanged(Date.now());
    this.#pump();
  }

  status(): Status {
    if (this.#closed) return NOTHING;
    const status = this.#client.status() as Status;
    const { lastDiagnosis, token } = status;
    if (lastDiagnosis) status.lastDiagnosis = explained(lastDiagnosis, this.#about.release);
    if (token.attention) token.attention.diagnosis = explained(token.attention.diagnosis, this.#about.release);
    return status;
  }

  /** Ends everything; whoever waits gets `reason`. What is still on its way finds nobody: the core is gone. */
  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    // Not left to the core's effects: called from the caller's own fetch, the pump is running and takes no more of them.
    clearTimeout(this.#timer?.id);
    for (const controller of this.#fetches.values()) controller.abort();
    this.#keeping.close();
    // The running pump frees the core when it stands.
    if (!this.#polling) this.#client.free();
    for (const call of this.#calls.values()) {
      call.forget();
      call.reject(reason);
    }
    this.#calls.clear();
  }

  #begin(
    call: Pick<UnderWay, "expect" | "path" | "init">,
    signal: AbortSignal | undefined,
    start: () => number,
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      // An AbortController given for its signal would be noticed only after the call has begun, and the call would go out.
      if (signal !== undefined && typeof signal?.addEventListener !== "function") {
        throw invalid("options.type", "signal must be an AbortSignal");
      }
      if (signal?.aborted) throw signal.reason;
      const id = start();
      if (id === 0) throw invalid("request.method", "ServiceNow serves no such method");
      const abort = () => this.#end(id, signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const forget = () => signal?.removeEventListener("abort", abort);
      this.#calls.set(id, { ...call, resolve, reject, forget });
      this.#pump();
    });
  }

  #pump(): void {
    // An effect performed at once may end up here again: the loop that is already running takes what it left.
    if (this.#polling || this.#closed) return;
    this.#polling = true;
    try {
      while (!this.#closed) {
        const due = this.#client.poll(Date.now());
        if (due === 0) break;
        this.#perform(due);
      }
    } finally {
      this.#polling = false;
      if (this.#closed) this.#client.free();
    }
  }

  #perform(due: number): void {
    const client = this.#client;
    if (due === DUE.fetch) void this.#send(client.effect, client.call);
    else if (due === DUE.askSource) void this.#askSource(client.effect, client.token);
    else if (due === DUE.cancel) this.#cancel(client.effect);
    else if (due === DUE.sleep) this.#sleep(client.effect, client.length, client.background);
    else if (due === DUE.tell) void this.#told(client.failure as SysparmEvent);
    else if (due >= KEEP.lock && due <= KEEP.sign) {
      void this.#keeping.perform(due, client.effect, (tell) => {
        if (this.#closed) return;
        tell(Date.now());
        this.#pump();
      });
    } else this.#finish(due);
  }

  async #told(event: SysparmEvent): Promise<void> {
    if ("diagnosis" in event) {
      await wordsFor(event.diagnosis);
      event.diagnosis = explained(event.diagnosis, this.#about.release);
    }
    try {
      this.#tell?.(event);
    } catch (thrown) {
      // A listener's fault is the program's to see, and no call's.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }

  #finish(due: number): void {
    const client = this.#client;
    const call = this.#calls.get(client.call);
    if (!call) return;
    this.#calls.delete(client.call);
    call.forget();
    const { reply, result } = call;
    if (due === DUE.reply || due === DUE.signedOut) {
      call.resolve({ ...(reply && { reply }), result });
    } else if (due === DUE.token) {
      call.resolve({ ...(client.token !== undefined && { token: client.token }) });
    } else {
      const failure = client.failure as Failure;
      const thrown = failure.ofToken ? this.#tokenCause : call.cause;
      const response = call.expect === EXPECT.untouched && !failure.ofToken ? reply : undefined;
      const { release } = this.#about;
      const reject = () =>
        call.reject(toError(failure, { response, release, ...(thrown && { cause: thrown.thrown }) }));
      void explain(failure, this.#about).then(reject);
    }
  }

  async #send(effect: number, callId: number): Promise<void> {
    const client = this.#client;
    const call = this.#calls.get(callId);
    if (!call) this.#tokenCause = undefined;
    let headers: HeadersInit;
    try {
      headers = this.#headersOf(client.headers, call?.init);
    } catch (thrown) {
      // The caller's own headers cannot be sent: that is no fault of the network, and the caller gets it as it is.
      return this.#end(callId, thrown);
    }
    const controller = new AbortController();
    this.#fetches.set(effect, controller);
    const { url, method, form, isBatch } = client;
    const body = form ?? call?.init?.body;
    try {
      const reply = await this.#fetch(url, {
        method,
        headers,
        // Never followed: where they are no answer but an error, Node keeps no second copy of the body.
        redirect: call?.init?.redirect === "error" ? "error" : "manual",
        credentials: "omit",
        signal: controller.signal,
        ...(body != null && { body }),
        ...(body instanceof ReadableStream && { duplex: "half" }),
      });
      if (this.#closed) return;
      if (call) {
        call.reply = isBatch ? await onlyItem(reply) : reply;
        // What is left untouched is read at once: a wait more would be the larger part of it.
        const reading = readReply(call.reply, call.expect, () => expectsPage(call.path, call.init));
        this.#report(effect, call, reading instanceof Promise ? await reading : reading);
      } else await this.#reportToken(effect, reply);
    } catch (thrown) {
      if (!controller.signal.aborted && !this.#closed) {
        if (call) call.cause = { thrown };
        else this.#tokenCause = { thrown };
        client.ended(effect, ENDED.unreachable, Date.now());
      }
    } finally {
      this.#fetches.delete(effect);
    }
    this.#pump();
    // What is tried again, at once or in an hour, has no use for the reply: let its connection go.
    if (call?.reply && this.#calls.get(callId) === call) {
      void call.reply.body?.cancel().catch(() => undefined);
      delete call.reply;
    }
  }

  /** A call without headers and body of its own gets the core's as they are, which are the same until the token changes. */
  #headersOf(lines: string, init: RequestInit | undefined): HeadersInit {
    if (init?.headers || init?.body != null) return headersOf(lines, init);
    if (lines !== this.#ownLines) {
      this.#ownLines = lines;
      this.#ownHeaders = Object.fromEntries(headersOf(lines, undefined));
    }
    // A copy: whoever's fetch it is may write into it.
    return { ...this.#ownHeaders };
  }

  #end(callId: number, reason: unknown): void {
    const call = this.#calls.get(callId);
    this.#calls.delete(callId);
    this.#client.abort(callId);
    call?.forget();
    call?.reject(reason);
    this.#pump();
  }

  #report(effect: number, call: UnderWay, { found, rows, text, result, cause }: Reading): void {
    const { reply } = call;
    if (this.#closed || !reply) return;
    call.result = result;
    if (cause !== undefined) call.cause = { thrown: cause };
    else delete call.cause;
    // Of an answer as it was expected the core reads no header but those of a rate limit rule.
    const isPlain = found !== FOUND.text && !reply.headers.has("x-ratelimit-limit");
    this.#client.replied(effect, reply.status, isPlain ? "" : headerLines(reply), found, rows, text, Date.now());
  }

  async #reportToken(effect: number, reply: Response): Promise<void> {
    const text = await readText(reply);
    if (this.#closed) return;
    const granted = reply.ok ? readToken(text) : undefined;
    if (granted)
      this.#client.granted(effect, reply.status, granted.token, granted.expiresIn, granted.refreshToken, Date.now());
    else this.#client.replied(effect, reply.status, headerLines(reply), 0, 0, excerpt(text), Date.now());
  }

  async #askSource(effect: number, refused: string | undefined): Promise<void> {
    this.#tokenCause = undefined;
    try {
      const supplied = await this.#source?.(refused);
      if (this.#closed) return;
      if (typeof supplied?.token !== "string") throw new TypeError("a token source resolves to { token, expiresAt? }");
      const expiresAt = optionalNumber("a supplied token's expiresAt", supplied.expiresAt);
      this.#client.supplied(effect, supplied.token, expiresAt, Date.now());
    } catch (thrown) {
      if (this.#closed) return;
      this.#tokenCause = { thrown };
      this.#client.ended(effect, ENDED.sourceFailed, Date.now());
    }
    this.#pump();
  }

  #cancel(effect: number): void {
    if (this.#timer?.effect === effect) {
      clearTimeout(this.#timer.id);
      this.#timer = undefined;
    }
    this.#fetches.get(effect)?.abort();
    this.#keeping.cancel(effect);
  }

  #sleep(effect: number, length: number, background: boolean): void {
    clearTimeout(this.#timer?.id);
    const id = setTimeout(() => {
      this.#timer = undefined;
      this.#client.ended(effect, ENDED.slept, Date.now());
      this.#pump();
    }, length);
    // Node would not end before it; elsewhere a timer is a number.
    if (background && typeof id === "object") id.unref();
    this.#timer = { effect, id };
  }
}

const NOTHING: Status = {
  token: { state: "absent", generation: 0 },
  callsUnderWay: 0,
  breaker: { state: "closed" },
  concurrency: { limit: 0, out: 0, waiting: 0 },
  rate: [],
};

const NO_REQUEST = { expect: EXPECT.untouched, path: "", init: undefined } as const;

/** The caller's headers, and over them the core's own. Cookies are never sent. */
function headersOf(lines: string, init: RequestInit | undefined): Headers {
  const headers = new Headers(init?.headers);
  for (const line of lines.split("\n").filter(Boolean)) {
    const colon = line.indexOf(": ");
    const name = line.slice(0, colon);
    if (name !== "Accept" || !headers.has("accept")) headers.set(name, line.slice(colon + 2));
  }
  headers.delete("cookie");
  if (headers.has("x-http-method-override")) {
    throw invalid(
      "request.header",
      "X-HTTP-Method-Override would hide from sysparm what the request does; give the method itself",
    );
  }
  if (typeof init?.body === "string" && !headers.has("content-type")) headers.set("content-type", "application/json");
  return headers;
}
