/**
 * `sysparm/node-http`: a `fetch` over Node's `http` and `https`. It takes an agent, which Node's own does not: for a proxy, a client
 * certificate or another certificate authority. It is also faster when several replies arrive at once.
 *
 * Bodies and headers follow the Fetch standard, gzip and Brotli are decoded, and a signal ends the request and its reply. Redirects are not
 * followed, because credentials must not follow them. Nothing is cached.
 *
 * Rejected: undici as a dependency (another 1.5 MB for what Node has), and node-fetch, which sends a stream of the Web as the text
 * "[object ReadableStream]".
 */
import * as http from "node:http";
import * as https from "node:https";
import { finished, pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import type { HttpFetchOptions } from "sysparm/node-http";
import { refusedHeader } from "../shared/caller-headers.js";

/** The part of a reply that is buffered: about one read of a connection. */
const HELD = 64 * 1024;
/** Replies without a body, whatever their headers say (Fetch, "null body status"). */
const BODILESS = [204, 205, 304];
const REDIRECTS = [301, 302, 303, 307, 308];
const DECODERS = new Map<string | undefined, () => ReturnType<typeof createGunzip | typeof createBrotliDecompress>>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["br", createBrotliDecompress],
]);
/** Headers that Node's own `fetch` adds by default, too. */
const USUAL = Object.entries({ accept: "*/*", "accept-encoding": "gzip, br", "user-agent": "node" });

/** A `fetch` that sends through the agent. */
export function httpFetch({ agent }: HttpFetchOptions = {}): typeof fetch {
  if (agent !== undefined && typeof agent?.destroy !== "function")
    throw new TypeError("Invalid option `agent`. Pass an Agent of node:https, or of node:http for an http address.");
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const url = new URL(request?.url ?? (input as string | URL));
    return new Exchange(url, request ? { ...partsOf(request), ...init } : { ...init }).send(agent as http.Agent);
  };
}

function partsOf({ method, headers, body, signal, redirect }: Request): RequestInit {
  return { method, headers, body, signal, redirect };
}

/** One request and its reply. */
class Exchange {
  readonly #url: URL;
  readonly #method: string;
  readonly #follows: boolean;
  readonly #headers: Headers;
  readonly #body: string | Uint8Array | Readable | undefined;
  readonly #signal: AbortSignal | undefined;
  #end: (() => void) | undefined;

  constructor(url: URL, { method = "GET", headers, body, signal, redirect }: RequestInit) {
    this.#url = url;
    this.#method = method.toUpperCase();
    this.#follows = redirect !== "manual";
    this.#headers = new Headers(headers);
    const refused = refusedHeader(this.#headers);
    if (refused) throw new TypeError(refused);
    this.#body = bodyOf(body ?? undefined, this.#headers);
    this.#signal = signal ?? undefined;
  }

  send(agent: http.Agent | undefined): Promise<Response> {
    for (const [name, value] of USUAL) if (!this.#headers.has(name)) this.#headers.set(name, value);
    const { request: begin } = this.#url.protocol === "https:" ? https : http;
    return new Promise((resolve, reject) => {
      if (this.#signal?.aborted) throw this.#signal.reason;
      const headers = Object.fromEntries(this.#headers);
      const request = begin(this.#url, { method: this.#method, headers, ...(agent && { agent }) });
      const fail = (error: unknown) => {
        this.#over();
        reject(this.#reason(error));
      };
      this.#end = () => {
        request.destroy();
        // A request that still waits for a connection would report this only once it has one.
        fail(undefined);
      };
      this.#signal?.addEventListener("abort", this.#end);
      request.on("error", fail);
      request.on("response", (message) => {
        try {
          resolve(this.#reply(message));
        } catch (thrown) {
          message.destroy();
          fail(thrown);
        }
      });
      // The body's error says why; the request's error only says that it was cut.
      if (this.#body instanceof Readable) pipeline(this.#body, request, (error) => error && fail(error));
      else request.end(this.#body);
    });
  }

  #reply(message: http.IncomingMessage): Response {
    const { statusCode: status = 0, statusMessage: statusText = "", rawHeaders } = message;
    if (this.#follows && REDIRECTS.includes(status)) throw new Error('a redirect, and redirect is not "manual"');
    const headers = new Headers();
    for (let place = 0; place < rawHeaders.length; place += 2)
      headers.append(rawHeaders[place] as string, rawHeaders[place + 1] as string);
    const isEmpty = this.#method === "HEAD" || BODILESS.includes(status);
    const reply = new Response(isEmpty ? null : this.#stream(decoded(message)), { status, statusText, headers });
    if (isEmpty) finished(message.resume(), () => this.#over());
    return Object.defineProperty(reply, "url", { value: this.#url.href });
  }

  #stream(source: Readable): ReadableStream<Uint8Array> {
    let take: (piece: Uint8Array) => void;
    let isWanted = true;
    return new ReadableStream<Uint8Array>(
      {
        start: (stream) => {
          take = (piece) => {
            stream.enqueue(piece);
            if ((stream.desiredSize ?? 0) <= 0) source.pause();
          };
          source.on("data", take);
          finished(source, { writable: false }, (error) => {
            this.#over();
            if (error) stream.error(this.#reason(error));
            else if (isWanted) stream.close();
          });
        },
        pull: () => void source.resume(),
        cancel: () => {
          isWanted = false;
          source.off("data", take);
          source.destroy();
        },
      },
      { highWaterMark: HELD, size: (piece) => piece.byteLength },
    );
  }

  #over(): void {
    if (this.#end) this.#signal?.removeEventListener("abort", this.#end);
  }

  #reason(error: unknown): unknown {
    return this.#signal?.aborted ? this.#signal.reason : new TypeError("fetch failed", { cause: error });
  }
}

/** The body to send; sets its headers. */
function bodyOf(body: BodyInit | undefined, headers: Headers): string | Uint8Array | Readable | undefined {
  if (body === undefined) return undefined;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const made = new Response(body);
  const type = made.headers.get("content-type");
  if (type && !headers.has("content-type")) headers.set("content-type", type);
  if (typeof body === "string") return body;
  if (body instanceof Blob) headers.set("content-length", String(body.size));
  return Readable.fromWeb(made.body as NodeStream);
}

function decoded(message: http.IncomingMessage): Readable {
  const decoder = DECODERS.get(message.headers["content-encoding"]?.toLowerCase());
  return decoder ? pipeline(message, decoder(), () => undefined) : message;
}
