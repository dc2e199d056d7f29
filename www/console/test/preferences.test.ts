/** What the page remembers of its looks is there again when its module is loaded. */
import assert from "node:assert/strict";
import { test } from "node:test";

test("stored preferences are read when the page starts", async () => {
  const stored = { theme: "dark", letters: false, panes: { tester: 320 } };
  const localStorage = {
    getItem: (key: string) => (key === "sysparm.preferences" ? JSON.stringify(stored) : null),
  };
  Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
  const { preferences } = await import("../src/app/preferences");
  assert.deepEqual(preferences.value, stored);
});
