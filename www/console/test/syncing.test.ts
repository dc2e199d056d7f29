/** The syncs of a page whose environments change: whose problem is shown, and when a run is due. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { signal } from "@preact/signals";
import type { Workspace } from "../src/environments/workspace";
import type { Copies } from "../src/sync/copy/copies";
import type { Operation } from "../src/sync/copy/model";
import { begun } from "../src/sync/run";
import { EMPTY, type Setup, setupFrom } from "../src/sync/setup";
import { createSyncing } from "../src/sync/syncing";

before(() => {
  const request = async (_name: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({});
  const locks = { request, query: async () => ({ held: [] }) };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks } });
});

const DEV = { id: "e1", name: "DEV" };
const PROD = { id: "e2", name: "PROD" };

function setup(environment: typeof DEV, table: string, every = "0"): Setup {
  const read = setupFrom({ ...EMPTY, table, every }, environment, []);
  assert.ok("setup" in read);
  return read.setup;
}

/** A workspace with two environments, connected to nothing that answers. */
function workspaceWith(setups: readonly Setup[]) {
  const kept = new Map(setups.map((one) => [one.id, one]));
  const list = signal([DEV, PROD]);
  const currentId = signal(DEV.id);
  const find = (id: string) => list.value.find((one) => one.id === id);
  const workspace = {
    store: {
      all: async () => [...kept.values()],
      put: async (_: string, one: Setup) => void kept.set(one.id, one),
      remove: async (_: string, id: string) => void kept.delete(id),
    },
    environments: { currentId, find, notice: signal("") },
    connections: { of: () => ({ name: "open", instance: { url: "https://dev.test" } }) },
  };
  return { workspace: workspace as unknown as Workspace, currentId, list };
}

/** Answers what `status` has, and refuses everything else. */
function copiesWith(status: unknown): Copies {
  const answer = async (operation: Operation) => {
    if (operation === "status") return status;
    throw Object.assign(new Error("The disk is full."), { name: "CopyFull" });
  };
  return answer as unknown as Copies;
}

test("problem of one environment is not shown in another", async () => {
  const setups = [setup(DEV, "incident"), setup(PROD, "incident")];
  const { workspace, currentId, list } = workspaceWith(setups);
  const syncing = createSyncing(workspace, copiesWith([]));
  await syncing.refresh();
  assert.equal(await syncing.keep({ ...setup(DEV, "incident"), query: "active=true" }, setups[0]), false);
  assert.equal(syncing.problem.value?.table, "incident");
  currentId.value = PROD.id;
  assert.equal(syncing.problem.peek(), null);
  list.value = [PROD];
  assert.equal(syncing.problem.value?.environment, DEV.id, "nothing else shows it");
  syncing.hideProblem();
  assert.equal(syncing.problem.value, null);
});

test("run whose record cannot be stored is not begun again at once", async () => {
  const every = setup(DEV, "incident", "5");
  const { workspace } = workspaceWith([every]);
  const held = { table: "incident", instance: "https://other.test", rows: 1, columns: ["sys_id"], checkpoint: {} };
  const syncing = createSyncing(workspace, copiesWith([{ ...held, run: begun(0) }]));
  await syncing.refresh();
  const now = Date.now();
  let runs = 0;
  syncing.live.subscribe((live) => {
    runs += live.size;
  });
  for (let tick = 0; tick < 3; tick += 1) {
    syncing.runDue(now + tick * 10_000);
    while (syncing.live.value.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.equal(runs, 1);
  syncing.runDue(now + 301_000);
  assert.equal(runs, 2);
});
