/** `connect()`: options in, an instance out. Unknown options are named; everything else the core checks. */
import type { ClientCredentials, ConnectOptions, Instance, Status, SuppliedToken, Table } from "sysparm";
import { Driver } from "./driver.js";
import { invalid, optionalNumber, optionalText, text, throwing } from "./errors.js";
import { EXPECT } from "./reply.js";
import { openTable } from "./table.js";
import { Client, load } from "./wasm.js";

const OPTIONS = ["url", "auth", "fetch", "timeLimits"];
const AUTH = ["grant", "clientId", "clientSecret", "scope", "clientAuth", "token", "expiresAt"];
const TIME_LIMITS = ["callMs", "tokenMs"];

export async function connect(options: ConnectOptions): Promise<Instance> {
  known(options, OPTIONS, "");
  known(options.auth, AUTH, "auth.");
  if (options.timeLimits) known(options.timeLimits, TIME_LIMITS, "timeLimits.");
  await load();
  const auth: Partial<ClientCredentials> & Partial<SuppliedToken> = options.auth;
  const source = typeof auth.token === "function" ? auth.token : undefined;
  const client = throwing(
    () =>
      new Client(
        text("url", options.url),
        optionalText("auth.grant", auth.grant),
        optionalText("auth.clientId", auth.clientId),
        optionalText("auth.clientSecret", auth.clientSecret),
        optionalText("auth.scope", auth.scope),
        optionalText("auth.clientAuth", auth.clientAuth),
        source ? undefined : optionalText("auth.token", auth.token),
        source !== undefined,
        optionalNumber("auth.expiresAt", auth.expiresAt),
        optionalNumber("timeLimits.callMs", options.timeLimits?.callMs),
        optionalNumber("timeLimits.tokenMs", options.timeLimits?.tokenMs),
      ),
  );
  // Called through a variable of its own: fetch as a method of another object is an illegal invocation.
  const fetcher = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));
  return new OpenInstance(client, new Driver(client, fetcher, source));
}

class OpenInstance implements Instance {
  readonly url: string;
  readonly #driver: Driver;
  #closed = false;

  constructor(client: Client, driver: Driver) {
    this.url = client.origin;
    this.#driver = driver;
  }

  async token(options: { refused?: string; signal?: AbortSignal } = {}): Promise<string> {
    const { token } = await this.#open().token(optionalText("refused", options.refused), options.signal);
    return token ?? "";
  }

  status(): Status {
    return this.#driver.status();
  }

  table(name: string): Table {
    return openTable(text("the table's name", name), (asked) => this.#open().request(asked));
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    text("the path", path);
    const method = text("the method", init.method ?? "GET").toUpperCase();
    if ((method === "GET" || method === "HEAD") && init.body != null) {
      throw invalid("request.body", `A ${method} carries no body`);
    }
    if (init.body instanceof ReadableStream && init.body.locked) {
      throw invalid("request.body", "The body is a stream that something else has begun to read");
    }
    const signal = init.signal ?? undefined;
    const { reply } = await this.#open().request({ method, path, expect: EXPECT.untouched, init, signal });
    return reply as Response;
  }

  close(): void {
    this.#closed = true;
    this.#driver.close(invalid("instance.closed", "The instance was closed while the call was under way"));
  }

  #open(): Driver {
    if (this.#closed) throw invalid("instance.closed", "The instance was closed; connect() opens it again");
    return this.#driver;
  }
}

function known(given: object, names: readonly string[], prefix: string): void {
  if (typeof given !== "object" || given === null) {
    throw invalid("options.unknown", `connect() needs ${prefix.replace(/\.$/, "") || "its options"} as an object`);
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid("options.unknown", `connect() knows no option ${prefix}${unknown}; it knows ${names.join(", ")}`);
  }
}
