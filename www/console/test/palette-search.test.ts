/** What the palette says of the list of tables, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { signal } from "@preact/signals";
import { searched, tablesNote } from "../src/app/palette-search";
import type { ConsoleState } from "../src/app/state";
import { newCollection, newRequest } from "../src/workspace/model";

type Pages = () => AsyncGenerator<{ rows: Record<string, string>[] }>;

function stateWith(pages: Pages | null): ConsoleState {
  const instance = pages && { table: () => ({ pages }) };
  return {
    workspace: {
      environments: { current: signal({ name: "DEV" }) },
      connections: { currentInstance: signal(instance) },
    },
    reader: { form: { table: signal("incident") } },
  } as unknown as ConsoleState;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("list of tables that is being read is said", async () => {
  const state = stateWith(async function* () {
    yield { rows: [{ name: "incident", label: "Incident" }] };
  });
  assert.equal(tablesNote("#", state), "", "no text asks for tables yet");
  assert.equal(tablesNote("#inc", state), "Reading the list of tables…");
  await settled();
  assert.equal(tablesNote("#inc", state), "");
  assert.deepEqual(
    searched("#inc", state, []).map(({ note }) => note),
    ["incident"],
  );
});

test("list of tables that could not be read says why", async () => {
  const state = stateWith(async function* () {
    yield { rows: [] };
  });
  tablesNote("inc", state);
  await settled();
  assert.equal(tablesNote("inc", state), "This user may not read sys_db_object: no list of tables.");
  assert.equal(tablesNote("> inc", state), "", "commands are searched alone");
});

test("without a connection nothing is said of tables", () => {
  assert.equal(tablesNote("#inc", stateWith(null)), "");
});

// Its styles cannot be imported here, so the tester fails to load.
test("found request shows a tester that cannot be loaded", async () => {
  const location = { hash: "" };
  Object.assign(globalThis, { location });
  const collection = newCollection("Tasks", [newRequest({ name: "Closed tasks" })]);
  const [found] = searched("closed", stateWith(null), [collection]);
  found?.run();
  for (let turn = 0; turn < 500 && location.hash === ""; turn += 1) await setTimeout(10);
  assert.equal(location.hash, "#/tester", "its pane says so");
});
