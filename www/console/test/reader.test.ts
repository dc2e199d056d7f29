import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { createReader } from "../src/records/reader";

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
