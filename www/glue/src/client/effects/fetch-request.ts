/** Builds the arguments of `fetch`. The core's method, address and headers replace the caller's. Only this file merges the two. */
import type { Asked, WantedRequest } from "../../protocol/call.js";
import { ExpectedBody } from "../../protocol/codes.js";
import { refusedHeader } from "../../shared/caller-headers.js";
import { invalid } from "../errors.js";

/** A request that the core describes: for a token, or in another form than the caller's. */
export interface CoreRequest {
  readonly url: string;
  readonly method: string;
  /** Empty where the caller has one. */
  readonly form: string;
  readonly headers: string;
}

/** Reads the text of an effect: see `Due.fetch`. */
export function coreRequest(text: string): CoreRequest {
  const [method = "", url = "", form = "", headers = ""] = text.split("\0");
  return { method, url, form, headers };
}

/** Stands for the request of a call that sends none of its own: one for a token, a sign-in or a sign-out. */
export const NO_REQUEST: Asked = { method: "POST", path: "", expect: ExpectedBody.untouched };

type PlatformOptions = (method: string) => object | undefined;

let platformOptions: PlatformOptions = () => undefined;

/** Adds options of the platform's own `fetch`. */
export function fetchWith(options: PlatformOptions): void {
  platformOptions = options;
}

/** Builds requests for one origin. */
export class FetchRequests {
  readonly #origin: string;
  #lines = "";
  #headers: Record<string, string> = {};

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Sets the core's headers, one a line. They stay the same until the token changes. */
  setHeaders(lines: string): void {
    this.#lines = lines;
    // If these are no valid headers, the next request must not be sent with those of another user.
    this.#headers = {};
    this.#headers = Object.fromEntries(headersOf(lines, undefined));
  }

  /** A call without headers and body gets the core's headers as a copy, because a custom `fetch` may change the object. */
  headers(init: RequestInit | undefined): HeadersInit {
    return init?.headers || init?.body != null ? headersOf(this.#lines, init) : { ...this.#headers };
  }

  /** `core` is absent where the caller's own method and path are sent. */
  request(
    headers: HeadersInit,
    ends: AbortSignal,
    wanted: WantedRequest | undefined,
    core: CoreRequest | undefined,
  ): [url: string, init: RequestInit] {
    const body = core?.form || wanted?.init?.body;
    const method = core?.method ?? wanted?.method ?? "GET";
    const init: RequestInit & { duplex?: "half" } = {
      ...platformOptions(method),
      method,
      headers,
      // Redirects are never followed. With "error" Node keeps no second copy of the body.
      redirect: wanted?.init?.redirect === "error" ? "error" : "manual",
      credentials: "omit",
      signal: signalOf(ends, wanted),
    };
    if (body != null) init.body = body;
    if (body instanceof ReadableStream) init.duplex = "half";
    return [core?.url ?? this.#origin + wanted?.path, init];
  }
}

/** The caller's signal also ends the body of a response that is returned unread, as it does for `fetch`. */
function signalOf(ends: AbortSignal, wanted: WantedRequest | undefined): AbortSignal {
  const { signal, expect } = wanted ?? {};
  // A signal of another window or library cannot be combined. It still ends the call, through the driver.
  const joins = expect === ExpectedBody.untouched && signal instanceof AbortSignal && AbortSignal.any;
  return joins ? AbortSignal.any([ends, signal]) : ends;
}

/** The caller's headers, validated. The engine's own error is replaced, because it repeats a value that may be a secret. */
export function callerHeaders(given: HeadersInit | undefined): Headers {
  let headers: Headers;
  try {
    headers = new Headers(given);
  } catch {
    throw invalid(
      "request.header",
      "Invalid option `headers`. Pass names that are tokens, and values of one line of Latin-1.",
    );
  }
  const refused = refusedHeader(headers);
  if (refused) throw invalid("request.header", refused);
  return headers;
}

/** The caller's headers, replaced by the core's where both have one. */
function headersOf(lines: string, init: RequestInit | undefined): Headers {
  const headers = callerHeaders(init?.headers);
  for (const line of lines.split("\n").filter(Boolean)) {
    const colon = line.indexOf(": ");
    const name = line.slice(0, colon);
    if (name !== "Accept" || !headers.has("accept")) headers.set(name, line.slice(colon + 2));
  }
  if (typeof init?.body === "string" && !headers.has("content-type")) headers.set("content-type", "application/json");
  return headers;
}
