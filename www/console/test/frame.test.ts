/** Addresses, shortcuts, commands and preferences of the frame, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, parseAddress } from "../src/app/address.ts";
import { type Command, matching, registerCommands, registeredCommands } from "../src/app/commands.ts";
import { parsePreferences } from "../src/app/preferences.ts";
import { nextIndex } from "../src/app/regions.ts";
import { asksForTables, matchingTables, recordTargets } from "../src/app/search.ts";
import { meaning } from "../src/app/shortcuts.ts";
import { views } from "../src/app/views.ts";

test("address names a view and its parts", () => {
  assert.deepEqual(parseAddress("#/tables/incident"), { view: "tables", parts: ["incident"] });
  assert.equal(addressOf("tables", "incident"), "#/tables/incident");
});

test("address drops what is no name, which could be a secret", () => {
  assert.deepEqual(parseAddress("#/tester/?token=abc/x"), { view: "tester", parts: ["x"] });
  assert.equal(addressOf("tester", "a b=c"), "#/tester");
});

test("fragment of a prefill is no address of a view", () => {
  assert.equal(parseAddress("#instance=http://127.0.0.1:8080"), null);
  assert.equal(parseAddress("#/nowhere"), null);
});

const PRESS = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const FREE = { typing: false, letters: true, after: null };

test("views are in the order in which the navigation shows them", () => {
  const groups = views.map(({ group }) => group);
  assert.deepEqual(groups, [...groups].sort().reverse());
});

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
  const defaults = { theme: "system", roomy: false, letters: true, panes: {} };
  for (const text of [null, "{", "7", "null", '{"theme":"pink","letters":1,"panes":{"a":"x","b":-1}}'])
    assert.deepEqual(parsePreferences(text), defaults);
  assert.deepEqual(parsePreferences('{"theme":"dark","roomy":true,"panes":{"tree":240}}'), {
    theme: "dark",
    roomy: true,
    letters: true,
    panes: { tree: 240 },
  });
});

test("E and a digit choose an environment, F6 a part of the page", () => {
  assert.deepEqual(meaning({ ...PRESS, key: "e" }, FREE), { await: "e" });
  assert.deepEqual(meaning({ ...PRESS, key: "3" }, { ...FREE, after: "e" }), { environment: 2 });
  for (const after of [null, "g"] as const) assert.equal(meaning({ ...PRESS, key: "3" }, { ...FREE, after }), null);
  const typing = { ...FREE, typing: true, letters: false };
  assert.deepEqual(meaning({ ...PRESS, key: "F6" }, typing), { region: 1 });
  assert.deepEqual(meaning({ ...PRESS, key: "F6", shiftKey: true }, typing), { region: -1 });
  assert.deepEqual([nextIndex(-1, 1, 4), nextIndex(-1, -1, 4), nextIndex(3, 1, 4), nextIndex(0, -1, 4)], [0, 3, 0, 3]);
});

test("number or sys_id opens its record", () => {
  const sysId = "46d44a23a9fe19810012d100cca80666";
  const targets = (typed: string) => recordTargets(typed, "cmdb_ci").map(({ target }) => target);
  assert.deepEqual(targets(" inc0010001 "), [{ table: "incident", key: "INC0010001" }]);
  assert.deepEqual(targets("ABC0010001"), [{ table: "task", key: "ABC0010001" }]);
  assert.deepEqual(
    targets(sysId).map(({ table }) => table),
    ["cmdb_ci", "task"],
  );
  assert.deepEqual(targets(`sys_user ${sysId.toUpperCase()}`), [{ table: "sys_user", key: sysId }]);
  for (const typed of ["incident", "INC", "INC001^ORnumber=1", `${sysId}0`, "#INC0010001", ""])
    assert.deepEqual(targets(typed), [], typed);
});

test("table is found by name or label, the best first", () => {
  const tables = [
    { name: "incident_task", label: "Incident Task" },
    { name: "u_my_incident", label: "Mine" },
    { name: "incident", label: "Incident" },
    { name: "cmdb_ci", label: "Configuration Item" },
  ];
  const names = (typed: string) => matchingTables(typed, tables, 8).map(({ name }) => name);
  assert.deepEqual(names("incident"), ["incident", "incident_task", "u_my_incident"]);
  assert.deepEqual(names("# item config"), ["cmdb_ci"]);
  assert.deepEqual([names("#"), matchingTables("i", tables, 1).length], [[], 1]);
  assert.deepEqual(["#i", "inc", "in", "> inc", "", "#"].filter(asksForTables), ["#i", "inc"]);
});

test("what was found stands first, and after # alone", () => {
  const found = { id: "t", label: "Incident", group: "Tables", found: true, run: () => undefined };
  const command = { id: "c", label: "incidents again", run: () => undefined };
  const headings = (typed: string) => matching(typed, [command, found]).map(({ heading }) => heading);
  assert.deepEqual(headings("incidents"), ["Tables", "Commands"]);
  assert.deepEqual(headings("#incidents"), ["Tables"]);
});
