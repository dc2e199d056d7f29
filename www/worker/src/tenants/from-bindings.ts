/**
 * The worker's configuration, read from its bindings once. A problem names the binding and never its value: four of the five
 * may hold a secret, or one pasted into the wrong place.
 */

import { TIME_FORM, timeOf } from "../callers/expiry.ts";
import type { KeyCallerRecord } from "../callers/record.ts";
import { isWebOrigin, objectionToUrl } from "../instance-url.ts";

/** The tenant of the plain bindings. */
export interface PlainTenant {
  /** An origin, without a path. */
  readonly instanceUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callers: readonly KeyCallerRecord[];
  readonly allowedOrigins: ReadonlySet<string>;
}

/** All problems of a configuration, so that one deployment fixes them. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(" "));
    this.problems = problems;
  }
}

/** What one tenant needs. */
const OF_ONE_TENANT = ["INSTANCE_URL", "CLIENT_ID", "CLIENT_SECRET", "CALLER_KEYS"];

/**
 * Whether the bindings hold a tenant. Without one of them all tenants are those of the registry.
 * @throws ConfigurationError if there can be no tenant at all
 */
export function hasPlainTenant(bindings: Readonly<Record<string, unknown>>): boolean {
  if ([...OF_ONE_TENANT, "POLICY"].some((name) => isSet(bindings[name]))) return true;
  if (isSet(bindings.SEALING_KEYS)) return false;
  throw new ConfigurationError([
    `Set ${OF_ONE_TENANT.join(", ")} to serve one instance, or SEALING_KEYS and ADMIN_KEY_SHA256 to register tenants.`,
  ]);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== "";
}

/** Reads the bindings. @throws ConfigurationError that names every binding with a problem */
export function readTenant(bindings: Readonly<Record<string, unknown>>): PlainTenant {
  const problems: string[] = [];
  const tenant = {
    instanceUrl: instanceUrl(bindings.INSTANCE_URL, problems),
    clientId: credential("CLIENT_ID", bindings.CLIENT_ID, problems),
    clientSecret: credential("CLIENT_SECRET", bindings.CLIENT_SECRET, problems),
    callers: callers(bindings.CALLER_KEYS, problems),
    allowedOrigins: allowedOrigins(bindings.ALLOWED_ORIGINS, problems),
  };
  if (problems.length > 0) throw new ConfigurationError(problems);
  return tenant;
}

/** The one policy of its callers. */
export const PLAIN_POLICY = "api";

/** The name of its broker. A name of a tenant of the registry begins otherwise. */
export function plainBrokerOf({ instanceUrl, clientId }: PlainTenant): string {
  return `${instanceUrl} ${clientId}`;
}

/** Undefined where the broker is bound. */
export function brokerProblem(bindings: object): string | undefined {
  if ("TOKEN_BROKER" in bindings) return undefined;
  const old = "TOKEN_KEEPER" in bindings ? " It replaces TOKEN_KEEPER." : "";
  return `TOKEN_BROKER must be a Durable Object namespace.${old} Copy durable_objects and migrations of wrangler.jsonc, then \`npx wrangler deploy\`.`;
}

/** Undefined where the registry is bound. */
export function registryProblem(bindings: object): string | undefined {
  if ("TENANT_REGISTRY" in bindings) return undefined;
  return "Missing binding TENANT_REGISTRY. Copy durable_objects and migrations of wrangler.jsonc, then `npx wrangler deploy`.";
}

function instanceUrl(value: unknown, problems: string[]): string {
  const objection = objectionToUrl(value);
  if (objection === undefined) return new URL(String(value).trim()).origin;
  problems.push(`INSTANCE_URL ${objection}.`);
  return "";
}

/** ServiceNow accepts secrets of up to 4,096 characters since Zurich ("Create an inbound integration", field help). */
const CREDENTIAL_LENGTH = 4096;

function credential(name: string, value: unknown, problems: string[]): string {
  if (typeof value === "string" && /^[\x20-\x7e]+$/.test(value) && value.length <= CREDENTIAL_LENGTH) {
    if (value.trim() === value) return value;
    problems.push(`${name} begins or ends with a space, which copying often adds; remove it.`);
    return "";
  }
  problems.push(`${name} must be text of 1 to ${CREDENTIAL_LENGTH} printable characters.`);
  return "";
}

const MOST_CALLERS = 200;

function callers(value: unknown, problems: string[]): KeyCallerRecord[] {
  const list = typeof value === "string" ? parsedJson(value) : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_CALLERS) {
    problems.push(
      `CALLER_KEYS must be a JSON list of 1 to ${MOST_CALLERS} entries like { "name": "reporting", "sha256": "<64 hex digits>" }.`,
    );
    return [];
  }
  const records: KeyCallerRecord[] = [];
  const taken = new Set<string>();
  list.forEach((entry: unknown, index) => {
    const { name, sha256, expiresAt, ...others } = isRecord(entry) ? entry : {};
    const at = `CALLER_KEYS, entry ${index + 1}:`;
    if (typeof name !== "string" || name.trim() === "" || name.length > 100) {
      problems.push(`${at} name must be text of 1 to 100 characters.`);
    } else if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) {
      problems.push(`${at} sha256 must be 64 hex digits.`);
    } else if (expiresAt !== undefined && (typeof expiresAt !== "string" || timeOf(expiresAt) === undefined)) {
      problems.push(`${at} expiresAt must be ${TIME_FORM}.`);
    } else if (Object.keys(others).length > 0) {
      problems.push(
        `${at} only name, sha256 and expiresAt belong here; a key itself must never be in the configuration.`,
      );
    } else if (taken.has(`name ${name}`) || taken.has(`hash ${sha256.toLowerCase()}`)) {
      problems.push(`${at} its name or its sha256 repeats an earlier entry.`);
    } else {
      taken.add(`name ${name}`).add(`hash ${sha256.toLowerCase()}`);
      const key = { sha256: sha256.toLowerCase(), ...(expiresAt !== undefined && { expiresAt }) };
      records.push({ name, policy: PLAIN_POLICY, key });
    }
  });
  return records;
}

const MOST_ORIGINS = 50;

function allowedOrigins(value: unknown, problems: string[]): Set<string> {
  if (value === undefined || value === "") return new Set();
  const entries = typeof value === "string" ? value.split(",").map((entry) => entry.trim()) : [];
  const origins = entries.filter(isWebOrigin);
  if (entries.length === 0 || entries.length > MOST_ORIGINS || origins.length < entries.length) {
    problems.push(
      `ALLOWED_ORIGINS must be 1 to ${MOST_ORIGINS} origins separated by commas, each as a browser sends it, like https://console.example.com (no path, no *).`,
    );
  }
  return new Set(origins);
}

/** Undefined for other text. The engine's error message is dropped: V8 quotes the text that it could not parse. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
