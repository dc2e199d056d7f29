/** What the page remembers of its looks, in one tab of the browser and in several. */
import assert from "node:assert/strict";
import { test } from "node:test";

const KEY = "sysparm.preferences";
const stored = { theme: "dark", letters: false, roomy: false, panes: { tester: 320 } };
let text = JSON.stringify(stored);
let writes = 0;
const localStorage = {
  getItem: (key: string) => (key === KEY ? text : null),
  setItem: (_key: string, next: string) => {
    text = next;
    writes += 1;
  },
};
const page = new EventTarget();
Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
Object.defineProperty(globalThis, "addEventListener", { value: page.addEventListener.bind(page), configurable: true });
const { paneSize, preferences, setPreference } = await import("../src/app/preferences");

/** What another tab of the browser stores; this one hears of it later. */
function storeElsewhere(part: object): void {
  text = JSON.stringify({ ...JSON.parse(text), ...part });
}

test("stored preferences are read when the page starts", () => {
  assert.deepEqual(preferences.value, stored);
});

test("preference set in one tab keeps what another tab set", () => {
  storeElsewhere({ theme: "light", panes: { tester: 320, tree: 200 } });
  setPreference({ panes: { tester: 400 } });
  assert.deepEqual(JSON.parse(text), { ...stored, theme: "light", panes: { tester: 400, tree: 200 } });
});

test("preference that another tab sets is taken over", () => {
  storeElsewhere({ roomy: true });
  page.dispatchEvent(Object.assign(new Event("storage"), { key: "another", newValue: "{}" }));
  assert.equal(preferences.value.roomy, false);
  page.dispatchEvent(Object.assign(new Event("storage"), { key: KEY, newValue: text }));
  assert.equal(preferences.value.roomy, true);
});

test("dragged pane is stored once, at its end or on leaving", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const size = paneSize("reply", 100);
  const before = writes;
  for (let width = 101; width < 150; width += 1) size.value = width;
  assert.equal(writes, before);
  t.mock.timers.tick(1_000);
  assert.deepEqual([writes, JSON.parse(text).panes.reply], [before + 1, 149]);
  size.value = 160;
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(JSON.parse(text).panes.reply, 160);
  t.mock.timers.tick(1_000);
  assert.equal(writes, before + 2);
});
