/** `connect()` of the package's shape over the Rust driver. In the bundle of the cases it stands for `sysparm`. */

import init, { Driver } from "driver-cases";
import type { ConnectOptions, Page, ReadOptions, Row } from "sysparm";
import { optionsText } from "../../www/glue/src/client/encode-options.js";
import { countPath, recordPath } from "../../www/glue/src/client/paths.js";
import { cancellation, ended } from "./cancellation.js";
import { type Failure, invalid, toError } from "./errors.js";

export * from "./errors.js";

const ready = init();
/** What a caller's own functions have thrown, by its message: the driver keeps messages. */
const thrownBy = new Map<string, unknown>();

/** The driver of a table, for `sync.ts`. */
export const DRIVERS = new WeakMap<object, Driver>();

/** An error of the text that the driver throws. */
export function errorOf(thrown: unknown): unknown {
  if (typeof thrown !== "string" || !thrown.includes("\0")) return thrown;
  const [failure = "", cause, message = ""] = thrown.split("\0");
  const parts: Failure = { ...JSON.parse(failure), message };
  return toError(parts, cause ? (thrownBy.get(cause) ?? cause) : undefined);
}

/** Runs a call that a signal ends, by dropping its future. */
export async function signalled<T>(
  signal: AbortSignal | undefined | null,
  run: (cancelled: Promise<void>) => Promise<T>,
) {
  signal?.throwIfAborted();
  const { cancelled, forget } = cancellation(signal);
  try {
    const outcome = await run(cancelled);
    signal?.throwIfAborted();
    return outcome;
  } catch (thrown) {
    throw signal?.aborted ? signal.reason : errorOf(thrown);
  } finally {
    forget();
  }
}

export async function connect(options: ConnectOptions) {
  const {
    fetch: own,
    onEvent,
    maxBodyBytes,
    auth,
    pace,
    ...rest
  } = options as ConnectOptions & { auth: { token?: unknown } };
  await ready;
  const { token, ...credentials } = auth;
  const isSource = typeof token === "function";
  const texts = optionsText({
    ...rest,
    pace: pace?.breaker === false ? { ...pace, breaker: "off" } : pace,
    auth: { ...(isSource ? { tokenSource: true } : { token }), ...credentials },
  });
  const driver = throwing(
    () =>
      new Driver(
        texts,
        maxBodyBytes,
        own && ((request: Request) => sent(own, request)),
        isSource ? token : undefined,
        (event: string) => onEvent?.(JSON.parse(event)),
      ),
  );
  return new Opened(driver, new URL(options.url).origin);
}

/** Calls a `fetch` of the package's form. Its thrown values are kept. */
async function sent(own: typeof fetch, request: Request): Promise<Response> {
  const { method, headers, signal, redirect, credentials } = request;
  const body = method === "GET" || method === "HEAD" ? undefined : await request.text();
  try {
    return await own(request.url, { method, headers, signal, redirect, credentials, ...(body && { body }) });
  } catch (thrown) {
    thrownBy.set(String((thrown as Error | undefined)?.message ?? thrown), thrown);
    throw thrown;
  }
}

export function throwing<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw errorOf(thrown);
  }
}

type Sent = Pick<RequestInit, "body" | "priority"> & { signal?: AbortSignal | null | undefined };

interface Reply {
  value: unknown;
  headers: string;
  status: number;
}

class Opened {
  readonly #driver: Driver;
  readonly url: string;

  constructor(driver: Driver, url: string) {
    this.#driver = driver;
    this.url = url;
  }

  async token({ refused, signal }: { refused?: string; signal?: AbortSignal } = {}) {
    return signalled(signal, (cancelled) => this.#driver.token(refused, cancelled));
  }

  async request(path: string, options: RequestInit = {}): Promise<Response> {
    const { value, headers, status } = (await this.#call(options.method ?? "GET", path, "text", options)) as Reply;
    return new Response(status === 204 ? null : String(value), {
      status,
      headers: Object.fromEntries(headersOf(headers)),
    });
  }

  status() {
    const { limitedUntil } = this.#driver;
    return { ...JSON.parse(this.#driver.status()), ...(limitedUntil !== null && { limitedUntil }) };
  }

  signOut({ revoke = false } = {}) {
    return this.#driver.signOut(revoke);
  }

  close(): void {
    this.#driver.close();
  }

  table(name: string) {
    const record = async (method: string, id: string | undefined, options: ReadOptions, row?: object) => {
      const path = recordPath(name, id, options);
      // In Rust a body is text: what cannot be one is refused as the package refuses it.
      if (method !== "GET" && (typeof row !== "object" || row === null))
        throw invalid("request.body", "Invalid record. Pass an object of its fields.");
      const body = row && { body: JSON.stringify(row) };
      return ((await this.#call(method, path, "record", { ...options, ...body })) as Reply).value as Row;
    };
    const pages = (options: ReadOptions = {}) => pagesOf(this.#driver, name, options);
    async function* rows(options?: ReadOptions) {
      for await (const page of pages(options)) yield* page.rows;
    }
    const table = {
      name,
      pages,
      rows,
      list: (options: ReadOptions = {}) =>
        signalled(options.signal, (cancelled) => this.#driver.list(...readingOf(name, options), cancelled)),
      get: (id: string, options = {}) => record("GET", id, options),
      create: (row: object, options = {}) => record("POST", undefined, options, row),
      update: (id: string, patch: object, options = {}) => record("PATCH", id, options, patch),
      delete: async (id: string, options: ReadOptions = {}) => {
        await this.#call("DELETE", recordPath(name, id), "text", options);
      },
      count: async (query?: string) => {
        const { value } = (await this.#call("GET", countPath(name, query), "record", {})) as Reply;
        return Number((value as { stats: { count: string } }).stats.count);
      },
      toArray: async (options?: ReadOptions) => {
        const all: Row[] = [];
        for await (const row of rows(options)) all.push(row);
        return all;
      },
    };
    DRIVERS.set(table, this.#driver);
    return table;
  }

  #call(method: string, path: string, expect: string, { signal, body, priority }: Sent) {
    const text = body == null ? undefined : String(body);
    return signalled(signal, (cancelled) =>
      this.#driver.call(method, path, expect, text, priority === "low", cancelled),
    );
  }
}

async function* pagesOf(driver: Driver, name: string, options: ReadOptions): AsyncGenerator<Page, void, undefined> {
  const { signal, ahead = 1 } = options;
  signal?.throwIfAborted();
  const given = readingOf(name, options);
  const pages = throwing(() => driver.read(...given, aheadOf(ahead)));
  try {
    for (;;) {
      const page = await signalled(signal, (cancelled) => pages.next(cancelled));
      if (page === null) return;
      yield page as Page;
    }
  } finally {
    ended(pages);
  }
}

/** The crate takes a byte. */
export function aheadOf(ahead: number): number {
  if (Number.isInteger(ahead) && ahead >= 0 && ahead < 256) return ahead;
  throw invalid("options.ahead", `Invalid option \`ahead\`: ${ahead}.`);
}

type ReadingArguments = [
  name: string,
  query: string,
  fields: string,
  form: string,
  pageSize: number | undefined,
  limit: number | undefined,
  by: string,
];

function readingOf(name: string, options: ReadOptions): ReadingArguments {
  const { query, fields = [], displayValue, pageSize, limit, by, ahead } = options;
  if (by != null && by !== "keyset" && by !== "offset") throw invalid("options.by", "Invalid option `by`.");
  aheadOf(ahead ?? 0);
  const many = (count: number | undefined) => (count === Number.POSITIVE_INFINITY ? undefined : count);
  return [name, String(query ?? ""), fields.join(), String(displayValue ?? ""), pageSize, many(limit), by ?? ""];
}

function headersOf(lines: string): [string, string][] {
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]);
}
