import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { select } from "../src/tester/assertions";
import { type Change, difference } from "../src/tester/difference";

const paths = (changes: readonly Change[]) => changes.map(({ kind, path }) => `${kind} ${path}`);

test("members are compared by path", () => {
  const before = { result: { number: "INC1", state: "1", gone: null } };
  const after = { result: { state: "2", number: "INC1", "new field": [1] } };
  assert.deepEqual(difference(before, after).changes, [
    { kind: "changed", path: "$.result.state", before: "1", after: "2" },
    { kind: "removed", path: "$.result.gone", before: null },
    { kind: "added", path: '$.result["new field"]', after: [1] },
  ]);
});

test("records are matched by sys_id in any order", () => {
  const before = { result: [{ sys_id: "a", state: "1" }, { sys_id: "b", state: "1" }, { sys_id: "c" }] };
  const after = { result: [{ sys_id: "d" }, { sys_id: "b", state: "2" }, { sys_id: "a", state: "1" }] };
  assert.deepEqual(paths(difference(before, after).changes), [
    'changed $.result[?@.sys_id=="b"].state',
    'removed $.result[?@.sys_id=="c"]',
    'added $.result[?@.sys_id=="d"]',
  ]);
});

test("records with other sys_ids are matched by their number", () => {
  const before = [{ sys_id: "a", number: "INC1", state: "1" }];
  const after = [{ sys_id: "z", number: "INC1", state: "2" }];
  assert.deepEqual(paths(difference(before, after, { ignore: new Set(["sys_id"]) }).changes), [
    'changed $[?@.number=="INC1"].state',
  ]);
});

test("records with display values are matched by value", () => {
  const record = (state: string) => ({ sys_id: { display_value: "a", value: "a" }, state: { value: state } });
  assert.deepEqual(paths(difference([record("1")], [record("2")]).changes), [
    'changed $[?@.sys_id.value=="a"].state.value',
  ]);
});

test("list with a sys_id twice is compared by position", () => {
  const before = [
    { sys_id: "a", n: 1 },
    { sys_id: "a", n: 2 },
  ];
  assert.deepEqual(paths(difference(before, [{ sys_id: "a", n: 1 }, { sys_id: "a", n: 3 }, 4]).changes), [
    "changed $[1].n",
    "added $[2]",
  ]);
});

test("ignored members are counted and not listed", () => {
  const ignore = new Set(["sys_updated_on", "sys_mod_count"]);
  const before = { sys_updated_on: "1", sys_mod_count: { value: "1" }, state: "1" };
  const after = { sys_updated_on: "2", sys_mod_count: { value: "1" }, state: "2" };
  const found = difference(before, after, { ignore });
  assert.deepEqual(paths(found.changes), ["changed $.state"]);
  assert.equal(found.ignored, 1);
});

test("links to the two instances are equal", () => {
  const origins = ["https://dev.test", "https://test.test"] as const;
  const before = { link: "https://dev.test/api/now/table/sys_user/a", note: "see https://dev.test/x" };
  const after = { link: "https://test.test/api/now/table/sys_user/a", note: "see https://test.test/x" };
  assert.deepEqual(paths(difference(before, after, { origins }).changes), ["changed $.note"]);
  const elsewhere = { ...before, link: "https://test.test.evil/api/now/table/sys_user/a" };
  assert.equal(difference(before, elsewhere, { origins }).changes.length, 1);
  assert.equal(difference({ link: "/api" }, { link: "/api" }).changes.length, 0);
});

test("differences beyond the most are not listed but said", () => {
  const many = (of: number) => Array.from({ length: 50 }, (_, index) => index + of);
  const all = difference(many(0), many(1), { most: 50 });
  assert.deepEqual([all.changes.length, all.more], [50, false]);
  const cut = difference(many(0), many(1), { most: 49 });
  assert.deepEqual([cut.changes.length, cut.more], [49, true]);
});

test("depth is bounded and said", () => {
  const nested = (text: string) => JSON.parse(`${'{"a":'.repeat(5000)}"${text}"${"}".repeat(5000)}`);
  const found = difference(nested("x"), nested("y"));
  assert.deepEqual([found.changes.length, found.tooDeep], [0, true]);
});

test("two lists of 20,000 records are compared in seconds", () => {
  const records = (state: string) =>
    Array.from({ length: 20_000 }, (_, index) => ({ sys_id: `id${index}`, number: `INC${index}`, state }));
  const startedAt = performance.now();
  assert.equal(difference(records("1"), records("2").reverse()).more, true);
  assert.deepEqual(difference(records("1"), records("1").reverse()).changes, []);
  assert.ok(performance.now() - startedAt < 5_000);
});

const record = fc.record(
  {
    sys_id: fc.constantFrom("a", "b", "c", "d"),
    number: fc.constantFrom("N1", "N2"),
    state: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: ["sys_id"] },
);
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record({ result: fc.uniqueArray(record, { selector: ({ sys_id }) => sys_id }), __proto__: fc.jsonValue() }),
);

test("value equals itself with members and records shuffled", () => {
  fc.assert(
    fc.property(json, (value) => {
      assert.deepEqual(difference(value, shuffled(value)).changes, []);
    }),
  );
});

test("every path finds the values that it is listed with", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      for (const change of difference(before, after).changes) {
        const [was, is] = [at(change.path, before), at(change.path, after)];
        assert.deepEqual(was, "before" in change ? [change.before] : [], change.path);
        assert.deepEqual(is, "after" in change ? [change.after] : [], change.path);
      }
    }),
  );
});

test("difference in the other direction is the reverse", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const there = difference(before, after).changes.map(({ path }) => path);
      const back = difference(after, before).changes.map(({ path }) => path);
      assert.deepEqual(back.sort(), there.sort());
    }),
  );
});

function at(path: string, value: unknown): unknown[] {
  const found = select(path, value);
  if ("problem" in found) throw new Error(found.problem);
  return found.values;
}

/** With members in reverse, and with records of `result` in reverse. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, shuffled(one)]),
  );
  const { result } = copy;
  const records = Array.isArray(result) && result.every((one) => typeof one === "object" && one && "sys_id" in one);
  if (records && new Set(result.map(({ sys_id }) => sys_id)).size === result.length)
    copy.result = [...result].reverse();
  return copy;
}
