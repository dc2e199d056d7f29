/** A request as fetch takes it. What the core gives goes over what the caller gave; both are told apart here and nowhere else. */
import type { Wanted } from "../../protocol/call.js";
import { Expect } from "../../protocol/expect.js";
import { refusedHeader } from "../../shared/caller-headers.js";
import { invalid } from "../errors.js";

/** What the core says of a request that is not just what the caller wants. */
export interface Told {
  readonly url: string;
  readonly method: string;
  readonly form: string | undefined;
}

export class Outgoing {
  readonly #origin: string;
  #lines = "";
  #headers: Record<string, string> = {};

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The headers of the core, as lines: they stay the same until the token changes. */
  presents(lines: string): void {
    this.#lines = lines;
    // None, should what the core gives be no header: the next request shows nobody's.
    this.#headers = {};
    this.#headers = Object.fromEntries(headersOf(lines, undefined));
  }

  /** A call without headers and body of its own gets the core's as they are, but a copy: whoever's fetch it is may write into it. */
  headers(init: RequestInit | undefined): HeadersInit {
    return init?.headers || init?.body != null ? headersOf(this.#lines, init) : { ...this.#headers };
  }

  /** `told` is absent where the caller's own method and path are sent. */
  request(
    headers: HeadersInit,
    ends: AbortSignal,
    wanted: Wanted | undefined,
    told: Told | undefined,
  ): [url: string, init: RequestInit] {
    const body = told?.form ?? wanted?.init?.body;
    const init: RequestInit & { duplex?: "half" } = {
      method: told?.method ?? wanted?.method ?? "GET",
      headers,
      // Never followed: where they are no answer but an error, Node keeps no second copy of the body.
      redirect: wanted?.init?.redirect === "error" ? "error" : "manual",
      credentials: "omit",
      signal: signalOf(ends, wanted),
    };
    if (body != null) init.body = body;
    if (body instanceof ReadableStream) init.duplex = "half";
    return [told?.url ?? this.#origin + wanted?.path, init];
  }
}

/** A body that is handed over unread can still be ended by its caller, as fetch's own can. */
function signalOf(ends: AbortSignal, wanted: Wanted | undefined): AbortSignal {
  const { signal, expect } = wanted ?? {};
  // One of another window or library ends the call all the same, but cannot be joined with ours.
  const joins = expect === Expect.untouched && signal instanceof AbortSignal && AbortSignal.any;
  return joins ? AbortSignal.any([ends, signal]) : ends;
}

/** What a caller gives, where it can be sent. The engine's own words would repeat a value, which may be a secret. */
export function callerHeaders(given: HeadersInit | undefined): Headers {
  let headers: Headers;
  try {
    headers = new Headers(given);
  } catch {
    throw invalid(
      "request.header",
      "No request can carry these headers: a name is a token, a value one line of Latin-1",
    );
  }
  const refused = refusedHeader(headers);
  if (refused) throw invalid("request.header", refused);
  return headers;
}

/** The caller's headers, and over them the core's own. */
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
