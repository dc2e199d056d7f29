/** What a caller gives, taken apart: plain data for the core, which sees no secret, and the secrets for the host. */
import type { AdministratorCredentials, ExamineOptions, IntegrationCredentials } from "sysparm/doctor";

/** The secrets, by the names that an ask gives them. */
export interface Secrets {
  clientSecret?: string;
  password?: string;
  refreshToken?: string;
  assertion?: string;
  /** `Authorization` or an API key's header, for calls as the integration; set by the first token that is granted. */
  integration?: [name: string, value: string];
  administrator?: string;
}

/** All of them, each ended by a NUL. */
export function listed(secrets: Secrets): string {
  const values = Object.values(secrets).map((secret) => (typeof secret === "string" ? secret : secret[1]));
  return values.map((value) => `${value}\0`).join("");
}

interface Parts {
  core: string;
  secrets: Secrets;
}

const KNOWN = [
  "url",
  "auth",
  "administrator",
  "table",
  "query",
  "fields",
  "operation",
  "roles",
  "origin",
  "release",
  "thorough",
  "limits",
  "fetch",
  "signal",
];

/** A page, whose replies CORS withholds; a worker of a page too. Edge workers have no location. */
export const inPage: boolean =
  typeof location === "object" && ("document" in globalThis || "importScripts" in globalThis) && "origin" in location;

export function takeApart(options: ExamineOptions): Parts {
  const given = object(options, "the options");
  for (const name of Object.keys(given)) if (!KNOWN.includes(name)) throw invalid(`there is no option ${name}`);
  const { url, table, query, fields, operation, roles, release, thorough, limits } = options;
  const texts = { url, table, query: typeof query === "object" ? undefined : query, release, origin: options.origin };
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined && typeof value !== "string") throw invalid(`${name} must be a text`);
  }
  if (url === undefined) throw invalid("url is needed: the address of the instance");
  for (const [name, list] of Object.entries({ fields, roles })) {
    if (list !== undefined && !(Array.isArray(list) && list.every((one) => typeof one === "string"))) {
      throw invalid(`${name} must be a list of texts`);
    }
  }
  const { signal, fetch: send } = options as { signal?: Partial<AbortSignal>; fetch?: unknown };
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw invalid("signal must be an AbortSignal");
  }
  if (send !== undefined && typeof send !== "function") throw invalid("fetch must be a function");
  const { core, secrets } = integration(object(options.auth, "auth"), options.auth);
  if (options.administrator) secrets.administrator = administrator(options.administrator);
  const origin = options.origin ?? (inPage ? location.origin : undefined);
  const all = {
    ...core,
    ...present({ url, table, fields, operation, roles, release, thorough, limits, origin }),
    ...(query !== undefined && { query: String(query) }),
    administrator: secrets.administrator !== undefined,
    place: inPage ? "page" : "server",
  };
  try {
    return { core: JSON.stringify(all), secrets };
  } catch {
    throw invalid("limits must be an object of numbers");
  }
}

function integration(given: Record<string, unknown>, auth: IntegrationCredentials) {
  const secrets: Secrets = {};
  const core: Record<string, unknown> = {};
  const text = (name: string): string | undefined => {
    const value = given[name];
    if (value !== undefined && typeof value !== "string") throw invalid(`auth.${name} must be a text`);
    return value;
  };
  const named = present({
    clientId: text("clientId"),
    userName: text("username"),
    scope: text("scope"),
    redirectUri: text("redirectUri"),
  });
  const means = text("grant") ?? meansWithoutGrant(given);
  if (means === "basic") secrets.integration = ["Authorization", basic(text("username") ?? "", text("password") ?? "")];
  if (means === "token") secrets.integration = ["Authorization", `Bearer ${text("token") ?? ""}`];
  if (means === "api_key") secrets.integration = ["x-sn-apikey", text("apiKey") ?? ""];
  Object.assign(
    secrets,
    present({
      clientSecret: text("clientSecret"),
      password: text("password"),
      refreshToken: text("refreshToken"),
      assertion: text("assertion"),
    }),
  );
  if (means === undefined) throw invalid(`auth is of no known kind: it has ${Object.keys(auth).join(", ")}`);
  return { core: { ...core, ...named, means }, secrets };
}

function meansWithoutGrant(given: Record<string, unknown>): string | undefined {
  if ("apiKey" in given) return "api_key";
  if ("token" in given) return "token";
  return "username" in given ? "basic" : undefined;
}

function administrator(given: AdministratorCredentials): string {
  const held = object(given, "administrator");
  if (typeof held.token === "string") return `Bearer ${held.token}`;
  if (typeof held.username === "string" && typeof held.password === "string")
    return basic(held.username, held.password);
  throw invalid("administrator must have a token, or a username and a password");
}

/** RFC 7617, in UTF-8. */
function basic(name: string, password: string): string {
  if (name.includes(":")) throw invalid("username holds a colon, which ends the name in Basic: use a grant of OAuth");
  const bytes = new TextEncoder().encode(`${name}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function present(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function object(given: unknown, name: string): Record<string, unknown> {
  if (typeof given !== "object" || given === null) throw invalid(`${name} must be an object`);
  return given as Record<string, unknown>;
}

export function invalid(reason: string): TypeError {
  return new TypeError(`sysparm/doctor: ${reason}`);
}
