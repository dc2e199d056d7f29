import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { createReader } from "../src/tables/reader";

/** An instance whose next page comes when `next` is called, also after its read was cancelled. */
function paged(name: string) {
  const waiting: (() => void)[] = [];
  const page = { rows: [{ number: name }], seen: 1, total: 2, hidden: 0, complete: false };
  const pages = async function* () {
    for (;;) {
      yield page;
      await new Promise<void>((resume) => waiting.push(resume));
    }
  };
  const next = async () => {
    waiting.shift()?.();
    await settled();
  };
  return { instance: { table: () => ({ pages }) } as unknown as Instance, next };
}

const settled = () => new Promise((resume) => setImmediate(resume));

test("read of an environment that was left adds no row", async () => {
  const reader = createReader();
  const [left, used] = [paged("LEFT"), paged("USED")];
  void reader.read(left.instance);
  await settled();
  assert.equal(reader.rowCount.value, 1);
  reader.clear();
  assert.deepEqual([reader.rowCount.value, reader.rows.length, reader.source.value], [0, 0, null]);
  assert.equal(reader.state.value.phase, "idle");
  void reader.read(used.instance);
  await settled();
  await left.next();
  assert.deepEqual(reader.rows, [{ number: "USED" }]);
  assert.equal(reader.state.value.phase, "reading", "the end of the older read is not that of the newer");
  await used.next();
  assert.equal(reader.rowCount.value, 2);
});

test("form that another part fills in can be brought back", () => {
  const reader = createReader();
  const shown = () => [reader.form.table.value, reader.form.query.value, reader.form.fields.value];
  reader.fill({ table: "task", query: "", fields: "" });
  assert.equal(reader.typed.value, null, "nothing was typed");
  reader.form.query.value = "active=true^priority=1";
  reader.fill({ table: "problem", query: "sys_id=1", fields: "" });
  reader.fill({ table: "change_request", query: "", fields: "" });
  assert.deepEqual(shown(), ["change_request", "", ""]);
  reader.bringBack();
  assert.deepEqual(shown(), ["task", "active=true^priority=1", ""]);
  assert.equal(reader.typed.value, null);
});
