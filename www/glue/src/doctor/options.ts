/** Splits options into plain data for the core, which sees no secret, and the secrets, which stay in JavaScript. */
import type { AdministratorCredentials, ExamineOptions } from "sysparm/doctor";
import { type RequestError, requestError } from "../errors/index.js";
import {
  checkOptions,
  FLAG,
  FUNCTION,
  NAMES,
  OBJECT,
  type OptionTypes,
  SIGNAL,
  TEXT,
} from "../protocol/check-options.js";
import { encodedQuery } from "../shared/query-text.js";

/** The secrets by the names that the core's requests use. */
export interface Secrets {
  clientSecret?: string;
  password?: string;
  refreshToken?: string;
  assertion?: string;
  /** `Authorization` or an API key's header of the integration; set by the first granted token. */
  integration?: [name: string, value: string];
  administrator?: string;
}

/** All secrets, each followed by a NUL. */
export function secretsText(secrets: Secrets): string {
  const values = Object.values(secrets).map((secret) => (typeof secret === "string" ? secret : secret[1]));
  return values.map((value) => `${value}\0`).join("");
}

interface Parts {
  core: string;
  secrets: Secrets;
}

const OPTIONS: OptionTypes<ExamineOptions> = {
  url: { ...TEXT, expects: "the address of the instance", isRequired: true },
  auth: { ...OBJECT, expects: "the credentials of the integration", isRequired: true },
  administrator: { expects: "an object", accepts: (value) => !value || OBJECT.accepts(value) },
  table: TEXT,
  query: { expects: "a string or a Query", accepts: (value) => TEXT.accepts(value) || OBJECT.accepts(value) },
  fields: NAMES,
  operation: TEXT,
  roles: NAMES,
  origin: TEXT,
  release: TEXT,
  thorough: FLAG,
  limits: { ...OBJECT, expects: "{ requests?, ms? }" },
  fetch: FUNCTION,
  signal: SIGNAL,
};

/** Whether CORS applies: in web pages and their workers. Edge workers have no location. */
export const inPage: boolean =
  typeof location === "object" && ("document" in globalThis || "importScripts" in globalThis) && "origin" in location;

/** Checks and splits the options. */
export function splitOptions(options: ExamineOptions): Parts {
  checkOptions(options, OPTIONS, requestError);
  const { url, table, query, fields, operation, roles, release, thorough, limits } = options;
  const { core, secrets } = integration(options.auth as Record<string, unknown>);
  if (options.administrator) secrets.administrator = administrator(options.administrator);
  const origin = options.origin ?? (inPage ? location.origin : undefined);
  const all = {
    ...core,
    ...present({ url, table, fields, operation, roles, release, thorough, limits, origin }),
    ...(query !== undefined && { query: textOf(query) }),
    administrator: secrets.administrator !== undefined,
    place: inPage ? "page" : "server",
  };
  try {
    return { core: JSON.stringify(all), secrets };
  } catch {
    throw invalidArgument("Invalid option `limits`. Pass { requests?, ms? }.");
  }
}

/** As every call takes it, so that the doctor examines what the integration sends. Objects that only print themselves serve too. */
function textOf(query: NonNullable<ExamineOptions["query"]>): string {
  return encodedQuery("encoded" in Object(query) ? query : String(query), requestError);
}

function integration(given: Record<string, unknown>) {
  const secrets: Secrets = {};
  const text = (name: string): string | undefined => {
    const value = given[name];
    if (value === undefined || typeof value === "string") return value;
    throw invalidArgument(`Invalid option \`auth.${name}\`. Pass a string.`);
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
  if (means === undefined) {
    throw invalidArgument(
      `Invalid option \`auth\` with ${Object.keys(given).join(", ")}. Pass a grant, apiKey, token or username.`,
    );
  }
  return { core: { ...named, means }, secrets };
}

function meansWithoutGrant(given: Record<string, unknown>): string | undefined {
  if ("apiKey" in given) return "api_key";
  if ("token" in given) return "token";
  return "username" in given ? "basic" : undefined;
}

function administrator(given: AdministratorCredentials): string {
  const { token, username, password } = given as Record<string, unknown>;
  if (typeof token === "string") return `Bearer ${token}`;
  if (typeof username === "string" && typeof password === "string") return basic(username, password);
  throw invalidArgument("Invalid option `administrator`. Pass { token }, or { username, password }.");
}

/** Basic credentials (RFC 7617) in UTF-8. */
function basic(name: string, password: string): string {
  if (name.includes(":")) {
    throw invalidArgument(
      "Invalid option `username`: a colon ends the name in Basic. Pass another user, or a grant of OAuth.",
    );
  }
  const bytes = new TextEncoder().encode(`${name}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function present(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function invalidArgument(message: string): RequestError {
  return requestError("options.type", message);
}
