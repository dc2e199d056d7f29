/** Inventories of a practice instance: what an administrator reads, and what is unreadable for others. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect } from "sysparm";
import { readInventory } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

let practice: PracticeInstance;
before(async () => {
  practice = await startPracticeInstance("--rows", "5", "--quiet");
});
after(() => practice?.stop());

const OPTIONS = {
  name: "dev",
  clientId: "practice-client",
  method: "client_credentials" as const,
  tables: { incident: ["number", "u_unknown"] },
};

async function inventoryAs(username: string) {
  const instance = await connect({
    url: practice.url,
    auth: { username, password: `${username.replace(".", "-")}-password` },
  });
  try {
    return await readInventory(instance, OPTIONS);
  } finally {
    instance.close();
  }
}

test("inventory_holds_every_fact_for_an_administrator", async () => {
  const inventory = await inventoryAs("practice.admin");
  const { tables, format, name, url, readAt, clientId, ...facts } = inventory;
  for (const [fact, { status }] of [...Object.entries(facts), ...Object.entries(tables)])
    assert.equal(status, "read", fact);
  assert.deepEqual([format, name, url, clientId], [1, "dev", practice.url, "practice-client"]);
  assert.ok(Math.abs(readAt - Date.now()) < 60_000);
  const { release, plugins, properties, account, clients } = facts;
  const incident = tables.incident;
  assert.ok(release.status === "read" && plugins.status === "read" && properties.status === "read");
  assert.ok(account.status === "read" && clients.status === "read" && incident?.status === "read");
  assert.equal(release.value.family, "Zurich");
  assert.equal(plugins.value["com.glide.auth.mutual"]?.active, false);
  assert.equal(properties.value["glide.oauth.cors.allowed.origin"], "");
  assert.equal(properties.value["glide.rest.max_content_length"], null, "the instance has no such property");
  const { userName, webServiceAccessOnly, lockedOut } = account.value;
  assert.deepEqual([userName, webServiceAccessOnly, lockedOut], ["practice.integration", true, false]);
  const [client] = clients.value;
  assert.deepEqual([client?.own, client?.user, client?.scopes], [true, "practice.integration", []]);
  assert.equal(client?.accessTokenLifespan, 1800);
  assert.deepEqual(incident.value.extends, ["task"]);
  assert.equal(incident.value.fields.number?.type, "string");
  assert.equal(incident.value.fields.u_unknown, null);
  assert.ok(!JSON.stringify(inventory).includes("practice-secret"), "no secret is in it");
});

test("inventory_says_why_facts_are_unreadable", async () => {
  const { properties, clients, tables } = await inventoryAs("practice.agent");
  assert.deepEqual(properties, {
    status: "unreadable",
    because: "sys_properties may not be read by this user; it takes the role admin",
  });
  assert.equal(clients.status, "unreadable");
  // The dictionary is closed to this user, and a row shows no type: what is not known is absent, and not null.
  const { incident } = tables;
  assert.ok(incident?.status === "read" && incident.incomplete);
  assert.deepEqual(incident.value.fields, { number: {} });
});

test("inventory_of_nothing_readable_is_the_failure", async () => {
  await assert.rejects(inventoryAs("practice.nobody"), { kind: "authentication" });
});

test("inventory_refuses_wrong_options", async () => {
  const instance = { table: () => undefined, schema: () => undefined } as never;
  await assert.rejects(readInventory(instance, { name: "dev", user: "a^ORb" }), { code: "options.type" });
  await assert.rejects(readInventory(instance, { name: "dev", tables: ["a b"] }), /Invalid option `tables`/);
  await assert.rejects(readInventory(instance, {} as never), /Missing option `name`/);
});
