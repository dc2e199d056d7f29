/**
 * sysparm: the ServiceNow core for browsers and the edge.
 *
 * This file is the contract of the npm package; it is written by hand and type-tested. Times are milliseconds since
 * 1970-01-01 UTC unless a name says otherwise. Longer than 400 lines because a contract is read from one place.
 */

import type {
  AggregateGroup,
  AggregateOptions,
  Attachments,
  BatchOptions,
  BatchOutcome,
  BatchRequest,
  CreateOptions,
  DeleteOptions,
  ImportSet,
  Known,
  UpdateOptions,
  UpsertOptions,
} from "./calls.js";
import type { Catalog } from "./catalog.js";
import type { ErrorCode } from "./error-codes.js";
import type { Query, QueryFor } from "./query.js";
import type {
  AnyFields,
  ChangesOf,
  DisplayValue,
  FieldName,
  FieldsOf,
  Flat,
  OwnField,
  RowOf,
  WritesOf,
} from "./rows.js";
import type { SchemaOptions, TableSchema } from "./schema.js";

export * from "./calls.js";
export * from "./catalog.js";
export * from "./error-codes.js";
export * from "./rows.js";

/** `WebAssembly.Module`, where the types of the platform declare it: those of Node do not. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : never;
/** `CryptoKey`, which the types of Node do not declare by that name. */
export type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A WebAssembly file: compiled, its bytes, a reply with it, or its address. */
export type WasmSource = WasmModule | ArrayBuffer | ArrayBufferView | Response | Promise<Response> | URL | string;

/**
 * Instantiates the WebAssembly module. `connect()` does it by itself; call it earlier to start the download earlier, or to supply the file:
 * `source` is `sysparm/sysparm.wasm`. `explaining` is `sysparm/classify.wasm`, which explains failures and is otherwise loaded with the first.
 * `reading` is `sysparm/pages.wasm`, which finds the pages of a table and is otherwise loaded by the first `pages()`, `rows()` or `list()`.
 */
export function load(source?: WasmSource, explaining?: WasmSource, reading?: WasmSource): Promise<void>;

/** Opens an instance. No request is made before the first call needs one. @throws RequestError for options that cannot work */
export function connect(options: ConnectOptions): Promise<Instance>;

/**
 * Says what a reply means, of a request that anybody sent: what is wrong, what repeating may do, and the causes with their
 * fixes. Pure: nothing is sent and nothing remembered. A file of its own (56 KB after brotli), loaded by the first call or failure.
 * Secrets of the exchanges (credentials in headers, forms and addresses, granted tokens) are in no evidence.
 * @throws RequestError for what is no reply at all
 */
export function classify(reply: Observed, context?: Context): Promise<Classified>;

/** A request, and the reply to it or how it ended without one. */
export interface Observed {
  /** As a Response has it. Left out when no reply came. */
  status?: number | undefined;
  headers?: Headers | Record<string, string> | readonly (readonly [string, string])[] | undefined;
  /** The whole body as text. Left out when it is not known: then nothing is concluded from what it may lack. */
  body?: string | undefined;
  /** What was sent; `method` is GET by default, as with `fetch`. Without `request` it counts as a write that may have happened. */
  request?:
    | {
        method?: string | undefined;
        /** A whole address, or path and query string. */
        url?: string | undefined;
        headers?: Observed["headers"];
        body?: string | undefined;
      }
    | undefined;
  /**
   * Without a status: why. In a page `unreadable` says that the same address answers with `mode: "no-cors"`, `silent` that it
   * does not, and `unreachable` that nobody has tried.
   */
  transport?: "unreachable" | "timed-out" | "unreadable" | "silent" | "mixed-content" | undefined;
  /** When it was sent; now by default. */
  at?: number | undefined;
  /** How long it took. */
  durationMs?: number | undefined;
}

/** What else is known when a reply is classified. */
export interface Context {
  /** Exchanges before this one, oldest first; the latest 64 count. They tell how old a token is and what was accepted before. */
  earlier?: readonly Observed[] | undefined;
  /** The instance's release ("washingtondc", "zurich", ...): fixes use its menu words. */
  release?: string | undefined;
}

/** The result of `classify()`. */
export interface Classified extends Diagnosis {
  /** What happened, in one sentence without a full stop. The code is `reply.in-order` where nothing speaks against it. */
  title: string;
}

/** Options of `connect()`. */
export interface ConnectOptions {
  /**
   * The instance's address: `https://dev12345.service-now.com`. Plain http is accepted for loopback only. It has no path: for a gateway below
   * one pass its origin, and a `fetch` that adds the path.
   */
  url: string;
  auth: Auth;
  /**
   * Sends the requests; the platform's own `fetch` by default. One call is one attempt: a fetch that repeats by itself can hide that a
   * write has arrived. In Deno the options of a write have a `client`, without which Deno may send it twice.
   */
  fetch?: typeof fetch | undefined;
  /** Where tokens are kept beyond this instance's life, and shared; nowhere by default. `sysparm/stores` has some. */
  store?: Store | undefined;
  /** One holder at a time among all that share the store: Web Locks by default, or this module where there are none. */
  lock?: Lock | undefined;
  timeLimits?: TimeLimits | undefined;
  pace?: Pace | undefined;
  /** The instance's release: "washingtondc", "Zurich", ... Fixes then use its menu words; without it, those of all releases. */
  release?: string | undefined;
  /**
   * Sends the reads of one tick as one Batch call: `get()`, `list()` and `count()` of tables, not `pages()`, `rows()` or `request()`.
   * A read that does not come well in it goes by itself. For screens that read many records at once; off by default.
   */
  joinReads?: boolean | undefined;
  /**
   * "check": names of fields in `query`, `fields`, orders, groups and records are compared with the table's schema, which is read once an
   * hour (`schema()`). An unknown one is refused with the nearest, before anything else is sent: `request.unknown-field`. The instance
   * itself leaves out what it does not know, and answers with more rows or drops the value. Behind a dot as far as the schema of the other
   * table has been read. A field that is newer than the schema is refused, too, until `schema(table, { maxAgeMs: 0 })` has read it anew.
   * Where the dictionary may not be read whole, nothing is refused, and the event `schema.unread` says why. Not for `request()`,
   * `batch()`, import sets and `sysparm/sync`.
   */
  schema?: "check" | undefined;
  /**
   * Decoded bytes of a page, a record or another body that is parsed here: 67,108,864 by default. A larger one is read no further and
   * ends its call with `reply.too-large`; pages are then asked for in halves. What `request()` and attachments hand over as a stream
   * is not bounded.
   */
  maxBodyBytes?: number | undefined;
  /**
   * Called with every HTTP request just before it is sent, requests for tokens included. It sees the request and cannot change it: what
   * the client has to send is decided before, and a repeated write must be the same one. Headers and parameters are options of each call,
   * `fetch` changes every request. What it throws is reported as an unhandled error and fails no call.
   */
  onRequest?: ((request: SentRequest) => void) | undefined;
  /** Called when the exchange is over, once for each that `onRequest` is called with, also where no reply came. */
  onResponse?: ((response: ReceivedResponse) => void) | undefined;
  /** Called with what happens, as data that can be shown, logged or posted to a webhook as it is: no event holds a secret. */
  onEvent?: ((event: SysparmEvent) => void) | undefined;
}

/** An HTTP request, without its headers and body: no credential is in it. */
export interface SentRequest {
  /** Counts requests, those of other instances included. The response has the same. */
  id: number;
  /** By this machine's clock. */
  at: number;
  method: string;
  path: string;
  /** The query string with its `?`, or empty. A parameter whose name suggests a credential has the value REDACTED. */
  search: string;
  /** For a token, and not of a call. */
  isForToken: boolean;
  /** Counts calls, those of other instances included: the same for all requests of one call. Null for a token. */
  call: number | null;
  /**
   * How long the call has waited for this request: for a token and in the queue, from its beginning or, where it is repeated, from the end of the
   * request before. 0 for a token.
   */
  waitedMs: number;
  /** 1 for the first request of a call, 2 for its first repetition. Of a token: since the last one that was granted. */
  attempt: number;
}

/** How an HTTP request ended. */
export interface ReceivedResponse extends SentRequest {
  /** Until the body was read; until its headers came where the caller reads the body, or nobody does. */
  durationMs: number;
  /** Until the headers of the reply came; null where none came. */
  headersMs: number | null;
  /** Null where no reply came, or a page may not see it. */
  status: number | null;
  /** Decoded bytes that were read of the body. Where it is not read here, what `Content-Length` says, or null. */
  bytes: number | null;
  /** `X-Transaction-ID`, by which the instance's logs know the request; null where it sends none. A CORS rule must expose it to a page. */
  transactionId: string | null;
  /** Where the exchange broke: a code such as "ECONNREFUSED", or the name of what was thrown, such as "AbortError". */
  error?: string;
}

/** How the instance knows who is asking. Each is a row of one table in the core. */
export type Auth =
  | ClientCredentials
  | PasswordGrant
  | AuthorizationCode
  | JwtBearer
  | RefreshTokenGrant
  | ApiKey
  | Basic
  | Certificate
  | SuppliedToken;

/** What every OAuth client has. */
export interface OAuthClient {
  clientId: string;
  /** Two while a secret is being rotated: whichever the instance accepts is used, and no call fails. */
  clientSecret?: string | readonly [string, string] | undefined;
  /** Where the client's id and secret are sent: in the form body (what ServiceNow documents) or in a Basic header. */
  clientAuth?: "body" | "basic" | undefined;
  /** When credentials end, by a name of your own: `{ clientSecret: 1798675200000 }`. Reported 30, 7 and 1 day ahead, and at the end. */
  expires?: Readonly<Record<string, number>> | undefined;
}

/** OAuth 2.0 client credentials (Washington DC or later; the registry record needs an OAuth Application User). */
export interface ClientCredentials extends OAuthClient {
  grant: "client_credentials";
  clientSecret: string | readonly [string, string];
  /** Space separated auth scopes; left out unless given, because an unknown scope is refused. */
  scope?: string | undefined;
}

/** A user's name and password (RFC 6749 section 4.3); refreshed while the refresh token lives, then sent again. */
export interface PasswordGrant extends OAuthClient {
  grant: "password";
  clientSecret: string | readonly [string, string];
  username: string;
  password: string;
  scope?: string | undefined;
}

/** A person signs in: see `signIn()` and `handleRedirect()`. Always with PKCE and state; without a secret for public clients. */
export interface AuthorizationCode extends OAuthClient {
  grant: "authorization_code";
  /**
   * Exactly as the registry record has it, and the address that the browser shows then. With https, with http on loopback, or with
   * an app's own scheme, such as com.example.app:/back.
   */
  redirectUri: string;
  scope?: string | undefined;
  /** Remembers a sign-in until its return; the tab's `sessionStorage` by default. */
  session?:
    | {
        /** The text stored under a name, or null. */
        getItem(name: string): string | null;
        /** Stores a text under a name. */
        setItem(name: string, text: string): void;
        /** Removes a text. */
        removeItem(name: string): void;
      }
    | undefined;
}

/** A signed assertion (RFC 7523): `iss` and `aud` are the client id, a fresh `jti` each time. ES algorithms since Zurich. */
export interface JwtBearer extends OAuthClient {
  grant: "jwt_bearer";
  /** Whose token it is: matched against the user field of the registry record, often the e-mail address. */
  subject: string;
  /** Signs; import it with `extractable: false`, so that nobody can read it out. */
  key: SigningKey;
  /** The `kid` of the JWT verifier map. */
  keyId?: string | undefined;
  /** `aud`, where it is not the client id. */
  audience?: string | undefined;
  /** The key's own by default: "RS256", "ES384", ... */
  algorithm?: string | undefined;
  scope?: string | undefined;
}

/** A refresh token from elsewhere. */
export interface RefreshTokenGrant extends OAuthClient {
  grant: "refresh_token";
  refreshToken: string;
}

/** An API key (Washington DC or later, plugin com.glide.tokenbased_auth). */
export interface ApiKey {
  apiKey: string;
  /** "query" puts it into every address, where proxies and servers log it. "header" by default. */
  in?: "header" | "query" | undefined;
  expires?: Readonly<Record<string, number>> | undefined;
}

/** HTTP Basic. New instances refuse it for users who can log in interactively (Australia). */
export interface Basic {
  username: string;
  password: string;
  expires?: Readonly<Record<string, number>> | undefined;
}

/** Mutual TLS: the `fetch` that you supply presents the certificate. */
export interface Certificate {
  certificate: true;
  expires?: Readonly<Record<string, number>> | undefined;
}

/** An access token that something else obtained. */
export interface SuppliedToken {
  token: string | TokenSource;
  /** When the token given as text dies. Without it, it is used until the instance refuses it. */
  expiresAt?: number | undefined;
}

/**
 * Keeps text under a name. `sysparm` stores one text for each instance and client: versioned, replaced whole, unreadable text
 * counts as absent. A store that fails or takes longer than 2 s is left out and reported by an event, and keeps no call from being made.
 */
export interface Store {
  /**
   * The text stored under a name; null or undefined where there is none. What is stored has the instance's origin and a hash for its
   * name. It is also asked for the name that version 0.1.0 used, in which the user's name stands.
   */
  get(name: string): Promise<string | null | undefined>;
  /** After `expiresAt` nobody wants it any more: the store may forget it. */
  set(name: string, text: string, options: { expiresAt: number }): Promise<void>;
  /** Calls back when another context has set it; returns what ends that. Without it others learn of a sign-out at their next renewal. */
  watch?(name: string, changed: () => void): () => void;
}

/** One holder at a time of a name; let go of when the promise of `run` settles or its context ends. `navigator.locks` is one. */
export interface Lock {
  /** Runs `run` while the lock is held, and settles as `run` does. */
  request(name: string, run: () => Promise<void>): Promise<unknown>;
}

/** What happens of its own accord. `at` and `until` are times by this machine's clock. */
export type SysparmEvent =
  /** `detail`: where it came from. */
  | { type: "token.renewed"; at: number; detail: "request" | "store" | "source"; until?: number }
  /** A renewal failed; the next one is due at `until`. The token held is used while it lives. */
  | { type: "token.failed"; at: number; until?: number; message: string; diagnosis: Diagnosis }
  /**
   * A person must see to it. Once for each cause, until a token comes; the state is `status().token.attention`. A visitor who has not
   * signed in yet is no cause: calls fail with `token.sign-in-needed`.
   */
  | { type: "attention"; at: number; message: string; diagnosis: Diagnosis }
  /** The store or the lock failed or was late, or what was stored cannot be read. */
  | { type: "store.failed"; at: number; detail: "lock" | "load" | "save" | "unreadable" }
  /** A credential of `auth.expires` ends at `until`. */
  | { type: "credential.expiring"; at: number; detail: string; until: number }
  | { type: "signed-out"; at: number }
  /** A sign-out was to revoke the tokens, and the instance did not say that it had. */
  | { type: "revocation.failed"; at: number }
  /** A request failed and is sent again at `until`; or no token could be had for it, and another is asked for then. */
  | { type: "request.retried"; at: number; until: number; message: string; diagnosis: Diagnosis }
  /** An hourly rate limit rule is used up, or nearly: calls that nobody waits for wait until then. */
  | { type: "rate.limited"; at: number; until: number }
  /** The instance is left alone until then. */
  | { type: "breaker.opened"; at: number; until: number; message: string; diagnosis: Diagnosis }
  | { type: "breaker.closed"; at: number }
  /** With `schema: "check"`: the names of a table's fields are not checked. Once for each table; `detail` says which and why. */
  | { type: "schema.unread"; at: number; detail: string }
  /** A page or record came with raw control characters in its texts, which JSON does not allow, and was read all the same; how many. */
  | { type: "reply.repaired"; at: number; detail: string }
  /**
   * A row came that the query excludes, so the instance has left out a condition, as it does with one on a misspelt field. `detail` is
   * the table and the field. Once for each reading; `Page.caveat` says it.
   */
  | { type: "query.condition-dropped"; at: number; detail: string };

/**
 * Supplies tokens from elsewhere: another isolate, a server, a vault. Called when no usable token is held; after a 401
 * with the token that was refused, so that the source renews only if that token is still the one it holds.
 */
export type TokenSource = (refused?: string) => Promise<{ token: string; expiresAt?: number | undefined }>;

/** When requests are sent, and when again. What is given holds for all calls of this instance. */
export interface Pace {
  /**
   * Requests out at once, at the beginning and at most. By default it begins with 4; half as many when the instance says that it
   * has enough (429, 503, 202), soon all but one of those again, and one more after 50 successes or 8 rounds, up to 8.
   */
  concurrency?: number | undefined;
  /** Requests in all for one call, the first included: 5 by default, 255 for a page of a long reading; 1 for no repetition. */
  attempts?: number | undefined;
  /** No pause of a call ends later than so long after it began: 300,000 by default, 7,200,000 for a page of a long reading. */
  budgetMs?: number | undefined;
  /** The longest wait that the instance may ask for: 60,000 by default, 3,660,000 for a page of a long reading. */
  maxWaitMs?: number | undefined;
  /**
   * An instance that fails half of at least 10 calls in 30 s is left alone for 30 s, and after that for a twentieth of the
   * time that it has been away, 30 s to 5 min; one request finds out whether it is back. `false` for never;
   * `status().breaker` of an earlier life to go on with that.
   */
  breaker?: false | Status["breaker"] | undefined;
}

/** Time limits of requests. */
export interface TimeLimits {
  /** One attempt of a call: the wait for its token, and that for its reply; 70,000 by default (the instance's own limit is 60,000). */
  callMs?: number | undefined;
  /** One request for a token; 15,000 by default. */
  tokenMs?: number | undefined;
}

/** A connected instance. `connect()` returns it. */
export interface Instance {
  /** The instance's origin. */
  readonly url: string;
  /**
   * An access token with at least 30 s left, or the last moments of one that the server handed back nearly dead or that was
   * given in the options. With `refused`, another one than that, unless that has just replaced a refused one itself.
   */
  token(options?: { refused?: string | undefined; signal?: AbortSignal | undefined }): Promise<string>;
  /** The state of token, calls, circuit breaker, concurrency and rate limits. Makes no request. */
  status(): Status;
  /**
   * The Table API of one table. Makes no request. Rows have the fields that `Tables` declares for the table.
   * @throws RequestError for a name that no table can have
   */
  table<Name extends string>(name: Name): Table<FieldsOf<Name>, WritesOf<Name>>;
  /** The same for fields that are named here: `table<Incident>("incident")`. */
  table<Fields extends object, Writes extends object = ChangesOf<Fields>>(name: string): Table<Fields, Writes>;
  /**
   * What a table is made of: classes, fields, choices, indexes. `Query.lint()` and `sysparm/values` take it. A file of its own, loaded by the
   * first call; `sysparm/schema` is its contract.
   */
  schema(table: string, options?: SchemaOptions): Promise<TableSchema>;
  /**
   * Counts, averages, extremes and sums by the Aggregate API, one for each group or one for the whole; before access rules on rows.
   * @throws RequestError `aggregate.field` for a field that the instance has left out
   */
  aggregate<Name extends string>(
    table: Name,
    options?: AggregateOptions<QueryFor<FieldsOf<Name>>>,
  ): Promise<AggregateGroup[]>;
  /**
   * Many requests in Batch calls, one after the other, each with an outcome of its own, in the order given. What a call does not reach is
   * sent again in the next; a write is never sent again that may have been carried out. Rejects only for what cannot be sent at
   * all, and when aborted.
   */
  batch<T = unknown>(requests: readonly BatchRequest[], options?: BatchOptions): Promise<BatchOutcome<T>[]>;
  /** The Import Set API of one staging table. Makes no request. */
  importSet(stagingTable: string): ImportSet;
  readonly attachments: Attachments;
  /** The Service Catalog: items and their variables, orders, the cart, and what became of a request. Loaded by its first call. */
  readonly catalog: Catalog;
  /**
   * Any request to this instance, with the token in hand; one renewal and one repeat after a 401, and as many more as `pace`
   * and the diagnosis allow. With `priority: "low"` it waits like a page of a long reading. The body of a success
   * streams and is not looked at. A web page where an API should answer (a sleeping instance says 200) is a failure,
   * unless the Accept header asks for HTML. The signal ends the call, and later the body that was handed over (where there is
   * `AbortSignal.any`: since Node 20.3, Chrome 116, Safari 17.4). Cookies and headers of the connection (`Content-Length`, `Host`, ...) are
   * refused. @throws SysparmError for a failure status; its `response` is the reply, body unread, or where the reply repeats a secret a copy
   * without it. It is absent where `classify.wasm`, which redacts it, cannot be loaded.
   */
  request(path: string, init?: RequestInit): Promise<Response>;
  /**
   * For `authorization_code`: remembers what proves the return, and sends the person to the instance's sign-in page. Resolves
   * to that address; `open` takes it elsewhere than into this tab.
   */
  signIn(options?: { open?: ((url: string) => void) | undefined }): Promise<string>;
  /**
   * Ends a sign-in that this tab began, and obtains the token; the page's own address by default, from which it takes the
   * code away. Calls for one address at the same time share one outcome. False for an address that no sign-in leads to.
   * @throws RequestError with code "sign-in.foreign" for a return
   * that was not begun here (another address than redirectUri, another state or issuer, a parameter twice), which leaves the
   * sign-in waiting; "sign-in.refused" for a refusal
   */
  handleRedirect(url?: string): Promise<boolean>;
  /**
   * Forgets every token, here, in the store and in every tab that watches it. With `revoke` the instance ends the tokens
   * too: ServiceNow gives one live token to all processes of a client and user, so that ends them for all of them. Grants that
   * need no person (client credentials, a password, an assertion) get a new token with the next call: sign a person out, or
   * `close()` the instance. @throws AuthenticationError with code "store.not-cleared" when the store kept the tokens
   */
  signOut(options?: { revoke?: boolean | undefined }): Promise<void>;
  /** Forgets the token and ends what is under way. A reply that was handed over stays whole: its body may be read on. Never throws. */
  close(): void;
  /** The same, at the end of the block of `using` or `await using`. */
  [Symbol.dispose](): void;
}

declare global {
  // Of lib.esnext.disposable, which a project need not have.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** A snapshot of an instance, as plain data without secrets. */
export interface Status {
  token: {
    state: "absent" | "renewing" | "held" | "failed";
    /** Counts the tokens obtained. */
    generation: number;
    expiresAt?: number;
    /**
     * When it is renewed in the background: a random moment 180 to 60 s before it expires, and no sooner than its half. Absent while no call
     * has used it, while it is being renewed, and where it cannot be.
     */
    renewsAt?: number;
    /** After a failed renewal: when the next request for a token may be made. The token held is used meanwhile. */
    retryAt?: number;
    /** Renewals that failed in a row. */
    failures?: number;
    /** What a person must see to. */
    attention?: { message: string; diagnosis: Diagnosis };
  };
  /** Of `auth.expires`. */
  credentials?: { name: string; expiresAt: number; daysLeft: number }[];
  callsUnderWay: number;
  /** `opensAt`: when one request may find out. Plain JSON: give it to the `pace` of a later life. */
  breaker: { state: "closed" } | { state: "open" | "probing"; opensAt: number; pauseMs: number };
  /** Requests that may be out at once, that are, and calls in line. */
  concurrency: { limit: number; out: number; waiting: number };
  /** Calls wait for an hourly rule until then: the `until` of the event `rate.limited`. An aborted call's reason has it as its `cause`. */
  limitedUntil?: number;
  /** The hourly rules that replies have named; `used` as far as this instance has seen. */
  rate: { limit: number; used: number; resetsAt: number }[];
  /** Of the latest failure. */
  lastDiagnosis?: Diagnosis;
}

/**
 * The fields of tables by the table's name, with the types of their raw values. Empty: `npx sysparm types` writes a file that adds
 * tables, and so can you. A field that access rules hide from a row is missing there all the same.
 *
 * ```ts
 * declare module "sysparm" {
 *   interface Tables {
 *     incident: { readonly sys_id: SysId<"incident">; number: string; state: "1" | "2" | (string & {}) };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs add to it
export interface Tables {}

/** What records of tables are created with, by the table's name, where it is more than the fields of `Tables` that are not `readonly`. */
// biome-ignore lint/suspicious/noEmptyInterface: programs add to it
export interface TableWrites {}

/** The Table API of one table. */
export interface Table<Fields extends object = AnyFields, Writes extends object = ChangesOf<Fields>> {
  readonly name: string;
  /**
   * The first page that holds rows, or an empty one if the walk found none. Where its rows are all, it is read on until that is proved,
   * so that `complete` and `hidden` are known.
   */
  list<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    options?: ReadOptions<Field, Display, QueryFor<Fields>>,
  ): Promise<Page<RowOf<Fields, Field, Display>>>;
  /** @throws RecordError when there is no such record, or access rules hide it */
  get<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    id: string,
    options?: RecordOptions<Field, Display>,
  ): Promise<RowOf<Fields, Field, Display>>;
  /**
   * Creates a record; the result is as the instance stored it, defaults and business rules applied. Fields that the table does
   * not have are dropped by the instance without a word. @throws UnknownOutcomeError when no answer came: it may exist; with
   * `correlation` it is looked up first. Where this user may not read the record, it comes with the `sys_id` of its address alone;
   * InstanceError `reply.incomplete` where the instance gives neither: it was created
   */
  create<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    row: Flat<Writes>,
    options?: CreateOptions<Field, Display>,
  ): Promise<RowOf<Fields, Field, Display>>;
  /** Changes the fields given and leaves the others (PATCH). @throws RecordError, UnknownOutcomeError */
  update<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    id: string,
    patch: Partial<Writes>,
    options?: UpdateOptions<Field, Display>,
  ): Promise<RowOf<Fields, Field, Display>>;
  /** @throws RecordError when there is no such record, UnknownOutcomeError when no answer came */
  delete(id: string, options?: DeleteOptions): Promise<void>;
  /**
   * How many rows a query finds, by the Aggregate API: before access rules on rows, so no promise that all can be read. The instance leaves
   * out a condition on a field that it does not know, and nothing shows it in a number: `verify`, or `schema: "check"` of `connect()`.
   * @throws InstanceError `reply.incomplete` for a success without a count; with `verify` RequestError `request.unknown-field`
   */
  count(query?: string | QueryFor<Fields>, options?: CountOptions): Promise<number>;
  /**
   * Every page, to the last row, in the order of the query and then of `sys_id`. Pages emptied by access rules are stepped over
   * and counted. A page that takes the instance too long, or comes cut, is asked for in halves. Where access rules forbid the order
   * or the ranges that reading by key needs, the walk goes on by offset, and `caveat` says what that cannot promise.
   *
   * A page waits out limits, outages and a sleeping instance for up to two hours: `onEvent` and `status()` tell of it, `signal`
   * ends it, and `pace` (`attempts`, `budgetMs`) makes it shorter. `list()` fails within the limits of a single call.
   */
  pages<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    options?: ReadOptions<Field, Display, QueryFor<Fields>>,
  ): AsyncIterableIterator<Page<RowOf<Fields, Field, Display>>>;
  /** Every row, one at a time. */
  rows<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    options?: ReadOptions<Field, Display, QueryFor<Fields>>,
  ): AsyncIterableIterator<RowOf<Fields, Field, Display>>;
  /** The first row that may be read, in the order of the query; undefined where there is none. */
  first<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    options?: Omit<ReadOptions<Field, Display, QueryFor<Fields>>, "limit">,
  ): Promise<RowOf<Fields, Field, Display> | undefined>;
  /** Every row in one list, for tables that fit into memory. */
  toArray<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    options?: ReadOptions<Field, Display, QueryFor<Fields>>,
  ): Promise<RowOf<Fields, Field, Display>[]>;
  /**
   * A record with this value of a field, such as its number; undefined where there is none that may be read.
   * @throws RequestError `write.key-unusable` where the instance does not filter by the field
   */
  findBy<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    field: string,
    value: string | number | boolean,
    options?: RecordOptions<Field, Display>,
  ): Promise<RowOf<Fields, Field, Display> | undefined>;
  /**
   * Updates the one record that has the row's value of the field `by`, or creates it. It looks first and then writes: of two callers at
   * once each may create one. @throws RecordError `write.duplicated` where several records have the value
   */
  upsert<Field extends FieldName<Fields> = OwnField<Fields>, Display extends DisplayValue = false>(
    row: Flat<Writes>,
    options: UpsertOptions<Field, Display>,
  ): Promise<RowOf<Fields, Field, Display>>;
}

/** A record's fields as they are written: raw values, times in UTC. */
export type Written = Record<string, string | number | boolean | null>;
/** Options of calls that return one record. */
export type RecordOptions<Field extends string = string, Display extends DisplayValue = DisplayValue> = Pick<
  ReadOptions<Field, Display>,
  "fields" | "displayValue" | keyof CallOptions
>;

/** Options of every call of an API. */
export interface CallOptions {
  /** Ends the call, which rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Headers that are sent in addition, with every request of the call: every page, every attempt, every look for a lost answer. Refused
   * by name (`request.header`) are those that the call sets itself, such as `Accept`; `Authorization` is `auth` of `connect()`. Of a read
   * that is too long for an address the Batch call has them, and not the request in it.
   */
  headers?: Headers | Readonly<Record<string, string>> | undefined;
  /**
   * Parameters of the address that are sent in addition, alike with every request: `{ sysparm_query_no_domain: true }`. Refused by name
   * (`request.parameter`) are those that the call sets itself, such as `sysparm_limit`. They stand in the errors of the call.
   */
  params?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Options of calls that count. */
export interface CountOptions extends CallOptions {
  /**
   * Counts first whether the instance filters by every field of the query: rows that have both a value and none in a field. One request
   * more, and none for a query without conditions. Needs no right to read the dictionary, as `schema: "check"` does, and names no nearest.
   * An instance that answers a misspelt field with no rows (`glide.invalid_query.returns_no_rows`) leaves nothing out: the count is 0.
   */
  verify?: boolean | undefined;
}

/** Options of calls that read rows. */
export interface ReadOptions<
  Field extends string = string,
  Display extends DisplayValue = DisplayValue,
  Asked extends Query = Query,
> extends CallOptions {
  /**
   * An encoded query: `active=true^priority<=2`, or one built with `sysparm/query`. One that is too long for an address
   * (6,000 characters) is asked through the Batch API, whole. Text that is none (an address, percent-encoded, without an operator) is
   * refused with the query that it holds: `query.unread`. One whose type is that of another table does not compile.
   */
  query?: string | Asked | undefined;
  /** By key, `sys_id` and the field of the query's order come along with these: taking them out again would cost every row. */
  fields?: readonly Field[] | undefined;
  /**
   * Raw values (false, the default), labels (true) or both ("all"). Labels alone do not say where a page in the order of a field ends: such
   * a reading goes on by offset.
   */
  displayValue?: Display | undefined;
  /** Rows asked for at a time, 1 to 10,000; 1,000 by default. */
  pageSize?: number | undefined;
  /** Rows wanted in all. `list()` reads on for as many where a page comes short, up to `pageSize`. */
  limit?: number | undefined;
  /**
   * "keyset": each page begins behind the last row of the one before, so rows that others insert or delete move nothing, and the
   * last page costs the instance what the first did. Without `by` this is taken where the query's order is by `sys_id`,
   * `sys_updated_on`, `sys_created_on` or none; said outright, it is taken for any one field, and you vouch that the field is neither
   * a reference nor a choice, which are sorted by what they show. "offset": each page is counted from the first row.
   */
  by?: "keyset" | "offset" | undefined;
  /**
   * Pages asked for while you work on one, 0 to 8; 1 by default. From 2 on they are asked for at once, as far as `pace.concurrency`
   * lets them. By key each of them begins a few rows early, and is taken if it joins the page before; where it does not, because rows
   * came, went or are hidden, it is asked for again. The order stays, and so does the promise. In the order of `sys_updated_on` the
   * newest rows, where those arrive that change meanwhile, are read page by page. That number of pages more is held in memory; while you
   * wait for one that is late, up to twice as many. `list()` asks for none.
   */
  ahead?: number | undefined;
}

/** A field's value: text, or both forms where "all" was asked for. A field that is missing may not be read. */
export type Value = string | { value?: string; display_value?: string };
/** One row: field names and values. */
export type Row = Record<string, Value>;

/** One page of rows, and how far the reading has come. */
export interface Page<Fields extends object = Row> {
  rows: Fields[];
  /** Rows seen so far by this walk, this page included. */
  seen: number;
  /** Rows that the instance counts for this query, before access rules; null when it does not say. */
  total: number | null;
  /**
   * Rows that access rules hide, by that count; known at the end. Null before, when the total is not known, and where rows are missing
   * that access rules do not explain: they were deleted meanwhile, or `caveat` says why.
   */
  hidden: number | null;
  /** True on the last page, if every row that was there throughout and may be read has been handed over, but for what `caveat` says. */
  complete: boolean;
  /**
   * What the way that the walk had to take, or the order that was asked for, cannot promise, in words: by offset, without an order,
   * and in the order of a field that changes (newest first too), where a row that changes meanwhile can move past the reader. Rows
   * that the query excludes, which come where the instance has left out a condition: it does so with one on a misspelt field. They are seen
   * where `fields` is not given or has that field. Where
   * the last page is not complete for another reason than `limit`, the reason: no count that can be relied on, rows that share a
   * `sys_id`, a server that ignores the order, the condition on the key or the offset. Null
   * for a walk by key in the order of `sys_id`, `sys_created_on` or, oldest first, `sys_updated_on`, and where one page showed all.
   */
  caveat: string | null;
  /** The path of the page that follows, as `request()` takes it, without `params`; null after the last page, and where `limit` ended the walk. */
  next: string | null;
}

/** What a failure is about. The class of the error follows from it. */
export type Kind =
  | "authentication"
  | "authorization"
  | "rate"
  | "capacity"
  | "request"
  | "record"
  | "network"
  | "instance"
  | "unknown";

/** What a failure means: what may be repeated, the possible causes, what was seen. */
export interface Diagnosis {
  /**
   * Stable: "token.refused", "table.unknown", "network.unreachable", ... With "instance.broken" the package's WebAssembly has ended
   * with a trap (the error's `cause`), and with it all calls of every instance: `connect()` opens a new one.
   */
  code: ErrorCode;
  /** What happened, in one sentence without a full stop; absent where no row of the catalogue says it, or its file cannot be loaded. */
  title?: string;
  kind: Kind;
  retry: { when: "never" | "after-renewal" | "after" | "backoff" | "look-first"; afterMs?: number };
  /** Most likely first. They come with the words of a failure: empty where that file cannot be loaded. */
  causes: Cause[];
  /** What was seen, in words. Never a secret. */
  evidence: string[];
}

/** One possible cause of a failure, how to confirm it, and how to fix it. */
export interface Cause {
  code: string;
  title: string;
  /** 0 to 1; the likelihoods of one diagnosis sum to at most 1. */
  likelihood: number;
  tellApart: string;
  fix: string[];
  source: string;
}

/**
 * What every import path throws: one class, so `instanceof` holds whichever entry threw. Compare `code`, or use `instanceof` with the
 * classes below.
 */
export class SysparmError extends Error {
  readonly name: string;
  /** The diagnosis's code. */
  readonly code: ErrorCode;
  readonly kind: Kind;
  /** Not enumerable: a printed error has the first step in its message, and the title of a second cause that is about as likely. */
  readonly diagnosis: Diagnosis;
  /** The HTTP status, when a reply came. */
  readonly status?: number;
  /** When the call may be made again, where that is known. */
  readonly resumesAt?: number;
  /** What looking has shown, for a write that was looked up. */
  readonly known?: Known;
  /** The reply of `request()`, body unread. Absent where it cannot be redacted because `classify.wasm` cannot be loaded. */
  readonly response?: Response;
  /** What was thrown underneath, unchanged; a copy of its words where it repeats a secret. Absent where it cannot be redacted. */
  readonly cause?: unknown;
  /** Name, message, diagnosis and the members above, without response and cause: what loggers write. */
  toJSON(): object;
  protected constructor();
}
/** The instance does not accept who is asking. */
export class AuthenticationError extends SysparmError {}
/** The instance knows who is asking and does not allow it. */
export class AuthorizationError extends SysparmError {}
/** Too many requests for now. */
export class RateLimitError extends SysparmError {}
/** The request cannot work as it is. */
export class RequestError extends SysparmError {}
/** No such record, or it is hidden. */
export class RecordError extends SysparmError {}
/** A write was sent and no answer came: it may have happened. Look before repeating it. */
export class UnknownOutcomeError extends SysparmError {}
/** The instance cannot be reached, is asleep, is overloaded or answers something that is not its API. */
export class InstanceError extends SysparmError {}
/** The instance has failed so often that it is left alone until `resumesAt`; nothing was sent. */
export class CircuitOpenError extends InstanceError {}
