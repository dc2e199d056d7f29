/**
 * What the console keeps: environments, collections, requests, queries. Plain data, so that it can be stored, exported and compared.
 *
 * No secret is in it. A password, client secret, key or token is a `SecretRef`: its text is in the vault (`vault/`), sealed or in memory.
 */

/** The name of a secret in the vault. */
export type SecretRef = string & { readonly secret: unique symbol };

/** A row of a list of names and values. One that is off is kept and not sent. */
export interface Pair {
  id: string;
  name: string;
  value: string;
  on: boolean;
  note?: string;
}

/** A value that requests use as `{{name}}`. */
export type Variable =
  | { id: string; name: string; on: boolean; value: string; secret?: undefined }
  | { id: string; name: string; on: boolean; secret: SecretRef; value?: undefined };

/** How a request or an environment signs in. `inherit` takes that of the folder, then of the collection, then of the environment. */
export type AuthSetting =
  | { kind: "inherit" }
  | { kind: "none" }
  | { kind: "basic"; username: string; password: SecretRef }
  | { kind: "bearer"; token: SecretRef }
  | { kind: "api-key"; key: SecretRef; in: "header" | "query" }
  | ({ kind: "oauth" } & OAuthSetting);

export type OAuthSetting = { clientId: string; clientSecret?: SecretRef; scope?: string } & (
  | { grant: "client_credentials" }
  | { grant: "password"; username: string; password: SecretRef }
  | { grant: "refresh_token"; refreshToken: SecretRef }
  | { grant: "authorization_code" }
  | { grant: "jwt_bearer"; subject: string; privateKey: SecretRef; keyId?: string; audience?: string }
);

/** An environment signs in by itself: it cannot inherit. */
export type EnvironmentAuth = Exclude<AuthSetting, { kind: "inherit" } | { kind: "none" }>;

export const ENVIRONMENT_KINDS = ["practice", "dev", "test", "prod"] as const;
export type EnvironmentKind = (typeof ENVIRONMENT_KINDS)[number];

export interface Environment {
  id: string;
  /** Shown in the badge: DEV, TEST, PROD, or a name of the person's own. */
  name: string;
  kind: EnvironmentKind;
  route:
    | { way: "direct"; instanceUrl: string; auth: EnvironmentAuth }
    /** `tenant` is empty for a worker with one instance. */
    | { way: "worker"; workerUrl: string; tenant: string; key: SecretRef };
  /** The instance's release, such as "zurich"; empty if unknown. */
  release: string;
  variables: Variable[];
  /** No write is sent. Production begins so. */
  readOnly: boolean;
}

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
export type Method = (typeof METHODS)[number];

export type Body =
  | { kind: "none" }
  | { kind: "json"; text: string }
  | { kind: "text"; text: string; contentType: string }
  /** `application/x-www-form-urlencoded` */
  | { kind: "form"; fields: Pair[] }
  | { kind: "multipart"; parts: Part[] }
  /** The file itself is chosen anew after a reload: its content is not kept. */
  | { kind: "file"; fileName: string; contentType: string };

export type Part = Pair & { file?: { fileName: string; contentType: string } };

/** What must hold for a reply. `path` is a JSONPath (RFC 9535). */
export type Assertion = { id: string; on: boolean } & (
  | { subject: "status"; operator: "is" | "is-not" | "below"; value: string }
  | { subject: "time"; operator: "below"; value: string }
  | { subject: "header"; name: string; operator: "exists" | "is" | "contains"; value: string }
  | {
      subject: "body";
      path: string;
      operator: "exists" | "is-absent" | "is" | "is-not" | "contains" | "matches" | "count-is" | "at-least" | "at-most";
      value: string;
    }
);

/** Takes a value of the reply into a variable of the environment, for the next request. */
export type Extraction = { id: string; on: boolean; variable: string } & (
  | { from: "body"; path: string }
  | { from: "header"; name: string }
  | { from: "status" }
);

/** A request as a tab or a collection holds it. */
export interface SavedRequest {
  kind: "request";
  id: string;
  name: string;
  description: string;
  method: Method;
  /** A path of the instance, or a whole address; `{{name}}` anywhere. Without the parameters below. */
  address: string;
  parameters: Pair[];
  headers: Pair[];
  body: Body;
  auth: AuthSetting;
  assertions: Assertion[];
  extractions: Extraction[];
}

export interface Folder {
  kind: "folder";
  id: string;
  name: string;
  description: string;
  auth: AuthSetting;
  variables: Variable[];
  items: Item[];
}

export type Item = Folder | SavedRequest;

/** A collection is a folder without a parent. */
export interface Collection extends Omit<Folder, "kind"> {
  kind: "collection";
  /** What an import could not carry over; empty for a collection that was made here. */
  losses: Loss[];
}

/** Something that an import or an export left out. */
export interface Loss {
  /** Names from the collection down: `Incidents > Create`. */
  where: string;
  /** Such as "pre-request script", "form-data file". */
  what: string;
  why: string;
}

/** The result of every import. Secrets of the text are in `secrets`, and only their names are in the collections. */
export interface Imported {
  /** Such as "Postman 2.1", "OpenAPI 3.1 (YAML)", "curl". */
  format: string;
  collections: Collection[];
  /** Variables of the environment that the text brings. */
  variables: Variable[];
  secrets: ReadonlyMap<SecretRef, string>;
  losses: Loss[];
}

export function newId(): string {
  return crypto.randomUUID();
}

export function newSecretRef(): SecretRef {
  return crypto.randomUUID() as SecretRef;
}

export function newRequest(part: Partial<Omit<SavedRequest, "kind">> = {}): SavedRequest {
  return {
    kind: "request",
    id: newId(),
    name: "",
    description: "",
    method: "GET",
    address: "",
    parameters: [],
    headers: [],
    body: { kind: "none" },
    auth: { kind: "inherit" },
    assertions: [],
    extractions: [],
    ...part,
  };
}

export function newPair(name = "", value = "", on = true): Pair {
  return { id: newId(), name, value, on };
}

/** An encoded query that is kept under a name. */
export interface SavedQuery {
  id: string;
  name: string;
  table: string;
  query: string;
}

export function newCollection(name: string, items: Item[] = []): Collection {
  return {
    kind: "collection",
    id: newId(),
    name,
    description: "",
    auth: { kind: "inherit" },
    variables: [],
    items,
    losses: [],
  };
}

/** Whether a request may change something on the instance. GraphQL and batches may read with POST; they count as writes. */
export function isWrite(method: Method): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}
