/** Records of many environments are matched by name and by what they are about, in a time that grows with their number. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, type Inventory, type OAuthClient } from "sysparm/environments";
import { stockInventory } from "./stock-inventory.ts";

function inventoryWith(clients: OAuthClient[], name: string): Inventory {
  return { ...stockInventory(name), clients: { status: "read", value: clients } };
}

/** Clients with equal members, of a name and an id each. */
function clientsOf(names: readonly string[]): OAuthClient[] {
  const { clients } = stockInventory("dev");
  const [client] = clients.status === "read" ? clients.value : [];
  assert.ok(client);
  return names.map((name, at) => ({ ...client, name, sysId: `c${at}`, clientId: `id-${name}-${at}`, own: false }));
}

test("records_are_matched_by_keys_that_are_made_once", () => {
  const names = Array.from({ length: 100 }, (_, at) => `Client ${at}`);
  const reversed = clientsOf([...names].reverse());
  Object.assign(reversed[0] ?? {}, { accessTokenLifespan: 5 });
  let reads = 0;
  for (const client of reversed) {
    const { name } = client;
    const get = () => {
      reads += 1;
      return name;
    };
    Object.defineProperty(client, "name", { get });
  }
  const { differences } = compare([inventoryWith(clientsOf(names), "dev"), inventoryWith(reversed, "prod")]);
  assert.deepEqual(
    differences.map(({ what, values }) => [what, values]),
    [["client Client 99: access token lifespan", { dev: "1800", prod: "5" }]],
  );
  assert.ok(reads < 20 * names.length, `${reads} readings of ${names.length} names`);
});

test("records_of_one_name_find_their_own_counterparts", () => {
  const lifespans = (...seconds: number[]) =>
    clientsOf(seconds.map(() => "Portal")).map((client, at) => ({
      ...client,
      accessTokenLifespan: seconds[at] ?? null,
    }));
  const inventories = [
    inventoryWith(lifespans(10, 20, 30), "dev"),
    inventoryWith(lifespans(30, 10, 20), "test"),
    inventoryWith(lifespans(20, 40, 10), "prod"),
  ];
  assert.deepEqual(
    compare(inventories).differences.map(({ what, values }) => [what, values]),
    [["client Portal: access token lifespan", { dev: "30", test: "30", prod: "40" }]],
  );
});
