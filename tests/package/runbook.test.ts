/** Runbooks of inventories: what is escaped, what is concealed, and what is said of facts that could not be read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Inventory, RunbookGiven } from "sysparm/environments";
import { audit } from "../../www/glue/src/environments/audit/index.js";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";
import { runbook } from "../../www/glue/src/environments/runbook/index.js";
import { concealed } from "../../www/glue/src/shared/concealed.js";
import { inventoryWith, read, unreadable } from "./audited-inventory.js";

/** Repeats from a seed, as a test must. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const OPAQUE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Secrets in the shapes in which they are pasted, each with the part that must not be found. */
const SHAPES: Record<string, (next: (count: number, letters?: string) => string) => [text: string, secret: string]> = {
  "an opaque token": (next) => both(`${next(60)}Aa19z7`),
  "a JWT": (next) => both(`eyJ${next(9, LETTERS)}.${next(9, LETTERS)}.x`),
  "a hexadecimal key": (next) => both(next(64, "0123456789abcdef")),
  "a named secret": (next) => named("client_secret=", next(12)),
  "a password in words": (next) => named("the password: ", next(9)),
  "a member of JSON": (next) => named('{"refresh_token": "', next(20)),
  "an Authorization header": (next) => named("Authorization: Basic ", btoa(`user:A1${next(8)}`)),
  "a key header": (next) => named("x-sn-apikey: ", next(15)),
  "an address with a password": (next) => {
    const secret = `p${next(10, "abcdefgh123")}`;
    return [`https://user:${secret}@dev1.service-now.com/`, secret];
  },
  "a redirect with a code": (next) => named("https://app.example/callback?code=", next(12)),
  "a private key": (next) => {
    const secret = next(20, LETTERS);
    return [`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`, secret];
  },
};

const both = (secret: string): [string, string] => [secret, secret];
const named = (before: string, secret: string): [string, string] => [before + secret, secret];

/** A copy with something added to its text at this place, or to every text. */
function planted<T>(value: T, place: number | undefined, added: () => string): T {
  let at = -1;
  return JSON.parse(JSON.stringify(value), (_, member) => {
    if (typeof member !== "string") return member;
    at += 1;
    return place === undefined || at === place ? `${member} ${added()}` : member;
  });
}

function credentials(): Partial<Inventory> {
  const stock = inventoryWith();
  const [own] = stock.clients.status === "read" ? stock.clients.value : [];
  const client = { ...own, redirectUrls: ["https://app.example/callback"], scopes: ["acme"], userField: "email" };
  const hidden = { clientSecret: "", token: "", password: "" };
  return {
    clients: read([{ ...client, ...hidden } as never]),
    apiKeys: read([
      { name: "Key", user: "acme.sync", active: true, expires: "2026-12-01 00:00:00", ...hidden } as never,
    ]),
    issuedTokens: read([
      {
        type: "refresh_token",
        user: "acme.sync",
        clientId: "acme-client",
        expires: "2026-12-01 00:00:00",
        ...hidden,
      } as never,
    ]),
    account: stock.account,
    policies: read([{ name: "Policy", active: true, accepts: ["oauth"] }]),
    rateRules: read([{ name: "Rule", active: true, limit: 100, applyTo: "all" }]),
  };
}

const GIVEN: RunbookGiven = {
  system: "Acme",
  purpose: "Orders",
  credential: { kept: "vault kv/acme", owner: "Team" },
  contacts: [{ role: "Owner", who: "Ada" }],
};

test("no planted secret is in any form of a runbook", async () => {
  const methods = ["client_credentials", "authorization_code", "jwt_bearer", "api_key", "password"] as const;
  const facts = { clean: credentials(), given: GIVEN };
  let texts = 0;
  planted(facts, undefined, () => `${++texts}`);
  assert.ok(texts > 25, `${texts}`);
  const shapes = Object.entries(SHAPES);
  for (const [turn, [shape, make]] of shapes.entries()) {
    const pick = random(turn + 7);
    const next = (count: number, letters = OPAQUE) =>
      Array.from({ length: count }, () => letters[Math.floor(pick() * letters.length)]).join("");
    // One in every text at once, then alone in each text that is this shape's turn.
    for (const place of [undefined, ...Array(texts).keys()]) {
      if (place !== undefined && place % shapes.length !== turn) continue;
      const secrets: string[] = [];
      const { clean, given } = planted(facts, place, () => {
        const [text, secret] = make(next);
        secrets.push(secret);
        return text;
      });
      assert.equal(secrets.length, place === undefined ? texts : 1);
      const inventory = inventoryWith({ ...clean, method: read(methods[(place ?? turn) % methods.length] ?? "basic") });
      const book = JSON.stringify(await runbook(inventory, { ...given, audit: audit(inventory) }));
      for (const secret of secrets) assert.equal(book.includes(secret), false, `${shape} at ${place}: ${secret}`);
    }
  }
});

test("names, ids and addresses are not concealed", async () => {
  const id = "0123456789abcdef0123456789abcdef";
  const inventory = inventoryWith({
    clients: read([
      {
        sysId: id,
        name: "Production client of the orders team",
        clientId: id,
        own: true,
        scopes: ["x_acme_orders_read_and_write_scope"],
      },
    ]),
  });
  const { markdown } = await runbook(inventory, {
    credential: { kept: "AWS Secrets Manager arn:aws:secretsmanager:eu-central-1:123456789012:secret/servicenow/prod" },
  });
  for (const text of [
    "Production client of the orders team",
    id,
    "x_acme_orders_read_and_write_scope",
    "eu-central-1",
    "/servicenow/prod",
  ])
    assert.ok(markdown.includes(text), text);
  assert.equal(markdown.includes("[concealed]") || markdown.includes("\\[concealed"), false);
});

test("texts of records are shown and never read as markup", async () => {
  const hostile = '<script>alert(1)</script> | a\n## b & "c" `d` [e](javascript:f) &lt;';
  const { html, markdown } = await runbook(inventoryWith(), { system: hostile, purpose: hostile });
  assert.equal(
    /<(?!!doctype|\/?(?:html|head|meta|title|style|body|h1|h2|section|p|ul|ol|li|table|thead|tbody|tr|th|td)\b)/i.test(
      html,
    ),
    false,
  );
  assert.equal(/\son\w+=|javascript:f\)">|<script/i.test(html), false);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt; \| a/);
  const line = markdown.split("\n").find((one) => one.startsWith("| System"));
  assert.equal(
    line,
    '| System | \\<script>alert(1)\\</script> \\| a ## b & "c" \\`d\\` \\[e\\](javascript:f) &amp;lt; |',
  );
});

test("characters that command or turn around are taken out", async () => {
  const { html, markdown } = await runbook(inventoryWith(), { system: "a\u001b[31mb\u202ec\u009bd\u200fe\u0000" });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be found
  const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
  assert.doesNotMatch(markdown, controls);
  assert.doesNotMatch(html, controls);
  assert.match(html, /a \[31mb c d e/);
});

test("the HTML file is whole and loads nothing", async () => {
  const { html, title } = await runbook(inventoryWith());
  assert.equal(title, "Runbook: Acme sync (prod)");
  assert.match(html, /^<!doctype html>/);
  assert.match(html, /default-src 'none'; style-src 'unsafe-inline'/);
  assert.equal(/<(?:link|img|iframe|script|form)|url\(|@import/i.test(html), false);
});

test("what could not be read is said, and never left out", async () => {
  const names = [
    "method",
    "release",
    "clients",
    "issuedTokens",
    "account",
    "roles",
    "rateRules",
    "policies",
    "accessRules",
  ];
  const inventory = inventoryWith(Object.fromEntries(names.map((name) => [name, unreadable])));
  const { markdown } = await runbook(inventory);
  for (const line of [
    "| Sign-in | not read: ",
    "| Client | not read: ",
    "| Account | not read: ",
    "| Roles granted | not read: ",
  ])
    assert.ok(markdown.includes(line), line);
  assert.match(markdown, /Rate limit rules: not read: /);
  assert.match(markdown, /API access policies: not read: /);
  for (const name of names) assert.ok(markdown.includes(`- ${name}: it may not be read by this user (403)`), name);
});

/** The texts of a section's blocks, lines of tables included. */
async function textsOf(title: string, changes: Partial<Inventory>, given: RunbookGiven = {}): Promise<string[]> {
  const { sections } = await runbook(inventoryWith(changes), given);
  const blocks = sections.find((section) => section.title === title)?.blocks ?? [];
  return blocks.flatMap((block) => {
    if (block.kind === "text") return [block.text];
    return block.kind === "list" ? block.items : block.rows.map((row) => row.join(" | "));
  });
}

test("roles of a table are shown only as far as rules were read", async () => {
  const rule = { name: "incident", operation: "read", conditional: false };
  const none = read([]);
  const cases: [changes: Partial<Inventory>, shown: string][] = [
    [{ accessRules: none }, "no rule of its own"],
    [{ accessRules: { ...none, incomplete: "cut" } }, "not read"],
    [{ accessRules: none, tables: {} }, "not read"],
    [{ accessRules: none, tables: { incident: unreadable } }, "not read"],
    [{}, "itil or sn_incident_read"],
    [{ accessRules: read([{ ...rule, roles: [] }]) }, "no role"],
    [{ accessRules: read([rule]) }, "roles not read"],
    [
      { accessRules: read([{ name: "incident", operation: "read", roles: ["a"] }]) },
      "a, and a condition or script that was not read",
    ],
    [
      {
        accessRules: read([
          { ...rule, roles: ["a"], conditional: true },
          { ...rule, roles: ["b"] },
          { ...rule, roles: ["c"], decision: "deny" },
        ]),
      },
      "a, with a condition or script; or b; always c",
    ],
  ];
  const recorded = traffic([{ method: "GET", path: "/api/now/table/incident?sysparm_fields=number" }]);
  for (const [changes, shown] of cases) {
    const lines = await textsOf("Tables and fields", changes, { traffic: recorded });
    const line = lines.find((one) => one.startsWith("incident |"));
    assert.equal(line?.split(" | ").at(-1), shown);
  }
});

test("granted roles stand apart from those they bring", async () => {
  const way = (by: "direct" | "group" | "contained", from = "") => ({ by, from });
  const brought = Array.from({ length: 22 }, (_, at) => ({ name: `r${at}`, ways: [way("contained", "itil")] }));
  const held = read([
    { name: "itil", ways: [way("group", "Agents"), way("contained", "x")] },
    { name: "own", ways: [way("direct"), way("group", "Agents")] },
    { name: "unseen", ways: [way("group")] },
    ...brought,
  ]);
  const lines = async (roles: Inventory["roles"]) =>
    (await textsOf("As whom, and with which grant", { roles })).filter((line) => line.startsWith("Roles"));
  const names = brought.slice(0, 20).map(({ name }) => name);
  assert.deepEqual(await lines(held), [
    "Roles granted | itil (by group Agents), own, unseen (by a group)",
    `Roles that come with them | ${names.join(", ")} and 2 more`,
  ]);
  assert.deepEqual(await lines(read([])), ["Roles granted | none"]);
});

test("limits are called absent only where all were read", async () => {
  const NO_RULE = "No rate limit rule applies to this account.";
  assert.ok((await textsOf("Limits", {})).includes(NO_RULE));
  const cut = { ...read([]), incomplete: "sys_rate_limit_rules is cut" };
  const lines = await textsOf("Limits", { rateRules: cut, policies: { ...read([]), incomplete: "policies cut" } });
  assert.ok(!lines.includes(NO_RULE), `${lines}`);
  assert.ok(lines.some((line) => line.startsWith("API access policies: ") && line.includes("policies cut")));
  const rateRules = read([
    { name: "A", active: true, limit: 9, applyTo: "all" },
    { name: "B", active: true, limit: 9, applyTo: "role", role: "other" },
  ]);
  const rules = await textsOf("Limits", { rateRules, roles: { ...read([]), incomplete: "roles cut" } });
  assert.ok(rules.includes("A | every API | 9 an hour | each user"), `${rules}`);
  assert.ok(rules.includes("B | every API | 9 an hour | each user with role other"), `${rules}`);
  const ofResource = { name: "P", active: true, restApi: "orders", resource: "/orders/{id}", accepts: ["oauth"] };
  const policies = await textsOf("Limits", { policies: read([ofResource]) });
  assert.ok(policies.includes("P | orders /orders/{id} | oauth"), `${policies}`);
});

test("open points list tables and what was not read whole", async () => {
  const lines = await textsOf("Open points", {
    tables: { incident: unreadable },
    accessRules: { ...read([]), incomplete: "more than 5000" },
  });
  assert.ok(lines.includes("table incident: it may not be read by this user (403)"), `${lines}`);
  assert.ok(lines.includes("accessRules: more than 5000"), `${lines}`);
});

test("old releases have the application registry", async () => {
  for (const [family, isOld] of [
    ["Tokyo", true],
    ["Washington DC", true],
    ["Yokohama", true],
    ["Zurich", false],
    ["Australia", false],
  ] as const) {
    const { markdown } = await runbook(inventoryWith({ release: read({ family }) }));
    const place = isOld ? "System OAuth > Application Registry" : "Machine Identity Console > Inbound integrations";
    assert.ok(markdown.includes(`In ${place}, set the new Client Secret`), family);
  }
});

test("causes of failure name the account and the client", async () => {
  const named = async (changes: Partial<Inventory>, given: RunbookGiven = {}) => {
    const { sections } = await runbook(inventoryWith(changes), given);
    const blocks = sections.find(({ title }) => title === "When it fails")?.blocks ?? [];
    return blocks.flatMap((block) => (block.kind === "table" ? block.rows.map((row) => row[2]) : [])).join("\n");
  };
  const account = read({ userName: "acme.bot" });
  const texts = await named({ account });
  for (const name of ["acme.bot", "Acme sync"]) assert.ok(texts.includes(name), name);
  assert.doesNotMatch(texts, /the integration user|the client\b(?! (?:id|secret))/);
  assert.ok((await named({ account, method: read("password") })).includes("https://prod.service-now.com"));
  assert.ok((await named({ clients: read([]) }, { clientId: "given-client" })).includes("given-client"));
  assert.match(await named({ account: unreadable }), /the integration user/);
});

test("numbers at the start of a text stay readable", async () => {
  const purpose = async (text: string) => {
    const { markdown } = await runbook(inventoryWith(), { purpose: text });
    return markdown.split("\n").find((line) => line.startsWith("| Purpose"));
  };
  assert.equal(await purpose("1.7 minutes"), "| Purpose | 1.7 minutes |");
  assert.equal(await purpose("12. orders"), "| Purpose | 12\\. orders |");
  assert.equal(await purpose("# orders"), "| Purpose | \\# orders |");
});

test("words that say where a secret lives are not concealed", () => {
  const CONCEALED = "[concealed]";
  for (const text of ["Kubernetes secret: sn-oauth", "exit code: none", "token: opaque", "signature: see the vault"])
    assert.equal(concealed(text), text);
  for (const [text, left] of [
    ["password: hunter", `password: ${CONCEALED}`],
    ["secret: Hunter7x", `secret: ${CONCEALED}`],
    ["secret=hunter", `secret=${CONCEALED}`],
    ["token:hunter", `token:${CONCEALED}`],
    ['{"token": "hunter"}', `{"token": "${CONCEALED}"}`],
    ["token: abcdefghijklmnopqrst", `token: ${CONCEALED}`],
  ] as const)
    assert.equal(concealed(text), left);
});

test("causes follow the way of signing in and the calls", async () => {
  const titles = async (changes: Partial<Inventory>, given: RunbookGiven = {}) => {
    const { sections } = await runbook(inventoryWith(changes), given);
    const block = sections.find(({ title }) => title === "When it fails")?.blocks[1];
    return block?.kind === "table" ? block.rows.map(([title = ""]) => title) : [];
  };
  const basic = await titles({ method: read("basic") });
  assert.ok(!basic.some((title) => title.includes("OAuth") || title.includes("registry record")), `${basic}`);
  assert.ok((await titles({ method: read("jwt_bearer") })).some((title) => title.includes("assertion")));
  const imports = traffic([{ method: "POST", path: "/api/now/import/imp_user" }]);
  const more = await titles({ method: read("basic") }, { traffic: imports });
  assert.ok(more.some((title) => title.includes("transform")) && !basic.some((title) => title.includes("transform")));
});

test("arguments of a runbook are checked", async () => {
  const wrong: [unknown, unknown, string][] = [
    [{}, {}, "options.type"],
    [{ ...inventoryWith(), clients: null }, {}, "options.type"],
    [inventoryWith(), { secret: "x" }, "options.unknown"],
    [inventoryWith(), { credential: { value: "x" } }, "options.unknown"],
    [inventoryWith(), { contacts: ["Ada"] }, "options.type"],
  ];
  for (const [inventory, given, code] of wrong)
    await assert.rejects(runbook(inventory as Inventory, given as RunbookGiven), { code });
});
