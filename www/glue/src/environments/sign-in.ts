/** Records that decide who may sign in: clients with profiles and scopes, API keys, issued tokens, access policies, auth scopes. */
import type { Instance } from "sysparm";
import type {
  AccessPolicy,
  ApiKey,
  ApiScope,
  Fact,
  IssuedToken,
  OAuthClient,
  OAuthProfile,
} from "sysparm/environments";
import { type CellTexts, mappedFact, type Reader } from "./reader.js";
import { asFlag, asNumber, asSortedList, asText, fieldsOf, type Members, membersOf } from "./values.js";

const CLIENT: Members = {
  sysId: ["sys_id", asText],
  name: ["name", asText],
  clientId: ["client_id", asText],
  active: ["active", asFlag],
  type: ["type", asText],
  user: ["user.user_name", asText],
  inboundGrantType: ["inbound_grant_type", asText],
  defaultGrantType: ["default_grant_type", asText],
  clientType: ["client_type", asText],
  accessTokenLifespan: ["access_token_lifespan", asNumber],
  refreshTokenLifespan: ["refresh_token_lifespan", asNumber],
  authCodeLifespan: ["auth_code_lifespan", asNumber],
  redirectUrls: ["redirect_url", asSortedList],
  publicClient: ["public_client", asFlag],
  enforceTokenRestrictions: ["enforce_token_restrictions", asFlag],
  onlyScopedApis: ["allow_only_scoped_apis", asFlag],
  tokenFormat: ["token_format", asText],
  subjectClaim: ["subject_claim", asText],
  userField: ["user_field", asText],
  clockSkew: ["clock_skew", asNumber],
  verifiesJti: ["enable_jti_verification", asFlag],
  updatedOn: ["sys_updated_on", asText],
};
const PROFILE: Members = { name: ["name", asText], grantType: ["grant_type", asText], default: ["default", asFlag] };

/** Clients with their profiles and scopes. `client_secret` is not asked for. */
export async function readClients(
  reader: Reader,
  instance: Instance,
  own: string | undefined,
): Promise<Fact<OAuthClient[]>> {
  reader.begin("clients");
  const clients = await reader.list(instance, { table: "oauth_entity", query: "", fields: fieldsOf(CLIENT) });
  if (clients.status === "unreadable") return clients;
  const ask = (table: string, fields: string[]) =>
    reader.list(instance, { table, query: "", fields: ["oauth_entity", ...fields] });
  const profiles = await ask("oauth_entity_profile", fieldsOf(PROFILE));
  const scopes = await ask("oauth_entity_scope", ["name"]);
  const profilesOf = childrenOf(profiles, "oauth_entity");
  const scopesOf = childrenOf(scopes, "oauth_entity");
  return mappedFact(clients, (rows) =>
    rows.map((row) => {
      const client = membersOf<OAuthClient>(row, CLIENT);
      const ownProfiles = profilesOf(row.sys_id)?.map((record) => membersOf<OAuthProfile>(record, PROFILE));
      const ownScopes = namesInAll(scopesOf(row.sys_id), "name");
      return {
        ...client,
        own: own !== undefined && client.clientId === own,
        ...(ownProfiles && { profiles: ownProfiles }),
        ...(ownScopes && { scopes: ownScopes }),
      };
    }),
  );
}

const KEY: Members = {
  name: ["name", asText],
  user: ["user.user_name", asText],
  scope: ["auth_scope.name", asText],
  active: ["active", asFlag],
  expires: ["expires", asText],
};

/** API keys. Their tokens are not asked for. */
export async function readApiKeys(reader: Reader, instance: Instance): Promise<Fact<ApiKey[]>> {
  reader.begin("API keys");
  return records(reader, instance, "rest_api_key", KEY);
}

const TOKEN: Members = {
  type: ["type", asText],
  user: ["user.user_name", asText],
  clientId: ["peer.client_id", asText],
  expires: ["expires", asText],
  createdOn: ["sys_created_on", asText],
};

/** The newest tokens, without the tokens themselves. */
export async function readIssuedTokens(reader: Reader, instance: Instance): Promise<Fact<IssuedToken[]>> {
  reader.begin("issued tokens");
  return records(reader, instance, "oauth_credential", TOKEN, "ORDERBYDESCsys_created_on");
}

const POLICY: Members = {
  name: ["name", asText],
  active: ["active", asFlag],
  restApi: ["rest_api", asText],
  method: ["http_method", asText],
  version: ["version", asText],
  resource: ["resource", asText],
  table: ["table", asText],
};

/** Access policies with the types of profiles that each accepts. */
export async function readPolicies(reader: Reader, instance: Instance): Promise<Fact<AccessPolicy[]>> {
  reader.begin("access policies");
  const table = "sys_api_access_policy";
  const policies = await reader.list(instance, { table, query: "", fields: ["sys_id", ...fieldsOf(POLICY)] });
  if (policies.status === "unreadable" || policies.value.length === 0) return mappedFact(policies, () => []);
  const fields = ["api_access_policy", "inbound_auth_profile.type"];
  const profiles = await reader.list(instance, { table: "sys_auth_profile_mapping", query: "", fields });
  const profilesOf = childrenOf(profiles, "api_access_policy");
  return mappedFact(policies, (rows) =>
    rows.map((row) => {
      const accepts = namesInAll(profilesOf(row.sys_id), "inbound_auth_profile.type");
      return { ...membersOf<AccessPolicy>(row, POLICY), ...(accepts && { accepts }) };
    }),
  );
}

const API_SCOPE: Members = {
  scope: ["auth_scope.name", asText],
  restApi: ["rest_api", asText],
  method: ["http_method", asText],
  version: ["version", asText],
  active: ["active", asFlag],
};

/** APIs that ask for an auth scope. */
export async function readApiScopes(reader: Reader, instance: Instance): Promise<Fact<ApiScope[]>> {
  reader.begin("auth scopes");
  return records(reader, instance, "sys_api_access_scope", API_SCOPE);
}

/** The rows of a table by its members. */
export async function records<T>(
  reader: Reader,
  instance: Instance,
  table: string,
  members: Members,
  query = "",
): Promise<Fact<T[]>> {
  const rows = await reader.list(instance, { table, query, fields: fieldsOf(members) });
  return mappedFact(rows, (all) => all.map((row) => membersOf<T>(row, members)));
}

/**
 * The rows of a list that belong to a record, by the id of the record. Undefined where that is not known: the list was not read whole, or the id,
 * or the link of any row, is hidden. A part of them would pass for all.
 */
export function childrenOf(fact: Fact<CellTexts[]>, link: string): (id: string | undefined) => CellTexts[] | undefined {
  if (fact.status === "unreadable" || fact.incomplete || fact.value.some((row) => !row[link])) return () => undefined;
  const children = new Map<string, CellTexts[]>();
  for (const row of fact.value) {
    const id = row[link] ?? "";
    const others = children.get(id);
    if (others) others.push(row);
    else children.set(id, [row]);
  }
  return (id) => (id ? (children.get(id) ?? []) : undefined);
}

/** Each name once, in a fixed order; undefined where one is hidden. */
export function namesInAll(rows: readonly CellTexts[] | undefined, field: string): string[] | undefined {
  const names = (rows ?? []).flatMap((row) => row[field] || []);
  return rows && names.length === rows.length ? [...new Set(names)].sort() : undefined;
}
