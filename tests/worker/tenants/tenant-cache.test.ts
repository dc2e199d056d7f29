import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import { findTenant, RegistryUnavailable } from "../../../www/worker/src/tenants/find-tenant.ts";
import type { TenantEntry } from "../../../www/worker/src/tenants/registry-rpc.ts";
import { FRESH_MS, TenantCache, UNKNOWN_MS, USABLE_MS } from "../../../www/worker/src/tenants/tenant-cache.ts";

/** The registry, the clock and an isolate's memory. */
class World {
  now = 1_000_000;
  readonly tenants = new Map<string, TenantEntry>();
  readonly questions: string[] = [];
  prepared = 0;
  /** What the registry does instead of an answer. */
  fails: (() => Promise<never>) | undefined;
  readonly cache = new TenantCache((entry) => {
    this.prepared += 1;
    return { id: entry.id, version: entry.version, state: entry.state };
  });
  #background: Promise<unknown>[] = [];
  #version = 0;

  register(id: string, state: "active" | "paused" = "active", policies: TenantEntry["policies"] = {}): void {
    this.#version += 1;
    const instanceUrl = "https://dev12345.service-now.com";
    const empty = { allowedOrigins: [], policies, callers: [], credentialVersion: 1 };
    this.tenants.set(id, { id, instanceUrl, state, version: this.#version, ...empty });
  }

  /** One call. What it was served with, and whether it waited for the registry. */
  async call(id: string) {
    const registry = {
      find: async (asked: string) => {
        this.questions.push(asked);
        return this.fails ? this.fails() : (this.tenants.get(asked) ?? null);
      },
      ids: async () => {
        this.questions.push("all ids");
        return this.fails ? this.fails() : [...this.tenants.keys()];
      },
    };
    const found = findTenant(this.cache, id, {
      registry: () => registry,
      waitUntil: (work) => void this.#background.push(work),
      clock: () => this.now,
    });
    const waited = found instanceof Promise;
    return { state: (await found)?.state, waited };
  }

  /** Waits for the questions that no call waits for. */
  async settle(): Promise<void> {
    await Promise.all(this.#background.splice(0));
  }
}

const noAnswer = () => Promise.reject(new Error("object reset"));

test("tenant is asked for once and then remembered", async () => {
  const world = new World();
  world.register("acme");
  assert.deepEqual(await world.call("acme"), { state: "active", waited: true });
  for (let call = 0; call < 10; call += 1)
    assert.deepEqual(await world.call("acme"), { state: "active", waited: false });
  assert.deepEqual(world.questions, ["acme"]);
});

test("change holds after 30 s and one call more", async () => {
  const world = new World();
  world.register("acme");
  await world.call("acme");
  world.register("acme", "paused");
  world.now += FRESH_MS - 1;
  assert.equal((await world.call("acme")).state, "active");
  world.now += 1;
  assert.deepEqual(await world.call("acme"), { state: "active", waited: false });
  await world.settle();
  assert.deepEqual(await world.call("acme"), { state: "paused", waited: false });
});

test("removed tenant is unknown after 30 s and one call more", async () => {
  const world = new World();
  world.register("acme");
  await world.call("acme");
  world.tenants.delete("acme");
  world.now += FRESH_MS;
  await world.call("acme");
  await world.settle();
  assert.equal((await world.call("acme")).state, undefined);
});

test("unchanged tenant is not prepared again", async () => {
  const world = new World();
  world.register("acme");
  for (let minute = 0; minute < 9; minute += 1) {
    await world.call("acme");
    await world.settle();
    world.now += 60_000;
  }
  assert.equal(world.prepared, 1);
  world.register("acme");
  await world.call("acme");
  await world.settle();
  assert.equal(world.prepared, 2);
});

test("registry without an answer delays no known tenant for 10 min", async () => {
  const world = new World();
  world.register("acme");
  await world.call("acme");
  world.fails = noAnswer;
  for (let second = 0; second < USABLE_MS / 1000; second += 1) {
    assert.deepEqual(await world.call("acme"), { state: "active", waited: false });
    await world.settle();
    world.now += 1_000;
  }
  assert.ok(world.questions.length <= 1 + USABLE_MS / 5_000, `${world.questions.length} questions`);
  await assert.rejects(world.call("acme"), RegistryUnavailable);
  world.fails = undefined;
  assert.equal((await world.call("acme")).state, "active");
});

test("call waits 5 s at most for the registry", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const world = new World();
    world.fails = () => new Promise(() => {});
    const call = world.call("acme");
    mock.timers.tick(5_000);
    await assert.rejects(call, RegistryUnavailable);
  } finally {
    mock.timers.reset();
  }
});

test("only one of many calls asks again", async () => {
  const world = new World();
  world.register("acme");
  await world.call("acme");
  world.now += FRESH_MS;
  await Promise.all(Array.from({ length: 100 }, () => world.call("acme")));
  assert.deepEqual(world.questions, ["acme", "acme"]);
});

test("calls that come together ask once", async () => {
  const world = new World();
  world.register("acme");
  const calls = [
    ...Array.from({ length: 50 }, () => world.call("acme")),
    ...Array.from({ length: 50 }, () => world.call("nobody")),
  ];
  const states = (await Promise.all(calls)).map(({ state }) => state);
  assert.deepEqual(states, [...Array(50).fill("active"), ...Array(50).fill(undefined)]);
  assert.deepEqual(world.questions.sort(), ["acme", "nobody"]);
});

test("call asks itself when another one has ended without a trace", async () => {
  const world = new World();
  world.register("acme");
  world.fails = () => new Promise(() => {});
  void world.call("acme").catch(() => undefined);
  world.fails = undefined;
  assert.deepEqual(await world.call("acme"), { state: "active", waited: true });
  assert.deepEqual(world.questions, ["acme", "acme"]);
});

test("failed question is asked again by the next call", async () => {
  const world = new World();
  world.register("acme");
  world.fails = noAnswer;
  await assert.rejects(world.call("acme"), RegistryUnavailable);
  world.fails = undefined;
  assert.equal((await world.call("acme")).state, "active");
});

test("unknown id is not asked for again at once", async () => {
  const world = new World();
  for (let call = 0; call < 5; call += 1) assert.equal((await world.call("nobody")).state, undefined);
  assert.deepEqual(world.questions, ["nobody"]);
  world.register("nobody");
  world.now += UNKNOWN_MS;
  assert.equal((await world.call("nobody")).state, "active");
});

test("search for tenants does not load the registry", async () => {
  const world = new World();
  world.register("known");
  for (let call = 0; call < 3_000; call += 1) {
    assert.equal((await world.call(`guess-${call}`)).state, undefined);
    world.now += 10;
  }
  // 30 s: at most 20 questions and the list of ids in each 10 s.
  assert.ok(world.questions.length <= 3 * 21 + 1, `${world.questions.length} questions`);
  assert.equal((await world.call("known")).state, "active");
});

test("tenant is found while others are being searched for", async () => {
  const world = new World();
  world.register("known");
  for (let call = 0; call < 100; call += 1) await world.call(`guess-${call}`);
  assert.deepEqual(await world.call("known"), { state: "active", waited: true });
});

test("memory holds 1,000 tenants, the latest used ones", async () => {
  const world = new World();
  for (let index = 0; index <= 1_000; index += 1) world.register(`tenant-${index}`);
  for (let index = 0; index < 1_000; index += 1) {
    world.now += 1;
    await world.call(`tenant-${index}`);
  }
  world.now += 1;
  await world.call("tenant-0");
  await world.call("tenant-1000");
  assert.equal((await world.call("tenant-0")).waited, false);
  assert.equal((await world.call("tenant-1")).waited, true);
});

test("late answer does not replace a later one", () => {
  const world = new World();
  world.register("acme");
  const older = world.tenants.get("acme") ?? null;
  world.register("acme", "paused");
  const newer = world.tenants.get("acme") ?? null;
  world.cache.remember("acme", newer, 2_000, 2_100);
  assert.equal(world.cache.remember("acme", older, 1_000, 2_200)?.state, "paused");
  assert.equal(world.cache.remember("acme", null, 1_000, 2_200)?.state, "paused");
});

test("changed tenant is asked for again by the isolate that changed it", async () => {
  const world = new World();
  world.register("acme");
  await world.call("acme");
  world.register("acme", "paused");
  world.cache.forget("acme");
  assert.deepEqual(await world.call("acme"), { state: "paused", waited: true });
});

test("clock put back keeps no tenant for longer", async () => {
  const world = new World();
  world.now = 10_000_000;
  world.register("acme");
  await world.call("acme");
  await world.call("nobody");
  world.now = 5_000_000;
  world.register("acme", "paused");
  world.register("nobody");
  await world.call("acme");
  await world.settle();
  assert.equal((await world.call("acme")).state, "paused");
  assert.equal((await world.call("nobody")).state, "active");
});

test("no call is served with an entry of more than 10 min", async () => {
  const step = fc.record({ wait: fc.nat(400_000), changes: fc.boolean(), fails: fc.boolean(), settles: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = new World();
      const changedAt = new Map<number, number>();
      world.register("acme");
      let replacedAt = Number.POSITIVE_INFINITY;
      for (const { wait, changes, fails, settles } of steps) {
        world.now += wait;
        if (changes) {
          const version = world.tenants.get("acme")?.version ?? 0;
          world.register("acme");
          replacedAt = world.now;
          changedAt.set(version, replacedAt);
        }
        world.fails = fails ? noAnswer : undefined;
        const before = world.cache.held("acme", world.now);
        await world.call("acme").catch((error) => assert.ok(error instanceof RegistryUnavailable));
        if (before) assert.ok(world.now - (changedAt.get(before.version) ?? world.now) <= USABLE_MS);
        if (settles) await world.settle();
      }
    }),
    { numRuns: 200 },
  );
});

test("remembered tenants are bounded in size, by least recent use", async () => {
  const world = new World();
  // 250,000 characters each: 63 of them are remembered.
  const policies = { large: { tables: { incident: { fields: Array.from({ length: 25_000 }, () => "a_field") } } } };
  const ids = Array.from({ length: 70 }, (_, index) => `tenant-${index}`);
  for (const id of ids) {
    world.register(id, "active", policies);
    await world.call(id);
    world.now += 1;
  }
  const waited = async (id: string) => (await world.call(id)).waited;
  assert.equal(await waited("tenant-69"), false);
  assert.equal(await waited("tenant-10"), false);
  assert.equal(await waited("tenant-0"), true);
  // A newer version takes the place of the older one, and a forgotten tenant leaves its place.
  for (let round = 0; round < 70; round += 1) {
    world.register("tenant-69", "active", policies);
    world.cache.forget("tenant-69");
    assert.equal(await waited("tenant-69"), true);
  }
  assert.equal(await waited("tenant-10"), false);
});
