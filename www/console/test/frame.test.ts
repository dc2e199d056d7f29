/** Addresses, shortcuts, commands and preferences of the frame, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, parseAddress } from "../src/app/address.ts";
import { type Command, matching, registerCommands, registeredCommands } from "../src/app/commands.ts";
import { parsePreferences } from "../src/app/preferences.ts";
import { meaning } from "../src/app/shortcuts.ts";
import { views } from "../src/app/views.ts";

test("address names a view and its parts", () => {
  assert.deepEqual(parseAddress("#/records/incident"), { view: "records", parts: ["incident"] });
  assert.equal(addressOf("records", "incident"), "#/records/incident");
});

test("address drops what is no name, which could be a secret", () => {
  assert.deepEqual(parseAddress("#/tester/?token=abc/x"), { view: "tester", parts: ["x"] });
  assert.equal(addressOf("tester", "a b=c"), "#/tester");
});

test("fragment of a prefill is no address of a view", () => {
  assert.equal(parseAddress("#instance=http://127.0.0.1:8080"), null);
  assert.equal(parseAddress("#/nowhere"), null);
});

const PRESS = { ctrlKey: false, metaKey: false, altKey: false };
const FREE = { typing: false, letters: true, after: null };

test("letter of every view is its own", () => {
  assert.equal(new Set(views.map(({ letter }) => letter)).size, views.length);
  for (const { id, letter } of views)
    assert.deepEqual(meaning({ ...PRESS, key: letter }, { ...FREE, after: "g" }), { view: id });
});

test("letters are text in a field, and can be off", () => {
  for (const key of ["g", "?"]) {
    assert.notEqual(meaning({ ...PRESS, key }, FREE), null);
    assert.equal(meaning({ ...PRESS, key }, { ...FREE, typing: true }), null);
    assert.equal(meaning({ ...PRESS, key }, { ...FREE, letters: false }), null);
  }
});

test("Ctrl K and Cmd K open the palette, also from a field", () => {
  for (const held of ["ctrlKey", "metaKey"])
    assert.deepEqual(meaning({ ...PRESS, [held]: true, key: "k" }, { ...FREE, typing: true }), { open: "palette" });
});

test("palette finds by every word, best first, 8 in a group", () => {
  const command = (label: string, group?: string): Command => ({
    id: label,
    label,
    run: () => undefined,
    ...(group ? { group } : {}),
  });
  const all = [command("Open the tester"), command("Tester", "Views"), command("Test again")];
  const found = matching("test", all);
  assert.deepEqual(
    found.map(({ heading, commands }) => [heading, commands.map(({ label }) => label)]),
    [
      ["Commands", ["Test again", "Open the tester"]],
      ["Views", ["Tester"]],
    ],
  );
  assert.deepEqual(matching("> test", all).length, 1);
  assert.deepEqual(matching("tester open", all).flatMap(({ commands }) => commands).length, 1);
  assert.equal(
    matching(
      "",
      Array.from({ length: 20 }, (_, n) => command(`c${n}`)),
    )[0]?.commands.length,
    8,
  );
});

test("commands are asked for anew, until they are removed", () => {
  let label = "one";
  const remove = registerCommands(() => [{ id: "x", label, run: () => undefined }]);
  label = "two";
  assert.deepEqual(
    registeredCommands().map((entry) => entry.label),
    ["two"],
  );
  remove();
  assert.deepEqual(registeredCommands(), []);
});

test("preferences that cannot be read get their defaults", () => {
  const defaults = { theme: "system", letters: true, panes: {} };
  for (const text of [null, "{", "7", "null", '{"theme":"pink","letters":1,"panes":{"a":"x","b":-1}}'])
    assert.deepEqual(parsePreferences(text), defaults);
  assert.deepEqual(parsePreferences('{"theme":"dark","panes":{"tree":240}}'), {
    theme: "dark",
    letters: true,
    panes: { tree: 240 },
  });
});
