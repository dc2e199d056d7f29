/** The lock of a target of `sysparm sync`: who holds it, and whose is taken over. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UsageError } from "../../www/glue/src/cli/command.js";
import { acquire, type Owner, type Surroundings } from "../../www/glue/src/cli/sync/lock.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sysparm-lock-"));
  path = join(folder, "rows.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const owner = (pid: number, host = "here", space = "boot pid:[1]"): Owner => ({
  ...{ pid, host, space, id: pid.toString(16).padStart(4, "0") },
});
/** Only these processes run, and nobody waits. */
const running = (...pids: number[]): Surroundings => ({
  isRunning: (pid) => pids.includes(pid),
  wait: () => Promise.reject(new Error("waited")),
});
/** Nothing happens while it is waited. */
const quiet: Surroundings = { ...running(), wait: async () => undefined };
const holder = () => JSON.parse(readFileSync(path, "utf8")).pid;
const refused = (thrown: unknown) => thrown instanceof UsageError && /is writing to this target/.test(thrown.message);

test("second run is refused while the first one lasts", async () => {
  const first = await acquire(path, owner(1), running(1, 2));
  await assert.rejects(acquire(path, owner(2), running(1, 2)), refused);
  first.confirm();
  first.release();
  assert.deepEqual(readdirSync(folder), []);
  (await acquire(path, owner(2), running(2))).release();
});

test("lock of a killed run goes to exactly one of several", async () => {
  (await acquire(path, owner(1), running(1))).confirm();
  const runs = [2, 3, 4, 5].map((pid) => acquire(path, owner(pid), running(2, 3, 4, 5)));
  const settled = await Promise.allSettled(runs);
  const locks = settled.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  assert.equal(locks.length, 1);
  for (const one of settled) if (one.status === "rejected") assert.ok(refused(one.reason), one.reason);
  for (const lock of locks) lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test("run that was killed as it took over is followed too", async () => {
  await acquire(path, owner(1), running(1));
  await acquire(`${path}.${owner(1).id}`, owner(2), running(2));
  writeFileSync(`${path}.${owner(3).id}`, "");
  const lock = await acquire(path, owner(3), running(3));
  assert.equal(holder(), 3);
  lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test("number of an ended run that is in use again holds no lock", async () => {
  await acquire(path, owner(1), running(1));
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(path, longAgo, longAgo);
  const lock = await acquire(path, owner(2), running(1, 2));
  assert.equal(holder(), 2);
  lock.release();
});

test("lock of another machine is taken over if nobody renews it", async () => {
  const elsewhere = await acquire(path, owner(1, "elsewhere"), running());
  const renewed = { ...running(), wait: async () => utimesSync(path, new Date(), new Date(Date.now() + 5_000)) };
  await assert.rejects(acquire(path, owner(2), renewed), refused);
  const lock = await acquire(path, owner(2), quiet);
  assert.throws(() => elsewhere.confirm(), /is no longer this run's/);
  elsewhere.release();
  assert.ok(existsSync(path));
  lock.confirm();
  lock.release();
});

test("lock that changed hands meanwhile is left alone", async () => {
  await acquire(path, owner(1, "elsewhere"), running());
  // A whole millisecond, which can be set again.
  const before = new Date();
  utimesSync(path, before, before);
  const taken = {
    ...running(),
    async wait() {
      await acquire(path, owner(3), quiet);
      // As if both were of the same moment.
      utimesSync(path, before, before);
    },
  };
  await assert.rejects(acquire(path, owner(2), taken), refused);
  assert.equal(holder(), 3);
});

test("empty lock belongs to a run that begins, and soon to nobody", async () => {
  writeFileSync(path, "");
  await assert.rejects(acquire(path, owner(1), running(1)), refused);
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(path, longAgo, longAgo);
  (await acquire(path, owner(1), running(1))).release();
});

test("lock of another container with the same number is waited for", async () => {
  const container = { ...owner(1, "here", "boot pid:[2]"), id: "c0" };
  const other = await acquire(path, container, running(1));
  await assert.rejects(acquire(path, owner(1), running(1)), /^Error: waited$/);
  await assert.rejects(acquire(path, owner(2), running(1, 2)), /^Error: waited$/);
  other.confirm();
  other.release();
  const unknown = await acquire(path, owner(1, "here", ""), running(1));
  await assert.rejects(acquire(path, { ...owner(1, "here", ""), id: "c1" }, running(1)), /^Error: waited$/);
  unknown.release();
  // In the same container the number is this process's own: the other has ended.
  await acquire(path, container, running(1));
  (await acquire(path, { ...container, id: "c2" }, running(1))).release();
});
