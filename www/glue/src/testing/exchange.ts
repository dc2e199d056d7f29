/** One exchange of `fetch` with a practice instance: what a network and an HTTP client do around it, failures included. */

import { filler } from "./filler.js";
import { type Answer, handled, type Simulated } from "./wasm.js";

export interface Network {
  address: string;
  now(): number;
  simulated: Simulated;
}

/** As in the Fetch standard, section 4.4. */
const MAX_REDIRECTS = 20;
const NULL_BODY = [204, 205, 304];
const PAUSE_MS = 100;

export async function exchange(network: Network, request: Request): Promise<Response> {
  const { method, signal } = request;
  const headers = [...request.headers].flat();
  const body = new Uint8Array(await request.arrayBuffer());
  let next: Sent = { method, url: new URL(request.url), body };
  for (let redirects = 0; ; redirects++) {
    signal.throwIfAborted();
    const answer = sent(network, next, headers);
    await pause(answer.delay, signal);
    if (answer.lost) throw new TypeError("fetch failed: the connection was closed before a reply");
    const reply = received(answer, next, signal, redirects > 0);
    const location = redirectOf(reply);
    if (location === null || request.redirect === "manual") return reply;
    if (request.redirect === "error") throw new TypeError(`fetch failed: unexpected redirect to ${location}`);
    if (redirects === MAX_REDIRECTS) throw new TypeError(`fetch failed: more than ${MAX_REDIRECTS} redirects`);
    next = redirected(next, reply.status, new URL(location, next.url));
  }
}

interface Sent {
  method: string;
  url: URL;
  body: Uint8Array;
}

function sent({ address, simulated, now }: Network, { method, url, body }: Sent, headers: string[]): Answer {
  if (url.origin !== address) {
    throw new TypeError(`fetch failed: ${url.origin} is not the practice instance. Its address is ${address}.`);
  }
  const all = ["host", url.host, ...(body.length > 0 ? ["content-length", String(body.length)] : []), ...headers];
  return handled(simulated, method, url.pathname + url.search, all, body, now());
}

const redirectOf = (reply: Response) =>
  [301, 302, 303, 307, 308].includes(reply.status) ? reply.headers.get("location") : null;

/** The Fetch standard, section 4.4, steps 12 to 14: 303 and a redirected POST become GET. */
function redirected(before: Sent, status: number, url: URL): Sent {
  const { method } = before;
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  return becomesGet ? { method: "GET", url, body: new Uint8Array() } : { ...before, url };
}

function received(answer: Answer, { method, url }: Sent, signal: AbortSignal, isRedirected: boolean): Response {
  const { status } = answer;
  const headers = new Headers();
  const lines = answer.headers;
  for (let at = 0; at < lines.length; at += 2) headers.append(lines[at] as string, lines[at + 1] as string);
  const isEmpty = NULL_BODY.includes(status) || method === "HEAD";
  const reply = new Response(isEmpty ? null : decoded(bodyOf(answer, signal), headers), { status, headers });
  // A constructed response has neither.
  return Object.defineProperties(reply, { url: { value: url.href }, redirected: { value: isRedirected } });
}

/** `fetch` decodes what the content encoding says. */
function decoded(body: ReadableStream<Uint8Array>, headers: Headers): ReadableStream<Uint8Array> {
  const coding = headers.get("content-encoding");
  if (coding !== "gzip" && coding !== "deflate") return body;
  return body.pipeThrough(new DecompressionStream(coding) as ReadableWritablePair<Uint8Array, Uint8Array>);
}

function bodyOf({ body, filler: length, broken, rate }: Answer, signal: AbortSignal): ReadableStream<Uint8Array> {
  const pieces = length > 0 ? filler(length) : inPieces(body, rate);
  return new ReadableStream({
    async pull(controller) {
      try {
        signal.throwIfAborted();
        if (rate !== undefined) await pause(PAUSE_MS, signal);
        const { value, done } = pieces.next();
        if (!done) controller.enqueue(value);
        else if (broken) controller.error(new TypeError("terminated: the connection was closed within a body"));
        else controller.close();
      } catch (reason) {
        controller.error(reason);
      }
    },
  });
}

function* inPieces(body: Uint8Array, rate: number | undefined): Generator<Uint8Array, void> {
  const step = rate === undefined ? body.length : Math.max(1, Math.trunc((rate * PAUSE_MS) / 1000));
  for (let at = 0; at < body.length; at += step) yield body.subarray(at, at + step);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", aborted);
      resolve();
    }, ms);
    signal.addEventListener("abort", aborted, { once: true });
  });
}
