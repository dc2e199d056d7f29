/** The comparison of environments: what is read of which, and what is shown of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Comparison, Inventory, InventoryOptions } from "sysparm/environments";
import { createComparing } from "../src/compare/comparing.ts";
import { distinctNames } from "../src/compare/distinct-names.ts";
import { joinedUnknown, oddValues } from "../src/compare/shown.ts";
import { NotSent } from "../src/environments/guarded-fetch.ts";
import { integrationOf, tablesIn } from "../src/environments/integration.ts";
import type { Environment } from "../src/workspace/model.ts";

function environment(id: string, name: string): Environment {
  const auth = { kind: "oauth", grant: "client_credentials", clientId: `client-${id}` } as const;
  const route = { way: "direct", instanceUrl: `https://${id}.example`, auth } as const;
  return { id, name, kind: "dev", route, release: "", variables: [], readOnly: true };
}

/** What the console stopped, as the package hands it on. */
const refused = new Error("A call failed.", { cause: new NotSent("refused") });

/** Environments a and b are connected, c is not; reading of `refusing` fails. */
function comparing(refusing = "") {
  const list = signal([environment("a", "Dev"), environment("b", "Dev"), environment("c", "Prod")]);
  const open = ["a", "b"];
  const asked: InventoryOptions[] = [];
  const connections = {
    of: (id: string) => (open.includes(id) ? { name: "open", instance: { id } } : { name: "none" }),
  };
  const library = {
    async readInventory(instance: { id: string }, options: InventoryOptions) {
      asked.push(options);
      options.onProgress?.("properties");
      options.signal?.throwIfAborted();
      if (instance.id === refusing) throw refused;
      return { format: 1, name: options.name, url: "", readAt: 1 } as Inventory;
    },
    compare: (inventories: readonly Inventory[]): Comparison => {
      const environments = inventories.map(({ name, url, readAt }) => ({ name, url, readAt }));
      return { environments, differences: [], unknown: [], compared: 1 };
    },
    comparisonMarkdown: () => "# Compared",
  };
  const workspace = { environments: { list }, connections } as never;
  return { asked, state: createComparing(workspace, async () => library as never) };
}

const fileOf = (text: string) => ({ name: "x.json", size: text.length, text: async () => text });
const ended = ({ phase: { value } }: ReturnType<typeof createComparing>) =>
  value.name === "ended" ? value : undefined;
const names = (state: ReturnType<typeof createComparing>) =>
  ended(state)?.comparison.environments.map(({ name }) => name);

test("comparison_reads_connected_environments_by_distinct_names", async () => {
  const { state, asked } = comparing();
  assert.equal(state.count.value, 2);
  state.tables.value = "incident.number, cmdb_ci incident.state";
  state.user.value = " svc ";
  await state.start();
  assert.deepEqual(names(state), ["Dev", "Dev (b.example)"]);
  const [first] = asked;
  assert.deepEqual(first?.tables, { incident: ["number", "state"], cmdb_ci: [] });
  // The reader is another than the integration, and signs in in a way of its own.
  assert.deepEqual([first?.user, first?.clientId, first?.method], ["svc", undefined, undefined]);
  state.user.value = " ";
  await state.start();
  const last = asked.at(-1);
  assert.deepEqual([last?.user, last?.clientId, last?.method], [undefined, "client-b", "client_credentials"]);
});

test("comparison_takes_saved_inventories", async () => {
  const { state } = comparing();
  state.choose("b", false);
  assert.equal(state.count.value, 1);
  await state.addSaved([fileOf('{"format":1,"name":"Dev","url":"https://saved.example"}'), fileOf("{}")]);
  assert.match(state.problem.value, /x\.json is no inventory/);
  await state.start();
  assert.deepEqual(names(state), ["Dev", "Dev (a.example)"]);
});

test("comparison_names_a_file_that_cannot_be_read", async () => {
  const { state } = comparing();
  const gone = { name: "gone.json", size: 2, text: () => Promise.reject(new Error("It is gone.")) };
  await state.addSaved([gone, fileOf('{"format":1,"name":"Old","url":""}')]);
  assert.equal(state.problem.value, "gone.json: The file could not be read. It is gone. Choose it again.");
  assert.deepEqual(
    state.saved.value.map(({ name }) => name),
    ["Old"],
  );
});

test("comparison_names_an_environment_that_cannot_be_read", async () => {
  const { state } = comparing("b");
  await state.start();
  assert.equal(state.phase.value.name, "none");
  assert.equal(state.problem.value, "Dev (b.example): refused");
  await state.addSaved([fileOf('{"format":1,"name":"Old","url":""}')]);
  await state.start();
  assert.deepEqual(names(state), ["Old", "Dev"]);
  assert.deepEqual(ended(state)?.failed, ["Dev (b.example): refused"]);
});

test("comparison_that_is_cancelled_shows_nothing", async () => {
  const { state } = comparing();
  const running = state.start();
  state.cancel();
  await running;
  assert.deepEqual([state.phase.value.name, state.problem.value], ["none", ""]);
});

test("comparison_of_environments_names_what_is_odd", () => {
  assert.deepEqual([...oddValues({ a: "1", b: "1", c: "2" })], ["c"]);
  assert.deepEqual([...oddValues({ a: "1", b: "2" })], []);
  assert.deepEqual([...oddValues({ a: "1", b: null, c: "2" })], []);
  const fact = { part: "roles", what: "roles", because: "closed" } as const;
  const joined = joinedUnknown([
    { ...fact, environment: "a" },
    { ...fact, environment: "b" },
    { ...fact, environment: "c", because: "hidden" },
  ]);
  assert.deepEqual(
    joined.map(({ environments }) => environments),
    [["a", "b"], ["c"]],
  );
});

test("comparison_names_wrong_tables_and_ways_of_signing_in", () => {
  assert.equal(tablesIn("incident, a-b").wrong, "a-b");
  assert.deepEqual(tablesIn("incident.number, incident").tables, { incident: [] });
  const one = { name: "A", host: "h" };
  assert.deepEqual(distinctNames([one, one, one]), ["A", "A (h)", "A (h, 2)"]);
  const worker = { way: "worker", workerUrl: "", tenant: "", key: "k" } as never;
  assert.deepEqual(integrationOf({ ...environment("a", "A"), route: worker }), {});
});
