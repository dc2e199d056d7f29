/** `connect()`: makes an instance from options. Functions and keys stay in JavaScript; the core checks the other options. */

import type {
  Attachments,
  AuthorizationCode,
  Catalog,
  ConnectOptions,
  ImportSet,
  Instance,
  Pace,
  Status,
  Table,
} from "sysparm";
import type { SchemaOptions, TableSchema } from "sysparm/schema";
import type { SysparmError } from "../errors/index.js";
import type { Fetcher } from "../protocol/call.js";
import { Cancellation } from "../protocol/cancellation.js";
import {
  COUNT,
  checkOptions,
  FLAG,
  FUNCTION,
  hasFunctions,
  NUMBER,
  OBJECT,
  type OptionType,
  type OptionTypes,
  SIGNAL,
  STORE,
  TEXT,
} from "../protocol/check-options.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { Send } from "../protocol/send.js";
import { noop } from "../shared/page-requests.js";
import type { SignInContext } from "../sign-in/sign-in.js";
import { Driver } from "./effects/driver.js";
import { callerHeaders } from "./effects/fetch-request.js";
import { MOST_BODY_BYTES } from "./effects/read-reply.js";
import { TokenEffects } from "./effects/token-effects.js";
import { isPlain, optionsText } from "./encode-options.js";
import { invalid, text, throwingErrors } from "./errors.js";
import { type Closing, fileInTime } from "./file-wait.js";
import { lazyCalls } from "./lazy-calls.js";
import type { ReadingContext } from "./pages.js";
import { openTable } from "./table.js";
import { type Client, core, load } from "./wasm.js";

const OPTIONS: OptionTypes<ConnectOptions> = {
  url: { ...TEXT, expects: "the instance's address", isRequired: true },
  // Its members are checked by the core.
  auth: OBJECT,
  timeLimits: OBJECT,
  pace: OBJECT,
  fetch: orNull(FUNCTION),
  store: orNull(STORE),
  lock: orNull({
    expects: "an object with the function request",
    accepts: (value) => hasFunctions(value, "request"),
  }),
  onEvent: orNull(FUNCTION),
  onRequest: orNull(FUNCTION),
  onResponse: orNull(FUNCTION),
  release: TEXT,
  joinReads: FLAG,
  schema: { expects: '"check"', accepts: (value) => value === "check" || value === null },
  maxBodyBytes: COUNT,
};

const PACE: OptionTypes<Pace> = {
  concurrency: NUMBER,
  attempts: NUMBER,
  budgetMs: NUMBER,
  maxWaitMs: NUMBER,
  breaker: {
    expects: "false, or the breaker of an earlier status()",
    accepts: (value) => value === false || OBJECT.accepts(value),
  },
};

/** The options of grants that stay in JavaScript. */
interface HostAuth {
  token?: unknown;
  key?: CryptoKey;
  session?: unknown;
}

/** Opens an instance. */
export async function connect(options: ConnectOptions): Promise<Instance> {
  checkOptions(options, OPTIONS, invalid);
  checkOptions(options.pace ?? {}, PACE, invalid, "pace.");
  checkOptions(options.timeLimits ?? {}, { callMs: NUMBER, tokenMs: NUMBER }, invalid, "timeLimits.");
  const { auth: given, fetch: ownFetch, store, lock, onEvent, pace, release, joinReads, schema, ...others } = options;
  const { onRequest, onResponse, maxBodyBytes: most = MOST_BODY_BYTES, ...rest } = others;
  const { token, key, session: _, ...auth } = { ...(given as HostAuth) };
  const source = typeof token === "function" ? (token as ConstructorParameters<typeof Driver>[2]) : undefined;
  const algorithm = key && (await import("../sign-in/index.js")).algorithmOf(key);
  const grant = (given as { grant?: unknown } | undefined)?.grant;
  if ((key !== undefined && !algorithm) || (key === undefined && grant === "jwt_bearer")) {
    throw invalid(
      "options.auth",
      "Invalid option `auth.key`. Pass a CryptoKey for RSA, ECDSA or HMAC, imported with the usage sign.",
    );
  }
  const texts = optionsText({
    ...rest,
    // `false` is left out of the text.
    pace: pace?.breaker === false ? { ...pace, breaker: "off" } : pace,
    store: !!store,
    auth: { ...(source ? { tokenSource: true } : { token }), algorithm, ...auth },
  });
  if ("certificate" in auth && !ownFetch) {
    throw invalid(
      "options.auth",
      "Missing option `fetch`. With `auth.certificate`, pass a fetch that presents the certificate.",
    );
  }
  await load();
  const client = throwingErrors(() => new core.glue.Client(texts, random(), random()));
  if (!URL.canParse(client.origin))
    throw invalid("options.url", "Invalid option `url`. Pass an address whose host fetch can parse.");
  // Wrapped, because calling `fetch` as a method of another object is an illegal invocation.
  const plain: Fetcher = (url, init) => (ownFetch ?? fetch)(url, init);
  const hooks = (onRequest || onResponse) && (await import("../hooks/index.js"));
  const fetcher = hooks ? hooks.observed(plain, options) : plain;
  const locks = lock ?? globalThis.navigator?.locks;
  const hashed = store && (await (await import("../sign-in/index.js")).storeUnderHash(client.key, store, locks));
  const tokenEffects = new TokenEffects(client, { ...hashed, key });
  const facts = { release, origin: ownFetch ? undefined : client.origin, maxBodyBytes: most };
  const driver = new Driver(client, fetcher, source, tokenEffects, onEvent, facts, hashed?.store);
  hooks?.follow(driver, options);
  const instance = new OpenInstance(client, driver, given as AuthorizationCode, joinReads === true);
  if (schema) (await import("../name-check/index.js")).checkNames(instance, invalid, driver.events.emit);
  return instance;
}

const drawn = new Uint32Array(64);
let left = 0;

/** Drawn for many instances at once: asking the platform costs more than opening a client. */
function random(): number {
  if (left === 0) left = crypto.getRandomValues(drawn).length;
  left -= 1;
  return drawn[left] ?? 0;
}

/** Null means the same as undefined. */
function orNull(type: OptionType): OptionType {
  return { ...type, accepts: (value) => value === null || type.accepts(value) };
}

/** The stream of all requests with low priority; readings are numbered from 1. */
const BULK = 0xffffffff;

class OpenInstance implements Instance {
  readonly url: string;
  readonly #driver: Driver;
  readonly #auth: AuthorizationCode;
  declare [Symbol.dispose]: Instance[typeof Symbol.dispose];
  readonly #interactive: Send;
  // Bound, as those of a table and of `attachments` are.
  readonly aggregate: Instance["aggregate"] = (...given) => this.#lazyCalls.aggregate(...given);
  readonly batch: Instance["batch"] = (...given) => this.#lazyCalls.batch(...given);
  readonly importSet = (name: string): ImportSet => this.#lazyCalls.importSet(name);
  #calls: ReturnType<typeof lazyCalls> | undefined;
  #readings = 0;
  /** Returns of a sign-in that are being handled, by their address. React's StrictMode runs an effect twice. */
  readonly #returns = new Map<string, Promise<boolean>>();
  readonly #closing = new Cancellation();
  readonly #ends: Closing = { closing: this.#closing, closed: closedMeanwhile };

  constructor(client: Client, driver: Driver, auth: AuthorizationCode, joinReads: boolean) {
    this.url = client.origin;
    this.#driver = driver;
    this.#auth = auth;
    this.#interactive = joinReads ? (asked) => this.#lazyCalls.joining(asked) : this.#send(0);
  }

  get attachments(): Attachments {
    return this.#lazyCalls.attachments;
  }

  get catalog(): Catalog {
    return this.#lazyCalls.catalog;
  }

  /** Made by the first use: opening an instance for each call must be cheap. */
  get #lazyCalls(): ReturnType<typeof lazyCalls> {
    this.#calls ??= lazyCalls(
      this.#send(0),
      (name) => this.table(name),
      (...reply) => this.#open().explain(...reply),
    );
    return this.#calls;
  }

  async token(options: { refused?: string; signal?: AbortSignal } = {}): Promise<string> {
    checkOptions(options, { refused: TEXT, signal: SIGNAL }, invalid);
    const { token } = await this.#open().token(options.refused, options.signal);
    return token ?? "";
  }

  status(): Status {
    const expires = Object.entries(this.#auth.expires ?? {});
    const credentials = expires.map(([name, expiresAt]) => {
      return { name, expiresAt, daysLeft: Math.max(0, Math.floor((expiresAt - Date.now()) / 86_400_000)) };
    });
    return { ...this.#driver.status(), ...(expires.length > 0 && { credentials }) };
  }

  table<Fields extends object, Writes extends object>(name: string): Table<Fields, Writes> {
    text("table", name);
    // Each reading is a stream of its own, so that two share the instance evenly.
    const context: ReadingContext = {
      ...this.#ends,
      prepare: (signal) => this.#prepare(signal),
      emit: this.#driver.events.emit,
    };
    const table: unknown = openTable(name, this.#interactive, () => this.#send(++this.#readings), context);
    return table as Table<Fields, Writes>;
  }

  /** Requests a token that a call is about to need. That call reports a failure: it comes within the pause, and no token is requested again. */
  #prepare(signal: AbortSignal | undefined): void {
    const isBearer = "grant" in this.#auth || "token" in this.#auth;
    if (isBearer && !this.#closing.aborted) this.#driver.token(undefined, signal).catch(noop);
  }

  #send(stream: number): Send {
    const send: Send = (asked) => {
      if (this.#closing.aborted) return Promise.reject(closed());
      if (asked.headers || asked.params) {
        const file = fileInTime(import("../additions/index.js"), this.#ends, asked.signal ?? asked.cancellation);
        return file.then(({ added }) => send(added(asked, callerHeaders, invalid)));
      }
      return this.#driver.request(asked, stream);
    };
    return send;
  }

  async schema(table: string, options?: SchemaOptions): Promise<TableSchema> {
    return (await import("../schema/index.js")).schema(this, table, options);
  }

  async request(path: string, options?: RequestInit): Promise<Response> {
    const init = options ?? {};
    text("path", path);
    const method = text("method", init.method ?? "GET").toUpperCase();
    if ((method === "GET" || method === "HEAD") && init.body != null) {
      throw invalid("request.body", `Invalid option \`body\`: a ${method} has none. Remove it or pass another method.`);
    }
    if (isPlain(init.body))
      throw invalid("request.body", "Invalid option `body`. Pass JSON as a string: JSON.stringify().");
    checkBody(init.body);
    const signal = init.signal ?? undefined;
    // An AbortController passed as a signal would be noticed only after the request was sent.
    checkOptions({ signal }, { signal: SIGNAL }, invalid);
    const stream = init.priority === "low" ? BULK : 0;
    const { reply } = await this.#open().request(
      { method, path, expect: ExpectedBody.untouched, init, signal },
      stream,
    );
    return reply as Response;
  }

  async signIn(options: { open?: (url: string) => void } = {}): Promise<string> {
    checkOptions(options, { open: FUNCTION }, invalid);
    this.#open();
    const { signIn } = await import("../sign-in/index.js");
    return signIn(this.#signInContext(), options.open);
  }

  async handleRedirect(address?: string): Promise<boolean> {
    const driver = this.#open();
    const asked = text("address", address ?? globalThis.location?.href);
    // Shared before the file is imported: the first of two calls may end before the second continues.
    const outcome =
      this.#returns.get(asked) ??
      import("../sign-in/index.js")
        .then(({ handled }) => handled(this.#signInContext(), driver, asked, address === undefined))
        .finally(() => this.#returns.delete(asked));
    this.#returns.set(asked, outcome);
    return outcome;
  }

  async signOut(options: { revoke?: boolean } = {}): Promise<void> {
    checkOptions(options, { revoke: FLAG }, invalid);
    await this.#open().signOut(options.revoke === true);
  }

  close(): void {
    this.#closing.abort();
    this.#driver.close(closedMeanwhile);
  }

  #signInContext(): SignInContext {
    return { origin: this.url, auth: this.#auth, invalid };
  }

  #open(): Driver {
    if (this.#closing.aborted) throw closed();
    return this.#driver;
  }
}

/** Checks a body before a token is requested, so that it is not a write with an unknown outcome. */
function checkBody(body: RequestInit["body"]): void {
  if (typeof body === "string" || body == null) return;
  try {
    // Accepts what `fetch` accepts, and no stream that something else has read.
    const { headers } = new Request("http://x", { method: "POST", body, duplex: "half" } as RequestInit);
    // Firefox sends the text "[object ReadableStream]".
    if (body instanceof ReadableStream && (body.locked || headers.has("content-type"))) throw body;
  } catch {
    throw invalid(
      "request.body",
      "Invalid option `body`. Pass what fetch sends, and no stream that is locked or has been read.",
    );
  }
}

function closedMeanwhile(): SysparmError {
  return invalid("instance.closed", "The instance was closed while the call was under way");
}

function closed(): SysparmError {
  return invalid("instance.closed", "The instance is closed. Call connect() again.");
}

// Absent in engines without explicit resource management.
if (Symbol.dispose)
  OpenInstance.prototype[Symbol.dispose] = function (this: OpenInstance) {
    this.close();
  };
