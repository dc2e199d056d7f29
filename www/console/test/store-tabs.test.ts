/** Two tabs with one database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLibrary } from "../src/collections/library";
import { createEnvironments, newEnvironment } from "../src/environments/environments";
import { memoryBacking } from "../src/store/backing";
import type { Channel, Notice } from "../src/store/channel";
import { type Changed, createStore } from "../src/store/store";
import { createVault } from "../src/vault/vault";
import { type Collection, newCollection, newRequest, newSecretRef } from "../src/workspace/model";

/** `deliver` lets each tab hear what the other has sent so far. */
async function twoTabs(start: Collection) {
  const backing = memoryBacking();
  const heard: ((notice: Notice) => void)[] = [];
  const sent: (() => void)[] = [];
  const open = (me: number) => {
    const channel: Channel = {
      send: (notice) => void sent.push(() => heard[1 - me]?.(notice)),
      listen: (hear) => {
        heard[me] = hear;
      },
    };
    const store = createStore(backing, "", channel);
    const changes: Changed[] = [];
    store.watch((changed) => changes.push(changed));
    return { store, changes };
  };
  const [one, other] = [open(0), open(1)];
  await one.store.put("collections", start);
  sent.length = 0;
  for (const { store, changes } of [one, other]) {
    await store.all("collections");
    changes.length = 0;
  }
  const deliver = async () => {
    for (const give of sent.splice(0)) give();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { backing, one, other, deliver };
}

const start = () => newCollection("Mine", [newRequest({ name: "a" }), newRequest({ name: "b" })]);
const named = (collection: Collection, at: number, name: string): Collection => ({
  ...collection,
  items: collection.items.map((item, index) => (index === at ? { ...item, name } : item)),
});
const names = (collections: Collection[]) =>
  collections.map(({ name, items }) => [name, ...items.map((item) => item.name)].join(" "));

test("change of one tab is given to the other", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  await one.store.put("collections", { ...mine, name: "Ours" });
  await deliver();
  assert.deepEqual(other.changes, [{ kind: "collections", id: mine.id, data: { ...mine, name: "Ours" } }]);
  assert.deepEqual(one.changes, []);
  await other.store.put("collections", { ...mine, name: "Ours again" });
  await one.store.remove("collections", "none");
  await deliver();
  assert.equal(one.changes.length, 1, "its revision is known: no conflict");
  assert.deepEqual(other.store.conflicts.value, []);
});

test("what a tab reads anew is given to all of its parts", async () => {
  const mine = start();
  const { one, other } = await twoTabs(mine);
  await one.store.put("collections", { ...mine, name: "Ours" });
  await other.store.all("collections");
  assert.deepEqual(other.changes, [{ kind: "collections", id: mine.id, data: { ...mine, name: "Ours" } }]);
});

test("removal of one tab is given to the other", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  await one.store.remove("collections", mine.id);
  await deliver();
  assert.deepEqual(other.changes, [{ kind: "collections", id: mine.id, data: null }]);
});

test("changes of two tabs to different requests are both kept", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  await other.store.put("collections", named(mine, 1, "other"));
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one other"]);
  assert.equal(other.changes.length, 1, "the tab that wrote last takes over the change of the first");
  await deliver();
  assert.deepEqual(names([one.changes.at(-1)?.data as Collection]), ["Mine one other"]);
  assert.deepEqual([one.store.conflicts.value, other.store.conflicts.value], [[], []]);
});

test("conflict keeps both, the second under a free name", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  await other.store.put("collections", named(mine, 0, "other"));
  await deliver();
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one b", "Mine (2) other b"]);
  assert.deepEqual(other.store.conflicts.value, [{ kind: "collections", name: "Mine", copy: "Mine (2)" }]);
  assert.deepEqual(names(other.changes.map(({ data }) => data as Collection)), ["Mine one b", "Mine (2) other b"]);
  assert.deepEqual(names(one.changes.map(({ data }) => data as Collection)), ["Mine (2) other b"]);
  const ids = (await one.store.all("collections")).flatMap(({ items }) => items.map(({ id }) => id));
  assert.equal(new Set(ids).size, 4);
});

test("changes that follow at once belong to the copy", async () => {
  const mine = start();
  const { one, other } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  const first = other.store.put("collections", named(mine, 0, "other"));
  await Promise.all([first, other.store.put("collections", named(mine, 0, "other again"))]);
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one b", "Mine (2) other again b"]);
});

test("changes that follow a merge at once keep both", async () => {
  const mine = start();
  const { one, other } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  const first = other.store.put("collections", named(mine, 1, "x"));
  await Promise.all([first, other.store.put("collections", named(mine, 1, "y"))]);
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one y"]);
  assert.deepEqual(names([other.changes.at(-1)?.data as Collection]), ["Mine one y"]);
});

test("conflict of what follows a merge at once keeps both", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  const first = other.store.put("collections", named(mine, 1, "x"));
  await Promise.all([first, other.store.put("collections", named(named(mine, 1, "x"), 0, "other"))]);
  await deliver();
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one x", "Mine (2) other x"]);
  assert.deepEqual(other.store.conflicts.value, [{ kind: "collections", name: "Mine", copy: "Mine (2)" }]);
  assert.deepEqual(names(other.changes.map(({ data }) => data as Collection)), ["Mine one x", "Mine (2) other x"]);
  await other.store.put("collections", { ...named(named(mine, 0, "one"), 1, "x"), name: "Ours" });
  assert.deepEqual(other.store.conflicts.value.length, 1, "its revision is known: no further conflict");
});

test("query that follows a merge at once gets no other table", async () => {
  const { one, other } = await twoTabs(start());
  const query = { id: "q", name: "Open", table: "incident", query: "active=true" };
  await one.store.put("queries", query);
  await other.store.all("queries");
  await one.store.put("queries", { ...query, table: "problem" });
  const first = other.store.put("queries", { ...query, name: "Mine" });
  await Promise.all([first, other.store.put("queries", { ...query, name: "Mine", query: "priority=1" })]);
  const kept = (await one.store.all("queries")).map(({ name, table, query }) => [name, table, query].join(" "));
  assert.deepEqual(kept.sort(), ["Mine (2) incident priority=1", "Mine problem active=true"]);
});

test("table and query of two tabs are not joined to one", async () => {
  const { one, other } = await twoTabs(start());
  const query = { id: "q", name: "Open", table: "incident", query: "active=true" };
  await one.store.put("queries", query);
  await other.store.all("queries");
  await one.store.put("queries", { ...query, table: "problem" });
  await other.store.put("queries", { ...query, query: "priority=1" });
  const kept = (await one.store.all("queries")).map(({ name, table, query }) => [name, table, query].join(" "));
  assert.deepEqual(kept.sort(), ["Open (2) incident priority=1", "Open problem active=true"]);
  const [renamed] = (await other.store.all("queries")).filter(({ id }) => id === "q");
  assert.ok(renamed);
  await one.store.put("queries", { ...renamed, name: "Open problems" });
  await other.store.put("queries", { ...renamed, query: "state=1" });
  const both = (await one.store.all("queries")).find(({ id }) => id === "q");
  assert.deepEqual([both?.name, both?.query], ["Open problems", "state=1"], "a name goes with any query");
});

test("record that another tab changed is not removed", async () => {
  const mine = start();
  const { one, other } = await twoTabs(mine);
  await one.store.put("collections", named(mine, 0, "one"));
  await other.store.remove("collections", mine.id);
  assert.deepEqual(names(await one.store.all("collections")), ["Mine one b"]);
  assert.deepEqual(other.store.conflicts.value, [{ kind: "collections", name: "Mine", copy: "" }]);
  assert.deepEqual(names(other.changes.map(({ data }) => data as Collection)), ["Mine one b"]);
});

test("change of a record that another tab removed is kept", async () => {
  const mine = start();
  const { one, other } = await twoTabs(mine);
  await one.store.remove("collections", mine.id);
  await other.store.put("collections", named(mine, 0, "other"));
  assert.deepEqual(names(await one.store.all("collections")), ["Mine other b"]);
});

test("change heard during a write is read after it", async () => {
  const mine = start();
  const { backing, one, other, deliver } = await twoTabs(mine);
  const written = one.store.put("collections", named(mine, 0, "one"));
  const late = other.store.put("collections", named(mine, 1, "other"));
  await late;
  const again = other.store.put("collections", { ...mine, name: "Never" });
  await deliver();
  await Promise.all([written, again]);
  await deliver();
  assert.deepEqual(one.changes.at(-1)?.data, ((await backing.all("collections")) as { data: unknown }[])[0]?.data);
});

test("record whose re-read failed is still written and exported", async () => {
  const mine = start();
  const { backing, one, other, deliver } = await twoTabs(mine);
  const { get } = backing;
  backing.get = async () => {
    backing.get = get;
    throw new Error("the database is busy");
  };
  await other.store.put("collections", named(mine, 0, "other"));
  const late = one.store.put("collections", { ...mine, name: "Ours" });
  await deliver();
  await late;
  await one.store.put("collections", { ...mine, name: "Ours again" });
  assert.deepEqual(names(await one.store.all("collections")), ["Ours again a b"]);
  assert.match(await one.store.exportAll(), /Ours again/);
});

test("preferences of two tabs are no conflict", async () => {
  const { one, other } = await twoTabs(start());
  await one.store.put("preferences", { id: "a", size: 1 });
  await other.store.put("preferences", { id: "a", size: 2 });
  assert.deepEqual(await one.store.all("preferences"), [{ id: "a", size: 2 }]);
  assert.deepEqual(other.store.conflicts.value, []);
});

test("collection and environment of the other tab appear here", async () => {
  const mine = start();
  const { one, other, deliver } = await twoTabs(mine);
  const library = createLibrary(other.store);
  const environments = createEnvironments(other.store, createVault(null));
  await Promise.all([library.load(), environments.load()]);
  const closed: string[] = [];
  environments.beforeChange(({ name }) => closed.push(name));
  const auth = { kind: "bearer", token: newSecretRef() } as const;
  const route = { way: "direct", instanceUrl: "https://a.service-now.com", auth } as const;
  const dev = newEnvironment({ name: "DEV", kind: "dev", route });
  await one.store.put("collections", named(mine, 0, "one"));
  await one.store.put("environments", dev);
  await deliver();
  assert.deepEqual(names([...library.collections.value]), ["Mine one b"]);
  assert.deepEqual([environments.list.value, environments.currentId.value], [[dev], dev.id]);

  const variables = [{ id: "v", name: "x", on: true, value: "1" }];
  await one.store.put("environments", { ...dev, variables });
  await deliver();
  assert.deepEqual([environments.current.value?.variables, closed], [variables, []], "the connection stays");
  await one.store.put("environments", { ...dev, route: { ...route, instanceUrl: "https://b.service-now.com" } });
  await deliver();
  assert.deepEqual(closed, ["DEV"], "another address: the connection is closed");
  await one.store.remove("environments", dev.id);
  await one.store.remove("collections", mine.id);
  await deliver();
  assert.deepEqual([environments.list.value, library.collections.value], [[], []]);
});

test("change heard while the library is read is not undone", async () => {
  const mine = start();
  const { backing, one, other, deliver } = await twoTabs(mine);
  const library = createLibrary(other.store);
  await library.load();
  const { all } = backing;
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  backing.all = async (kind) => {
    if (kind === "history") await slow;
    return all(kind);
  };
  const loading = library.load();
  await new Promise((resolve) => setTimeout(resolve));
  await one.store.put("collections", named(mine, 0, "one"));
  await one.store.put("collections", { ...named(mine, 0, "one"), name: "Ours" });
  await deliver();
  release();
  await loading;
  assert.deepEqual(names([...library.collections.value]), ["Ours one b"]);
});

test("environment removed in another tab leaves none in use", async () => {
  const { one, other, deliver } = await twoTabs(start());
  const environments = createEnvironments(other.store, createVault(null));
  const add = (name: string) => {
    const route = { way: "worker", workerUrl: "https://w.example", tenant: name, key: newSecretRef() } as const;
    return environments.save(newEnvironment({ name, kind: "dev", route }));
  };
  const [dev, prod] = [await add("DEV"), await add("ACME")];
  await environments.select(dev.id);
  await one.store.all("environments");
  await one.store.remove("environments", dev.id);
  await deliver();
  assert.deepEqual([environments.currentId.value, environments.list.value], ["", [prod]]);
  assert.equal(environments.notice.value, "DEV was removed in another tab. Choose an environment.");
  await environments.select(prod.id);
  assert.equal(environments.notice.value, "");
});

test("change made while the library is read is not undone", async () => {
  const mine = start();
  const { one } = await twoTabs(mine);
  const library = createLibrary(one.store);
  const loading = library.load();
  library.set([{ ...mine, name: "Renamed" }]);
  await loading;
  assert.deepEqual(names([...library.collections.value]), ["Renamed a b"]);
});
