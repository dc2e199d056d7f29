/** Writes a collection in Postman's format 2.1. It begins with a token request, so that it runs in newman once the secrets are entered. */
import type { AuthSetting, Collection, Item, Loss, Pair, Variable } from "../../workspace/model";
import { INSTANCE_VARIABLE, TOKEN_VARIABLE } from "../names";
import type { Ancestors } from "./credentials";
import {
  createPlaces,
  type Exported,
  type ExportFacts,
  fileName,
  ownVariables,
  type Places,
  tokenFields,
} from "./exported";
import { postmanRequest } from "./postman-request";

export function exportPostman(collection: Collection, facts: ExportFacts): Exported {
  const losses: Loss[] = [];
  const places = createPlaces([INSTANCE_VARIABLE, TOKEN_VARIABLE, ...collection.variables.map(({ name }) => name)]);
  const write: Writing = {
    places,
    facts,
    lose: (where, what, why) => losses.push({ where: where.join(" > "), what, why }),
  };
  const token = tokenRequest(facts, places);
  const auth =
    collection.auth.kind === "inherit" ? environmentAuth(facts.auth, places) : postmanAuth(collection.auth, places);
  const item = [
    ...(token ? [token] : []),
    ...collection.items.map((one) => itemOf(one, [collection.name], [collection], write)),
  ];
  const own = ownVariables(collection.variables, (what, why) => write.lose([collection.name], what, why)).map(
    variableOf,
  );
  const named = new Set(own.map(({ key }) => key));
  const missing = [...places.names(), ...handEntered(facts.auth)].filter((name) => !named.has(name));
  const document = {
    info: {
      name: collection.name,
      description: collection.description,
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    ...(auth ? { auth } : {}),
    item,
    variable: [
      { key: INSTANCE_VARIABLE, value: facts.instanceUrl },
      { key: TOKEN_VARIABLE, value: "" },
      ...own,
      ...missing.map((key) => ({ key, value: "" })),
    ],
  };
  const path = `${fileName(collection.name, "collection")}.postman_collection.json`;
  return { files: [{ path, text: `${JSON.stringify(document, null, 2)}\n` }], losses };
}

export interface Writing {
  places: Places;
  facts: ExportFacts;
  lose: (where: readonly string[], what: string, why: string) => void;
}

function itemOf(item: Item, above: readonly string[], ancestors: Ancestors, write: Writing): object {
  const where = [...above, item.name];
  if (item.kind === "request") return postmanRequest(item, where, ancestors, write);
  if (item.variables.length > 0)
    write.lose(where, `${item.variables.length} variables of the folder`, "folders of Postman have none");
  const auth = postmanAuth(item.auth, write.places);
  return {
    name: item.name,
    description: item.description,
    ...(auth ? { auth } : {}),
    item: item.items.map((one) => itemOf(one, where, [...ancestors, item], write)),
  };
}

function tokenRequest({ auth }: ExportFacts, places: Places): object | undefined {
  const fields = tokenFields(auth, places);
  if (!fields) return undefined;
  return {
    name: "Get an access token",
    event: [
      {
        listen: "test",
        script: {
          type: "text/javascript",
          exec: [
            'pm.test("A token was granted", function () {',
            "  pm.response.to.have.status(200);",
            "});",
            `pm.collectionVariables.set("${TOKEN_VARIABLE}", pm.response.json().access_token);`,
          ],
        },
      },
    ],
    request: {
      method: "POST",
      auth: { type: "noauth" },
      header: [{ key: "Accept", value: "application/json" }],
      body: { mode: "urlencoded", urlencoded: fields.map(([key, value]) => ({ key, value, type: "text" })) },
      url: {
        raw: `{{${INSTANCE_VARIABLE}}}/oauth_token.do`,
        host: [`{{${INSTANCE_VARIABLE}}}`],
        path: ["oauth_token.do"],
      },
    },
  };
}

/** Names in the token request that stand for what a person must get first. */
function handEntered(auth: AuthSetting): string[] {
  if (auth.kind !== "oauth") return [];
  return auth.grant === "authorization_code" ? ["refresh_token"] : auth.grant === "jwt_bearer" ? ["assertion"] : [];
}

function environmentAuth(auth: AuthSetting, places: Places): object | undefined {
  return auth.kind === "oauth" ? bearer(`{{${TOKEN_VARIABLE}}}`) : postmanAuth(auth, places);
}

/** Undefined inherits. OAuth settings of a folder or request use the one token of the collection. */
export function postmanAuth(auth: AuthSetting, places: Places): object | undefined {
  switch (auth.kind) {
    case "inherit":
      return undefined;
    case "none":
      return { type: "noauth" };
    case "basic":
      return {
        type: "basic",
        basic: [
          { key: "username", value: auth.username, type: "string" },
          { key: "password", value: places.place(auth.password, "password"), type: "string" },
        ],
      };
    case "bearer":
      return bearer(places.place(auth.token, "token"));
    case "api-key":
      return {
        type: "apikey",
        apikey: [
          { key: "key", value: "x-sn-apikey", type: "string" },
          { key: "value", value: places.place(auth.key, "api_key"), type: "string" },
          { key: "in", value: auth.in, type: "string" },
        ],
      };
    case "oauth":
      return oauth(auth, places);
  }
}

function bearer(value: string): object {
  return { type: "bearer", bearer: [{ key: "token", value, type: "string" }] };
}

function oauth(auth: Extract<AuthSetting, { kind: "oauth" }>, places: Places): object {
  const values: [string, string][] = [
    ["grant_type", auth.grant === "password" ? "password_credentials" : auth.grant],
    ["accessTokenUrl", `{{${INSTANCE_VARIABLE}}}/oauth_token.do`],
    ["clientId", auth.clientId],
    ...(auth.clientSecret === undefined
      ? []
      : [["clientSecret", places.place(auth.clientSecret, "client_secret")] as [string, string]]),
    ...(auth.scope === undefined ? [] : [["scope", auth.scope] as [string, string]]),
    ...(auth.grant === "password"
      ? ([
          ["username", auth.username],
          ["password", places.place(auth.password, "password")],
        ] as [string, string][])
      : []),
  ];
  return { type: "oauth2", oauth2: values.map(([key, value]) => ({ key, value, type: "string" })) };
}

function variableOf(variable: Variable) {
  const base = { key: variable.name, disabled: !variable.on };
  return variable.secret === undefined ? { ...base, value: variable.value } : { ...base, value: "", type: "secret" };
}

export function postmanPairs(pairs: readonly Pair[]): object[] {
  return pairs.map(({ name, value, on, note }) => ({
    key: name,
    value,
    ...(on ? {} : { disabled: true }),
    ...(note === undefined ? {} : { description: note }),
  }));
}
