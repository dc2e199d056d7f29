/** The hooks `onRequest` and `onResponse`, loaded by `connect()` where it is given one. They see every exchange, and change none. */
import type { ConnectOptions, ReceivedResponse, SentRequest } from "sysparm";
import type { Driver } from "../client/effects/driver.js";
import type { Asked, Fetcher, PendingCall } from "../protocol/call.js";
import { ExpectedBody } from "../protocol/codes.js";
import { CONTEXT, type ContextOptions } from "../protocol/hook-context.js";
import { SECRET_NAME } from "../shared/caller-headers.js";

const BEGIN = Symbol("begin");

/** What a call remembers of where and when it was made. */
type Followed = Asked & { [CONTEXT]?: unknown; [BEGIN]?: { call: number; at: number } };

/** Lets a call remember its number, when it began, and what is current where it is made. */
export function follow(driver: Driver, options: ContextOptions): void {
  const current = options[CONTEXT];
  const request = driver.request.bind(driver);
  driver.request = (asked, stream) => {
    calls += 1;
    const begin = { call: calls, at: performance.now() };
    const followed: Followed = { ...asked, [BEGIN]: begin, ...(current && { [CONTEXT]: current() }) };
    return request(followed, stream);
  };
}

/** Of all instances, so that hooks of two may be the same function. */
let requests = 0;
let calls = 0;

/** The latest request of a call. */
interface Latest {
  attempt: number;
  endedAt: number | undefined;
}

/** A fetch that passes each exchange to the hooks. */
export function observed(fetcher: Fetcher, { onRequest, onResponse }: ConnectOptions): Fetcher {
  const latest = new WeakMap<PendingCall, Latest>();
  /** Requests for a token that failed since the last one that did not. */
  let failures = 0;

  const sentFor = (url: string, method: string, call: PendingCall | undefined): SentRequest => {
    const { pathname: path, searchParams } = new URL(url);
    const before = call && latest.get(call);
    const attempt = call ? (before?.attempt ?? 0) + 1 : failures + 1;
    if (call) latest.set(call, { attempt, endedAt: undefined });
    requests += 1;
    const { [CONTEXT]: context, [BEGIN]: begin } = { ...(call?.asked as Followed | undefined) };
    const waitsSince = before?.endedAt ?? begin?.at;
    const sent = {
      id: requests,
      at: Date.now(),
      method,
      path,
      search: shown(searchParams),
      isForToken: !call,
      call: begin?.call ?? null,
      waitedMs: waitsSince === undefined ? 0 : performance.now() - waitsSince,
      attempt,
    };
    return context === undefined ? sent : Object.assign(sent, { [CONTEXT]: context });
  };

  return (url, init, call) => {
    const sent = sentFor(url, init.method ?? "GET", call);
    const began = performance.now();
    let reply: Response | undefined;
    let headersMs: number | null = null;
    const over = (bytes: number | null, error?: string) => {
      init.signal?.removeEventListener("abort", aborted);
      if (isOver) return;
      isOver = true;
      if (!call) failures = reply?.ok ? 0 : failures + 1;
      else latest.set(call, { attempt: sent.attempt, endedAt: performance.now() });
      const received: ReceivedResponse = {
        ...sent,
        durationMs: performance.now() - began,
        headersMs,
        status: reply?.status || null,
        bytes,
        transactionId: reply?.headers.get("x-transaction-id") ?? null,
        ...(error !== undefined && { error }),
      };
      pass(onResponse, received);
    };
    let isOver = false;
    const aborted = () => over(null, "AbortError");
    init.signal?.addEventListener("abort", aborted);
    const failed = (thrown: unknown): never => {
      over(null, errorName(thrown));
      throw thrown;
    };
    pass(onRequest, { ...sent });
    let sending: Promise<Response>;
    try {
      sending = fetcher(url, init);
    } catch (thrown) {
      return failed(thrown);
    }
    return Promise.resolve(sending).then((answered) => {
      reply = answered;
      headersMs = performance.now() - began;
      // The body of every other reply is read elsewhere, if at all.
      const isReadHere = !call || [ExpectedBody.rows, ExpectedBody.record].includes(call.asked.expect);
      if (!isReadHere || !count(answered, over)) over(announced(answered));
      return answered;
    }, failed);
  };
}

/** Counts what is read of a body; false where that cannot be seen. */
function count(reply: Response, over: (bytes: number, error?: string) => void): boolean {
  const { body } = reply;
  // A custom `fetch` may return a body without a reader.
  if (!body?.getReader) return false;
  let bytes = 0;
  const getReader = () => {
    const reader = body.getReader();
    return {
      async read() {
        const step = await reader.read().catch((thrown: unknown) => {
          over(bytes, errorName(thrown));
          throw thrown;
        });
        if (step.done) over(bytes);
        else bytes += step.value.byteLength;
        return step;
      },
      cancel(reason?: unknown) {
        over(bytes);
        return reader.cancel(reason);
      },
    };
  };
  const cancel = (reason?: unknown) => {
    over(bytes);
    return body.cancel(reason);
  };
  Object.defineProperty(reply, "body", { value: { getReader, cancel } });
  return true;
}

/** The size that a reply announces. */
function announced(reply: Response): number | null {
  if (reply.body === null) return 0;
  const length = reply.headers.get("content-length") ?? "";
  return /^\d+$/.test(length) ? Number(length) : null;
}

/** Parameters without the values of those that hold a credential by their name. */
function shown(parameters: URLSearchParams): string {
  for (const name of new Set(parameters.keys())) if (SECRET_NAME.test(name)) parameters.set(name, "REDACTED");
  const text = parameters.toString();
  return text && `?${text}`;
}

/** A name that says what was thrown. Its message may repeat the request. */
function errorName(thrown: unknown): string {
  const { name, code, cause } = Object(thrown) as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  const names = [Object(cause).code, code, name].filter((one) => typeof one === "string" && /^[\w.-]{1,60}$/.test(one));
  return String(names[0] ?? "Error");
}

/** An error of the hook is reported as unhandled and fails no call, as that of an event listener. */
function pass<Value>(hook: ((value: Value) => void) | undefined, value: Value): void {
  try {
    hook?.(value);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
