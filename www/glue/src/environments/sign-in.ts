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
  return mappedFact(clients, (rows) =>
    rows.map((row) => {
      const client = membersOf<OAuthClient>(row, CLIENT);
      const of = (record: CellTexts) => record.oauth_entity === client.sysId;
      return {
        ...client,
        own: own !== undefined && client.clientId === own,
        ...whole(profiles, (all) => ({
          profiles: all.filter(of).map((record) => membersOf<OAuthProfile>(record, PROFILE)),
        })),
        ...whole(scopes, (all) => ({
          scopes: all
            .filter(of)
            .flatMap(({ name }) => name ?? [])
            .sort(),
        })),
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
  return mappedFact(policies, (rows) =>
    rows.map((row) => ({
      ...membersOf<AccessPolicy>(row, POLICY),
      ...whole(profiles, (all) => {
        const own = all.filter((record) => record.api_access_policy === row.sys_id);
        return { accepts: [...new Set(own.flatMap((record) => record["inbound_auth_profile.type"] ?? []))].sort() };
      }),
    })),
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

/** Of a list that was not read whole nothing is said: a part of it would pass for all. */
function whole<T, Made extends object>(fact: Fact<T[]>, make: (rows: T[]) => Made): Made | undefined {
  return fact.status === "read" && !fact.incomplete ? make(fact.value) : undefined;
}
