/**
 * Two practice instances that differ in planted records, read over HTTP by an administrator: the comparison finds each of them, and nothing
 * where they are equal.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, type Instance } from "sysparm";
import { compare, type Inventory, type Rank, readInventory } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { PLANTED_VALUES } from "./planted-values.ts";

type Values = Record<string, string>;

/** An environment, and changes of its records. */
interface Environment {
  practice: PracticeInstance;
  admin: Instance;
  add(table: string, values: Values): Promise<string>;
  idOf(table: string, query: string): Promise<string>;
  change(table: string, query: string, values: Values): Promise<void>;
  drop(table: string, query: string): Promise<void>;
}

async function environment(): Promise<Environment> {
  const practice = await startPracticeInstance("--rows", "5", "--quiet");
  const auth = { username: "practice.admin", password: "practice-admin-password" };
  const admin = await connect({ url: practice.url, auth });
  const table = (name: string) => admin.table<Values, Values>(name);
  const idOf = async (name: string, query: string) => {
    const { rows } = await table(name).list({ query, fields: ["sys_id"], limit: 2, pageSize: 2 });
    assert.equal(rows.length, 1, `${name} has ${rows.length} records ${query}`);
    return String(rows[0]?.sys_id);
  };
  return {
    ...{ practice, admin, idOf },
    add: async (name, values) => String((await table(name).create(values)).sys_id),
    change: async (name, query, values) => void (await table(name).update(await idOf(name, query), values)),
    drop: async (name, query) => table(name).delete(await idOf(name, query)),
  };
}

/** What both environments have. */
async function set({ add, idOf }: Environment): Promise<void> {
  const client = await idOf("oauth_entity", "client_id=practice-client");
  const user = await idOf("sys_user", "user_name=practice.integration");
  const profile = await add("inbound_auth_profile", { name: "OAuth", type: "oauth", oauth_entity: client });
  const basic = await add("inbound_auth_profile", { name: "Basic", type: "basic_auth" });
  const policy = await add("sys_api_access_policy", { name: "Imports", active: "true", rest_api: "Import Set API" });
  for (const inbound_auth_profile of [profile, basic])
    await add("sys_auth_profile_mapping", { api_access_policy: policy, inbound_auth_profile });
  const scope = await add("sys_auth_scope", { name: "imports" });
  await add("sys_api_access_scope", { auth_scope: scope, rest_api: "Import Set API", active: "true" });
  await add("oauth_entity_scope", { oauth_entity: client, name: "imports" });
  await add("rest_api_key", { name: "Monitor", user, active: "true", auth_scope: scope });
  const rule = { name: "Page", active: "true", rest_api: "Table API", http_methods: "GET,POST" };
  await add("sys_cors_rule", { ...rule, domain: "https://a.example", allow_headers: "Authorization", max_age: "60" });
  await add("sys_rate_limit_rules", {
    ...{ name: "Hourly", active: "true", rest_api: "Import Set API", request_limit: "900", apply_to: "all" },
  });
  const group = await idOf("sys_user_group", "name=Event Administration");
  await add("sys_user_grmember", { user, group });
}

type Plant = [rank: Rank, what: string, plant: (environment: Environment) => Promise<unknown>];

const property = (rank: Rank, name: string, value: string): Plant => {
  return [rank, `property ${name}`, ({ change }) => change("sys_properties", `name=${name}`, { value })];
};
const newProperty = (rank: Rank, name: string, value: string): Plant => {
  return [rank, `property ${name}`, ({ add }) => add("sys_properties", { name, value })];
};
const client = (rank: Rank, label: string, values: Values): Plant => {
  const query = "client_id=practice-client";
  return [rank, `client Practice client: ${label}`, ({ change }) => change("oauth_entity", query, values)];
};
const account = (rank: Rank, label: string, values: Values): Plant => {
  const query = "user_name=practice.integration";
  return [rank, `account: ${label}`, ({ change }) => change("sys_user", query, values)];
};

const PLANTS: Plant[] = [
  property("sign-in", "glide.oauth.inbound.client.credential.grant_type.enabled", "false"),
  property("sign-in", "glide.authenticate.basic_auth.restriction.enforce", "true"),
  property("sign-in", "glide.oauth.cors.allowed.origin", "https://a.example"),
  property("data", "glide.invalid_query.returns_no_rows", "true"),
  newProperty("limits", "glide.rest.max_content_length", "25"),
  newProperty("data", "glide.rest.table_api.admin_only_sys_fields", "true"),
  [
    "sign-in",
    "plugin com.glide.tokenbased_auth",
    ({ change }) => change("v_plugin", "id=com.glide.tokenbased_auth", { active: "inactive" }),
  ],
  [
    "cosmetic",
    "patch",
    ({ change }) => change("sys_properties", "name=glide.buildtag", { value: "glide-zurich__patch9" }),
  ],
  client("sign-in", "OAuth Application User", { user: "" }),
  client("limits", "access token lifespan", { access_token_lifespan: "300" }),
  client("limits", "refresh token lifespan", { refresh_token_lifespan: "86400" }),
  client("requests", "enforced token restrictions", { enforce_token_restrictions: "true" }),
  client("cosmetic", "token format", { token_format: "jwt" }),
  ["requests", "client Practice client: auth scopes", ({ drop }) => drop("oauth_entity_scope", "name=imports")],
  [
    "sign-in",
    "client Practice client: profiles",
    ({ change }) => change("oauth_entity_profile", "name=Practice client default_profile", { grant_type: "password" }),
  ],
  ["cosmetic", "API key Monitor", ({ change }) => change("rest_api_key", "name=Monitor", { active: "false" })],
  [
    "sign-in",
    "access policy Imports: accepted ways of signing in",
    ({ drop }) => drop("sys_auth_profile_mapping", "inbound_auth_profile.type=oauth"),
  ],
  [
    "sign-in",
    "access policy Counts",
    ({ add }) => add("sys_api_access_policy", { name: "Counts", active: "true", rest_api: "Aggregate API" }),
  ],
  [
    "requests",
    "auth scope: Import Set API asks for imports",
    ({ change }) => change("sys_api_access_scope", "auth_scope.name=imports", { active: "false" }),
  ],
  account("sign-in", "locked out", { locked_out: "true" }),
  account("sign-in", "password needs reset", { password_needs_reset: "true" }),
  account("sign-in", "web service access only", { web_service_access_only: "false" }),
  account("data", "time zone", { time_zone: "US/Pacific" }),
  account("cosmetic", "internal integration user", { internal_integration_user: "true" }),
  // The roles that it contains are missing with it.
  [
    "requests",
    "role itil",
    ({ drop }) => drop("sys_user_has_role", "user.user_name=practice.integration^role.name=itil"),
  ],
  // The role comes from the group alone.
  [
    "requests",
    "role evt_mgmt_admin",
    ({ drop }) => drop("sys_user_grmember", "user.user_name=practice.integration^group.name=Event Administration"),
  ],
  [
    "sign-in",
    "role snc_read_only",
    async ({ add, idOf }) => {
      const user = await idOf("sys_user", "user_name=practice.integration");
      const role = await idOf("sys_user_role", "name=snc_read_only");
      await add("sys_user_has_role", { user, role, state: "active" });
    },
  ],
  [
    "requests",
    "CORS rule Page (Table API): HTTP methods",
    ({ change }) => change("sys_cors_rule", "name=Page", { http_methods: "GET" }),
  ],
  [
    "limits",
    "rate limit rule Hourly: requests an hour",
    ({ change }) => change("sys_rate_limit_rules", "name=Hourly", { request_limit: "90" }),
  ],
  [
    "requests",
    "table incident: access by web services",
    ({ change }) => change("sys_db_object", "name=incident", { ws_access: "false" }),
  ],
  [
    "requests",
    "field incident.caller_id: mandatory",
    ({ change }) => change("sys_dictionary", "name=incident^element=caller_id", { mandatory: "true" }),
  ],
  [
    "data",
    "field incident.u_grade",
    ({ add }) =>
      add("sys_dictionary", {
        name: "incident",
        element: "u_grade",
        internal_type: "string",
        max_length: "40",
        active: "true",
      }),
  ],
  [
    "data",
    "field incident.state: choices",
    ({ add }) =>
      add("sys_choice", {
        name: "incident",
        element: "state",
        value: "42",
        label: "Paused",
        language: "en",
        inactive: "false",
      }),
  ],
  [
    "requests",
    "access rule: read incident",
    ({ drop }) =>
      drop(
        "sys_security_acl_role",
        "sys_security_acl.name=incident^sys_security_acl.operation=read^sys_user_role.name=itil",
      ),
  ],
];

let environments: Record<"dev" | "prod", Environment>;
before(async () => {
  const [dev, prod] = await Promise.all([environment(), environment()]);
  environments = { dev, prod };
  await Promise.all([set(dev), set(prod)]);
});
after(async () => {
  for (const { admin, practice } of Object.values(environments ?? {})) {
    admin.close();
    await practice.stop();
  }
});

function inventoryOf(name: "dev" | "prod", instance = environments[name].admin): Promise<Inventory> {
  const tables = { incident: ["caller_id", "number", "state", "u_grade"] };
  const account = { clientId: "practice-client", user: "practice.integration", method: "client_credentials" } as const;
  return readInventory(instance, { name, ...account, tables });
}

/** Every third change is made in dev, the others in prod. */
const placeOf = (at: number) => (at % 3 === 0 ? "dev" : "prod");

const planted = PLANTS.map(([rank, what], at) => {
  const [before, after] = PLANTED_VALUES[what] ?? [];
  const [dev, prod] = placeOf(at) === "dev" ? [after, before] : [before, after];
  return `${rank}: ${what}: ${dev}, ${prod}`;
}).sort();

test("practice_instances_without_plants_are_equal", async () => {
  const { differences, unknown, compared } = compare([await inventoryOf("dev"), await inventoryOf("prod")]);
  assert.deepEqual([differences, unknown], [[], []]);
  assert.ok(compared > 80, `only ${compared} things were compared`);
});

test("practice_instance_read_with_fewer_rights_is_unknown", async () => {
  const auth = { username: "practice.agent", password: "practice-agent-password" };
  const agent = await connect({ url: environments.prod.practice.url, auth });
  try {
    const { differences, unknown } = compare([await inventoryOf("dev"), await inventoryOf("prod", agent)]);
    assert.deepEqual(differences, []);
    assert.deepEqual([...new Set(unknown.map(({ environment }) => environment))], ["prod"]);
    assert.ok(unknown.length >= 10, `only ${unknown.length} facts are unknown`);
  } finally {
    agent.close();
  }
});

test("practice_instances_differ_in_what_was_planted", async () => {
  assert.ok(PLANTS.length >= 30);
  for (const [at, [, , plant]] of PLANTS.entries()) await plant(environments[placeOf(at)]);
  const { differences, unknown } = compare([await inventoryOf("dev"), await inventoryOf("prod")]);
  const found = differences.map(({ rank, what, values: { dev, prod } }) => `${rank}: ${what}: ${dev}, ${prod}`);
  assert.deepEqual(found.sort(), planted);
  assert.deepEqual(unknown, []);
});
