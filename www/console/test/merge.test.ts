import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { merge, same } from "../src/workspace/merge";

const items = (...ids: string[]) => ids.map((id) => ({ id, name: id }));

test("changes of different members are both kept", () => {
  const base = { id: "a", name: "n", auth: { kind: "none" }, items: items("x", "y") };
  const mine = { ...base, name: "mine", items: [{ id: "x", name: "mine" }, ...items("y")] };
  const theirs = { ...base, auth: { kind: "inherit" }, items: [...items("x"), { id: "y", name: "theirs" }] };
  assert.deepEqual(merge(base, mine, theirs), {
    data: {
      id: "a",
      name: "mine",
      auth: { kind: "inherit" },
      items: [
        { id: "x", name: "mine" },
        { id: "y", name: "theirs" },
      ],
    },
    conflict: false,
  });
});

test("items added on both sides are kept where they stood", () => {
  const base = { id: "a", items: items("x", "y") };
  const { data, conflict } = merge(
    base,
    { id: "a", items: items("x", "m", "y") },
    { id: "a", items: items("x", "y", "t") },
  );
  assert.deepEqual([data.items.map(({ id }) => id).join(""), conflict], ["xmyt", false]);
});

test("removed item is gone unless the other side changed it", () => {
  const base = items("x", "y");
  assert.deepEqual(merge(base, items("y"), [...items("x"), { id: "y", name: "t" }]), {
    data: [{ id: "y", name: "t" }],
    conflict: false,
  });
  const changed = [{ id: "x", name: "t" }, ...items("y")];
  assert.deepEqual(merge(base, items("y"), changed), { data: changed, conflict: true });
  assert.deepEqual(merge(base, changed, items("y")), { data: changed, conflict: true });
});

test("items moved on one side keep that order", () => {
  const base = items("x", "y", "z");
  const renamed = [{ id: "x", name: "t" }, ...items("y", "z")];
  const ids = (given: { id: string }[]) => given.map(({ id }) => id).join("");
  assert.equal(ids(merge(base, items("z", "x", "y"), renamed).data), "zxy");
  assert.equal(ids(merge(base, renamed, items("z", "x", "y")).data), "zxy");
});

test("same member changed on both sides is a conflict", () => {
  assert.equal(merge({ a: 1 }, { a: 2 }, { a: 3 }).conflict, true);
  assert.equal(merge({ a: 1 }, { a: 2 }, { a: 2 }).conflict, false);
});

test("change of one side alone is taken whole", () => {
  const item = fc.record({ id: fc.constantFrom("a", "b", "c"), value: fc.nat(3) });
  const data = fc.record({ name: fc.nat(3), items: fc.uniqueArray(item, { selector: ({ id }) => id }) });
  fc.assert(
    fc.property(data, data, (base, changed) => {
      for (const result of [merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)])
        assert.ok(same(result.data, changed) && !result.conflict);
    }),
  );
});

test("merge without conflict does not depend on who was first", () => {
  const item = fc.record({ id: fc.constantFrom("a", "b", "c"), value: fc.nat(2) });
  const data = fc.uniqueArray(item, { selector: ({ id }) => id });
  const sorted = (given: { id: string }[]) => [...given].sort((a, b) => (a.id < b.id ? -1 : 1));
  fc.assert(
    fc.property(data, data, data, (base, one, other) => {
      const [first, second] = [merge(base, one, other), merge(base, other, one)];
      assert.equal(first.conflict, second.conflict);
      if (!first.conflict) assert.ok(same(sorted(first.data), sorted(second.data)));
    }),
  );
});
