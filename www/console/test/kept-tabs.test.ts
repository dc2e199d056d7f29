/** The open requests of several tabs of the browser, with one store. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLibrary } from "../src/collections/library";
import { memoryBacking } from "../src/store/backing";
import type { BrowserTab } from "../src/store/browser-tab";
import { createStore } from "../src/store/store";
import { keepTabs } from "../src/tester/kept-tabs";
import { createTester, type Tester } from "../src/tester/tester";
import { newRequest } from "../src/workspace/model";
import { hostDouble } from "./host-double";

const host = hostDouble();
const settled = () => new Promise((resolve) => setImmediate(resolve));
const addresses = ({ tabs }: Tester) => tabs.value.map(({ request }) => request.address);

/** A browser with one store. `tick` lets its tabs write what is open. */
function browser(tick: (ms: number) => void) {
  const backing = memoryBacking();
  const held = new Set<string>();
  /** Opens a tab, with the id that its session has already. */
  async function open(session = "") {
    let id = session;
    const tab: BrowserTab = {
      former: () => session,
      open: async () => held,
      claim: async (wanted) => {
        if (held.has(wanted)) return false;
        held.add(wanted);
        id = wanted;
        return true;
      },
    };
    const store = createStore(backing);
    const library = createLibrary(store);
    const tester = createTester(host, library.collections, () => undefined);
    await keepTabs(store, library, tester, tab);
    return { tester, store, id: () => id, close: () => held.delete(id) };
  }
  async function write() {
    tick(1_000);
    await settled();
  }
  const records = () => backing.all("tabs") as Promise<{ id: string }[]>;
  return { backing, open, write, records };
}

test("open requests of two browser tabs are kept apart", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { open, write } = browser((ms) => t.mock.timers.tick(ms));
  const one = await open();
  const other = await open();
  one.tester.open(newRequest({ address: "/one" }));
  await write();
  other.tester.open(newRequest({ address: "/other" }));
  await write();
  one.close();
  const again = await open(one.id());
  assert.ok(addresses(again.tester).includes("/one"));
  assert.ok(!addresses(again.tester).includes("/other"));
});

test("new browser tab opens what a closed one left", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { backing, open, write, records } = browser((ms) => t.mock.timers.tick(ms));
  const requests = [newRequest({ address: "/common" })];
  // Of a console that had one record for all tabs of the browser.
  await backing.change("tabs", "open", () => ({ id: "open", version: 1, data: { id: "open", requests } }));
  const first = await open();
  assert.deepEqual(addresses(first.tester), ["/common"]);
  await write();
  const second = await open();
  assert.notDeepEqual(addresses(second.tester), ["/common"], "the first has it");
  second.tester.open(newRequest({ address: "/two" }));
  await write();
  first.close();
  second.close();
  assert.ok(addresses((await open()).tester).includes("/two"), "the newest");
  assert.deepEqual(addresses((await open()).tester), ["/common"]);
  assert.equal((await records()).length, 2);
});

test("duplicated browser tab begins with a copy", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { open, write, records } = browser((ms) => t.mock.timers.tick(ms));
  const one = await open();
  one.tester.open(newRequest({ address: "/one" }));
  await write();
  const copy = await open(one.id());
  assert.deepEqual(addresses(copy.tester), addresses(one.tester));
  copy.tester.open(newRequest({ address: "/copy" }));
  await write();
  assert.equal((await records()).length, 2);
  assert.ok(!addresses(one.tester).includes("/copy"));
});

test("browser tab without work of its own keeps none", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { open, write, records } = browser((ms) => t.mock.timers.tick(ms));
  const { tester } = await open();
  await write();
  assert.deepEqual(await records(), []);
  tester.open(newRequest({ address: "/one" }));
  await write();
  assert.equal((await records()).length, 1);
  for (const { id } of tester.tabs.value) tester.close(id);
  await write();
  assert.deepEqual(await records(), [], "only a proposed request is open");
});

test("records of closed browser tabs are bounded", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { backing, open, records } = browser((ms) => t.mock.timers.tick(ms));
  for (let at = 0; at < 30; at += 1) {
    const data = { id: `t${at}`, requests: [newRequest()], at };
    await backing.change("tabs", data.id, () => ({ id: data.id, version: 1, data }));
  }
  const { id } = await open();
  const ids = (await records()).map((record) => record.id);
  assert.deepEqual([id(), ids.length, ids[0]], ["t29", 21, "t9"]);
});
