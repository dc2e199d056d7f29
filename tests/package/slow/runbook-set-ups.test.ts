/** Runbooks of five set-ups of a practice instance, compared line by line with what was set up. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, type Instance } from "sysparm";
import { type AuthMethod, readInventory, runbook, traffic } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";

let practice: PracticeInstance;
let administrator: Instance;
before(async () => {
  practice = await startPracticeInstance("--rows", "5", "--quiet");
  const auth = { username: "practice.admin", password: "practice-admin-password" };
  administrator = await connect({ url: practice.url, auth });
});
after(async () => {
  administrator?.close();
  await practice?.stop();
});

const SECRET = "planted-Secret-4711";
const create = (table: string, row: Record<string, string>) => administrator.table(table).create(row);
const idOf = async (table: string, field: string, value: string) =>
  String((await administrator.table(table).findBy(field, value))?.sys_id);

const ACCOUNT = (user: string, only: string, identity: string, roles: string, contained: string[] = []) => [
  `Account: ${user}`,
  "Account active: yes",
  "Account locked out: no",
  `Web service access only: ${only}`,
  `Identity type: ${identity}`,
  `Roles granted: ${roles}`,
  ...contained.map((names) => `Roles that come with them: ${names}`),
];
/** What the role itil contains in the practice instance. */
const WITH_ITIL = [
  ["cmdb_read", "sn_change_read", "sn_incident_read", "sn_problem_read", "snc_platform_rest_api_access"].join(", "),
];
const KEPT = ["Where it lives: vault kv/acme", "Who may renew it: (to fill in)"];
const LIFE = "Access token lives: 30 minutes (1800 s)";
const REFRESH = "Refresh token lives: 100 days (8640000 s)";

interface SetUp {
  method: AuthMethod;
  user?: string;
  clientId?: string;
  signIn: string[];
  credential: string[];
  /** Begins with these causes. */
  causes: RegExp[];
}

const SET_UPS: Record<string, () => Promise<SetUp>> = {
  Basic: async () => ({
    method: "basic",
    user: "practice.agent",
    signIn: ["Sign-in: Basic authentication", ...ACCOUNT("practice.agent", "no", "human", "itil", WITH_ITIL)],
    credential: [
      "Credential: user name and password",
      ...KEPT,
      "How tokens are renewed: None: the password is sent with every request.",
      "When it ends: (to fill in)",
      "1. Set a new password of practice.agent, record it where the credential lives, and deploy it at the same time.",
    ],
    causes: [/password|active/, /interactive|Basic/],
  }),
  "password grant": async () => {
    const id = await idOf("oauth_entity", "client_id", "practice-client");
    const user = await idOf("sys_user", "user_name", "practice.agent");
    const token = { type: "refresh_token", user, peer: id, token: SECRET };
    await create("oauth_credential", { ...token, expires: "2031-01-02 03:04:05" });
    await create("oauth_credential", { ...token, expires: "2030-01-02 03:04:05" });
    return {
      method: "password",
      clientId: "practice-client",
      user: "practice.agent",
      signIn: [
        "Sign-in: OAuth 2.0 password grant",
        "Client: Practice client",
        "Client id: practice-client",
        "Client active: yes",
        "Auth scopes: none",
        "Tokens open APIs of these scopes only: no",
        LIFE,
        REFRESH,
        ...ACCOUNT("practice.agent", "no", "human", "itil", WITH_ITIL),
      ],
      credential: [
        "Credential: client id, client secret, user name and password",
        ...KEPT,
        "How tokens are renewed: The access token is renewed with the refresh token; when that has ended, with the password.",
        "When it ends: the newest refresh token ends on 2031-01-02 03:04:05 UTC",
        "1. Record the new secret where the credential lives, and deploy it.",
        "2. In REGISTRY, set the new Client Secret of Practice client: the old one stops working at once.",
        "3. Watch for 401 with server_error at /oauth_token.do, which a wrong secret gives.",
        "4. Set a new password of practice.agent, and record it in the same place.",
      ],
      causes: [/user name or the password/, /reset the password/],
    };
  },
  "client credentials": async () => {
    const user = await idOf("sys_user", "user_name", "practice.hr");
    const more = { access_token_lifespan: "600", allow_only_scoped_apis: "true", active: "true", type: "client" };
    const client = { name: "HR sync", client_id: "hr-client", client_secret: SECRET, user };
    const made = await create("oauth_entity", { ...client, ...more });
    await create("oauth_entity_scope", { oauth_entity: String(made.sys_id), name: "hr_cases" });
    const [changed] = await administrator
      .table("oauth_entity")
      .toArray({ query: "client_id=hr-client", fields: ["sys_updated_on"] });
    return {
      method: "client_credentials",
      clientId: "hr-client",
      signIn: [
        "Sign-in: OAuth 2.0 client credentials",
        "Client: HR sync",
        "Client id: hr-client",
        "Client active: yes",
        "OAuth Application User: practice.hr",
        "Auth scopes: hr_cases",
        "Tokens open APIs of these scopes only: yes",
        "Access token lives: 10 minutes (600 s)",
        ...ACCOUNT("practice.hr", "yes", "machine", "sn_hr_core.case_reader, sn_hr_core.profile_reader"),
      ],
      credential: [
        "Credential: client id and client secret",
        ...KEPT,
        "How tokens are renewed: A new access token is requested with the client secret before the old one ends. There is no refresh token.",
        `When it ends: the instance sets no end for a client secret; its record was changed last on ${changed?.sys_updated_on} UTC`,
        "1. Record the new secret where the credential lives, and deploy it.",
        "2. In REGISTRY, set the new Client Secret of HR sync: the old one stops working at once.",
        "3. Watch for 401 with server_error at /oauth_token.do, which a wrong secret gives.",
      ],
      causes: [
        /client id or the client secret/,
        /client credentials grant is not switched on/,
        /no OAuth Application User/,
      ],
    };
  },
  "JWT bearer": async () => {
    const more = {
      type: "jwt",
      active: "true",
      user_field: "email",
      enable_jti_verification: "true",
      clock_skew: "300",
    };
    await create("oauth_entity", { name: "Signer", client_id: "jwt-client", client_secret: SECRET, ...more });
    return {
      method: "jwt_bearer",
      clientId: "jwt-client",
      user: "practice.visitor",
      signIn: [
        "Sign-in: OAuth 2.0 JWT bearer",
        "Client: Signer",
        "Client id: jwt-client",
        "Client active: yes",
        "Issuer and audience of assertions: jwt-client",
        "Subject of assertions is: the user's email",
        "Each assertion works once: yes",
        "Clock of assertions may be off by: 5 minutes (300 s)",
        "Auth scopes: none",
        "Tokens open APIs of these scopes only: no",
        ...ACCOUNT("practice.visitor", "yes", "machine", "none"),
      ],
      credential: [
        "Credential: client id, client secret and the private key that signs assertions",
        ...KEPT,
        "How tokens are renewed: A new assertion is signed and exchanged for an access token before the old one ends. There is no refresh token.",
        "When it ends: (to fill in)",
        "1. Make a new key pair, and upload its certificate with a new JWT Verifier Map (its kid), next to the old one.",
        "2. Let the integration sign with the new key and kid, then remove the old map.",
        "3. Record the new secret where the credential lives, and deploy it.",
        "4. In REGISTRY, set the new Client Secret of Signer: the old one stops working at once.",
        "5. Watch for 401 with server_error at /oauth_token.do, which a wrong secret gives.",
      ],
      causes: [/iss or aud/, /JWT Verifier Map/, /sub matches no active user/, /role admin/],
    };
  },
  "API key": async () => {
    const user = await idOf("sys_user", "user_name", "practice.visitor");
    await create("rest_api_key", {
      name: "Acme key",
      user,
      token: SECRET,
      active: "true",
      expires: "2030-05-06 07:08:09",
    });
    return {
      method: "api_key",
      user: "practice.visitor",
      signIn: ["Sign-in: REST API key", ...ACCOUNT("practice.visitor", "yes", "machine", "none")],
      credential: [
        "Credential: an API key, sent as x-sn-apikey",
        ...KEPT,
        "How tokens are renewed: None: the key is sent with every request until it ends.",
        "When it ends: Acme key: 2030-05-06 07:08:09 UTC",
        "1. Make a second REST API Key for practice.visitor, and record its token where the credential lives: it is shown once.",
        "2. Deploy it, see that calls work, then make the old key inactive.",
      ],
      causes: [/key is mistyped/, /lists the API key profile/],
    };
  },
};

test("runbooks of five set-ups are right line by line", async () => {
  const limited = await idOf("sys_user", "user_name", "practice.visitor");
  const rule = { active: "true", rest_api: "Table API", http_method: "GET", request_limit: "500" };
  await create("sys_rate_limit_rules", { ...rule, name: "Visitor", apply_to: "user", user: limited });
  await create("sys_rate_limit_rules", { ...rule, name: "Everybody", apply_to: "all", request_limit: "9000" });
  const recorded = traffic([
    { method: "GET", path: "/api/now/table/incident?sysparm_fields=number,state", status: 200 },
  ]);
  for (const [name, make] of Object.entries(SET_UPS)) {
    const { method, user, clientId, signIn, credential, causes } = await make();
    const options = { name: "prod", method, user, clientId, tables: { incident: ["number", "state"] } };
    const inventory = await readInventory(administrator, options);
    const given = { system: "Acme", purpose: "Orders", credential: { kept: "vault kv/acme" }, traffic: recorded };
    const { sections, markdown, html } = await runbook(inventory, given);
    const lines = (title: string) => {
      const blocks = sections.find((section) => section.title === title)?.blocks ?? [];
      return blocks.flatMap((block) => {
        if (block.kind === "text") return [];
        if (block.kind === "list")
          return block.items.map((item, place) => (block.ordered ? `${place + 1}. ${item}` : item));
        return block.rows.map((row) => row.join(": "));
      });
    };
    const { release } = inventory;
    assert.ok(release.status === "read" && release.value.family);
    const registry = /^(?:Vancouver|Washington|Xanadu|Yokohama)/.test(release.value.family)
      ? "System OAuth > Application Registry"
      : "Machine Identity Console > Inbound integrations";
    assert.deepEqual(lines("As whom, and with which grant"), signIn, name);
    assert.deepEqual(
      lines("The credential"),
      credential.map((line) => line.replace("REGISTRY", registry)),
      name,
    );
    assert.deepEqual(
      lines("What connects to what"),
      [
        "System: Acme",
        "Purpose: Orders",
        "Environment: prod",
        `Instance: ${practice.url}`,
        `Release: ${[release.value.family, release.value.build].filter(Boolean).join(", ")}`,
        "APIs: Table API (GET)",
      ],
      name,
    );
    const visitor = user === "practice.visitor" ? ["Visitor: Table API GET: 500 an hour: user practice.visitor"] : [];
    const rules = lines("Limits").filter((line) => line.includes("an hour"));
    assert.deepEqual(rules.sort(), ["Everybody: Table API GET: 9000 an hour: each user", ...visitor], name);
    assert.deepEqual(lines("Tables and fields"), ["incident: read: number, state: itil or sn_incident_read"], name);
    const failures = lines("When it fails");
    for (const [place, cause] of causes.entries()) assert.match(failures[place] ?? "", cause, name);
    assert.match(
      lines("Last checked").join("\n"),
      new RegExp(`^Facts read: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC from ${practice.url}`),
    );
    for (const secret of [SECRET, "practice-secret", "practice-admin-password", "practice-agent-password"])
      assert.equal((markdown + html + JSON.stringify(sections)).includes(secret), false, name);
    for (const line of signIn) {
      const [what, ...value] = line.split(": ");
      assert.ok(markdown.includes(`| ${what} | ${value.join(": ")} |`), `${name}: ${line}`);
    }
  }
});
