/** The shapes that stored and imported records must have. Members that a newer version added are kept. */
import * as v from "valibot";
import {
  type Collection,
  ENVIRONMENT_KINDS,
  type Environment,
  type Item,
  METHODS,
  type SavedQuery,
  type SecretRef,
} from "../workspace/model";

const text = v.string();
const id = v.pipe(v.string(), v.minLength(1));
const secret = v.custom<SecretRef>((given) => typeof given === "string" && given !== "", "a reference to a secret");

const pair = v.looseObject({ id, name: text, value: text, on: v.boolean(), note: v.exactOptional(text) });

const variable = v.union([
  v.looseObject({ id, name: text, on: v.boolean(), value: text, secret: v.exactOptional(v.undefined()) }),
  v.looseObject({ id, name: text, on: v.boolean(), secret, value: v.exactOptional(v.undefined()) }),
]);

const oauth = {
  kind: v.literal("oauth"),
  clientId: text,
  clientSecret: v.exactOptional(secret),
  scope: v.exactOptional(text),
};

const basic = v.looseObject({ kind: v.literal("basic"), username: text, password: secret });
const bearer = v.looseObject({ kind: v.literal("bearer"), token: secret });
const apiKey = v.looseObject({ kind: v.literal("api-key"), key: secret, in: v.picklist(["header", "query"]) });
const grants = v.variant("grant", [
  v.looseObject({ ...oauth, grant: v.literal("client_credentials") }),
  v.looseObject({ ...oauth, grant: v.literal("password"), username: text, password: secret }),
  v.looseObject({ ...oauth, grant: v.literal("refresh_token"), refreshToken: secret }),
  v.looseObject({ ...oauth, grant: v.literal("authorization_code") }),
  v.looseObject({
    ...oauth,
    grant: v.literal("jwt_bearer"),
    subject: text,
    privateKey: secret,
    keyId: v.exactOptional(text),
    audience: v.exactOptional(text),
  }),
]);
const environmentAuth = v.union([basic, bearer, apiKey, grants]);
const auth = v.union([
  v.looseObject({ kind: v.literal("inherit") }),
  v.looseObject({ kind: v.literal("none") }),
  environmentAuth,
]);

export const environmentSchema: v.GenericSchema<unknown, Environment> = v.looseObject({
  id,
  name: text,
  kind: v.picklist(ENVIRONMENT_KINDS),
  route: v.variant("way", [
    v.looseObject({ way: v.literal("direct"), instanceUrl: text, auth: environmentAuth }),
    v.looseObject({ way: v.literal("worker"), workerUrl: text, tenant: text, key: secret }),
  ]),
  release: text,
  variables: v.array(variable),
  readOnly: v.boolean(),
});

const body = v.variant("kind", [
  v.looseObject({ kind: v.literal("none") }),
  v.looseObject({ kind: v.literal("json"), text }),
  v.looseObject({ kind: v.literal("text"), text, contentType: text }),
  v.looseObject({ kind: v.literal("form"), fields: v.array(pair) }),
  v.looseObject({
    kind: v.literal("multipart"),
    parts: v.array(
      v.looseObject({
        ...pair.entries,
        file: v.exactOptional(v.looseObject({ fileName: text, contentType: text })),
      }),
    ),
  }),
  v.looseObject({ kind: v.literal("file"), fileName: text, contentType: text }),
]);

const check = { id, on: v.boolean(), value: text };
const assertion = v.variant("subject", [
  v.looseObject({ ...check, subject: v.literal("status"), operator: v.picklist(["is", "is-not", "below"]) }),
  v.looseObject({ ...check, subject: v.literal("time"), operator: v.literal("below") }),
  v.looseObject({
    ...check,
    subject: v.literal("header"),
    name: text,
    operator: v.picklist(["exists", "is", "contains"]),
  }),
  v.looseObject({
    ...check,
    subject: v.literal("body"),
    path: text,
    operator: v.picklist([
      "exists",
      "is-absent",
      "is",
      "is-not",
      "contains",
      "matches",
      "count-is",
      "at-least",
      "at-most",
    ]),
  }),
]);

const taken = { id, on: v.boolean(), variable: text };
const extraction = v.variant("from", [
  v.looseObject({ ...taken, from: v.literal("body"), path: text }),
  v.looseObject({ ...taken, from: v.literal("header"), name: text }),
  v.looseObject({ ...taken, from: v.literal("status") }),
]);

const named = { id, name: text, description: text, auth };

export const requestSchema = v.looseObject({
  ...named,
  kind: v.literal("request"),
  method: v.picklist(METHODS),
  address: text,
  parameters: v.array(pair),
  headers: v.array(pair),
  body,
  assertions: v.array(assertion),
  extractions: v.array(extraction),
});

const item: v.GenericSchema<unknown, Item> = v.lazy((given) =>
  (given as { kind?: unknown } | null)?.kind === "folder" ? folder : requestSchema,
) as v.GenericSchema<unknown, Item>;

const content = { ...named, variables: v.array(variable), items: v.array(item) };
const folder = v.looseObject({ ...content, kind: v.literal("folder") });

export const collectionSchema: v.GenericSchema<unknown, Collection> = v.looseObject({
  ...content,
  kind: v.literal("collection"),
  losses: v.array(v.looseObject({ where: text, what: text, why: text })),
});

export const querySchema: v.GenericSchema<unknown, SavedQuery> = v.looseObject({
  id,
  name: text,
  table: text,
  query: text,
});

/** Of which only the id is checked here: the part of the console that keeps them checks the rest. */
export const openSchema: v.GenericSchema<unknown, Kept> = v.looseObject({ id });

export interface Kept {
  id: string;
  [member: string]: unknown;
}
