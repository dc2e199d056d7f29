/** NDJSON copies of `sysparm sync`: what a kill leaves behind at each step, and files that are not touched. */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Row } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../../www/glue/src/cli/command.js";
import { openNdjson } from "../../www/glue/src/cli/sync/ndjson.js";

const SOURCE = { instance: "https://dev.example", table: "incident" };
const LOCK = { confirm: () => undefined, release: () => undefined };
const ID = (number: number) => `${number}`.padStart(32, "0");

let folder: string;
let copy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sysparm-ndjson-"));
  copy = join(folder, "rows.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = (source = SOURCE, lock = LOCK) => openNdjson(copy, `${copy}.checkpoint`, source, lock);
const row = (number: number, state = "1"): Row => ({ number: `INC${number}`, sys_id: ID(number), state });
/** Checkpoints differ in their query only. */
const at = (query: string) => ({ form: 1, query }) as SyncCheckpoint;
const lines = () => readFileSync(copy, "utf8").split("\n").slice(0, -1);
const rows = () => lines().map((line) => JSON.parse(line));

/** Applies batches, and ends the run. */
async function run(...batches: { rows?: Row[]; deleted?: string[]; checkpoint: SyncCheckpoint }[]): Promise<number> {
  const target = await opened();
  for (const batch of batches) await target.apply({ rows: [], deleted: [], ...batch });
  const held = await target.finish();
  await target.close();
  return held;
}

test("copy has the last version of each row, and no deleted one", async () => {
  const first = await run(
    { rows: [row(1), row(2), row(3)], checkpoint: at("a") },
    { rows: [row(1, "2")], deleted: [ID(2)], checkpoint: at("b") },
  );
  assert.equal(first, 2);
  assert.deepEqual(rows(), [row(3), row(1, "2")]);
  const second = await run({ rows: [row(2), row(3, "6")], deleted: [ID(1), ID(2)], checkpoint: at("c") });
  assert.equal(second, 2);
  assert.deepEqual(rows(), [row(2), row(3, "6")]);
  assert.equal(existsSync(`${copy}.changes`), false);
});

test("line begins with sys_id, and is one line to every reader", async () => {
  const labelled = { state: { value: "1", display_value: "New\u2028" }, sys_id: { value: "id 1", display_value: "x" } };
  await run({ rows: [labelled as unknown as Row], checkpoint: at("a") });
  assert.match(lines()[0] ?? "", /^\{"sys_id":.*New\\u2028/);
  assert.deepEqual(rows(), [labelled]);
  assert.equal(await run({ deleted: ["id 1"], checkpoint: at("b") }), 0);
});

test("changes behind the checkpoint are cut off", async () => {
  const target = await opened();
  await target.apply({ rows: [row(1)], deleted: [], checkpoint: at("a") });
  await target.close();
  appendFileSync(`${copy}.changes`, `${JSON.stringify(row(2))}\n{"sys_id":"0000`);
  const again = await opened();
  assert.deepEqual(again.checkpoint, at("a"));
  await again.apply({ rows: [row(3)], deleted: [], checkpoint: at("b") });
  assert.equal(await again.finish(), 2);
  await again.close();
  assert.deepEqual(rows(), [row(1), row(3)]);
});

test("run that ends at any step is gone on from", async () => {
  // Append, record, merging, record of both sizes, renaming, record: the lock is confirmed twice for a record.
  const STEPS = 9;
  for (let last = 0; last <= STEPS; last += 1) {
    await run({ rows: [row(1), row(2)], checkpoint: at("a") });
    let step = 0;
    const confirm = () => {
      step += 1;
      if (step > last) throw new Error("ended");
      return undefined;
    };
    const target = await opened(SOURCE, { ...LOCK, confirm });
    const batch = { rows: [row(2, "2")], deleted: [ID(1)], checkpoint: at("b") };
    const ended = await target
      .apply(batch)
      .then(target.finish)
      .catch((thrown: Error) => thrown.message);
    assert.equal(ended, last < STEPS ? "ended" : 1);
    await target.close();
    const again = await opened();
    if (again.checkpoint?.query === "a") await again.apply(batch);
    await again.apply({ rows: [row(3)], deleted: [], checkpoint: at("c") });
    assert.equal(await again.finish(), 2);
    await again.close();
    assert.deepEqual(rows(), [row(2, "2"), row(3)], `step ${last}`);
    for (const end of ["", ".checkpoint"]) rmSync(`${copy}${end}`);
  }
});

test("line that is longer than what is read at once is whole", async () => {
  const long = { ...row(2), description: "x".repeat(2_500_000) };
  assert.equal(await run({ rows: [row(1), long, row(3)], checkpoint: at("a") }), 3);
  assert.equal(await run({ rows: [row(4)], deleted: [ID(2)], checkpoint: at("b") }), 3);
  assert.deepEqual(rows(), [row(1), row(3), row(4)]);
});

test("copy stays as it was until a run has ended", async () => {
  await run({ rows: [row(1)], checkpoint: at("a") });
  const target = await opened();
  await target.apply({ rows: [row(2)], deleted: [ID(1)], checkpoint: at("b") });
  await target.close();
  assert.deepEqual(rows(), [row(1)]);
  writeFileSync(`${copy}.merged`, '{"sys_id":"half a');
  await (await opened()).close();
  assert.equal(existsSync(`${copy}.merged`), false);
  assert.equal(await run({ checkpoint: at("c") }), 1);
  assert.deepEqual(rows(), [row(2)]);
});

test("run that has lost its lock writes nothing", async () => {
  let isLost = false;
  const confirm = () => {
    if (isLost) throw new Error("lost");
    return undefined;
  };
  const target = await opened(SOURCE, { ...LOCK, confirm });
  isLost = true;
  await assert.rejects(target.apply({ rows: [row(1)], deleted: [], checkpoint: at("a") }), { message: "lost" });
  await target.close();
  const again = await opened();
  await again.close();
  assert.equal(again.checkpoint, undefined);
});

test("deleted copy is read anew, deleted checkpoint is not", async () => {
  await run({ rows: [row(1)], checkpoint: at("a") });
  rmSync(copy);
  const target = await opened();
  assert.equal(target.checkpoint, undefined);
  await target.close();
  assert.equal(await run({ rows: [row(1), row(2)], checkpoint: at("b") }), 2);
  rmSync(`${copy}.checkpoint`);
  await assert.rejects(opened(), /rows\.ndjson` exists, but its checkpoint .* does not/);
  assert.equal(lines().length, 2);
});

test("file that is not this source's copy is refused and kept", async () => {
  await run({ rows: [row(1)], checkpoint: at("a") });
  const refused = (message: RegExp, source = SOURCE) =>
    assert.rejects(opened(source), (thrown) => thrown instanceof UsageError && message.test(thrown.message));
  await refused(/copy of incident of https:\/\/dev\.example, not of problem of/, { ...SOURCE, table: "problem" });
  await refused(/, not of incident of https:\/\/prod\.example/, { ...SOURCE, instance: "https://prod.example" });
  appendFileSync(copy, "one line more\n");
  await refused(/another program has changed it/);
  assert.equal(lines().length, 2);
  writeFileSync(`${copy}.checkpoint`, "[]");
  await refused(/`sysparm sync` did not write it/);
});
