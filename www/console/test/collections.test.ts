import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readData } from "../src/collections/data";
import { added, type HistoryEntry, MOST_ENTRIES, search } from "../src/collections/history";
import { totals } from "../src/collections/run-report";
import { run, type StepOutcome, type StepResult } from "../src/collections/runner";
import { change, duplicate, find, insert, move, places, remove, requestsOf, scopesAt } from "../src/collections/tree";
import { treeKey } from "../src/collections/tree-keys";
import { createResolver } from "../src/tester/variables";
import { type Collection, type Folder, newCollection, newId, newPair, newRequest } from "../src/workspace/model";

function folder(name: string, ...items: Folder["items"]): Folder {
  return { kind: "folder", id: newId(), name, description: "", auth: { kind: "inherit" }, variables: [], items };
}

function sample() {
  const first = newRequest({ name: "first", address: "/a" });
  const second = newRequest({ name: "second", address: "/b" });
  const inner = folder("inner", second);
  const outer = folder("outer", inner, first);
  const collection = newCollection("all", [outer]);
  return { first, second, inner, outer, collection, collections: [collection, newCollection("other")] };
}

const names = (collections: readonly Collection[]) => [...places(collections)].map(({ node }) => node.name);

test("request is found with the folders around it", () => {
  const { collections, second } = sample();
  assert.deepEqual(
    find(collections, second.id)?.ancestors.map(({ name }) => name),
    ["all", "outer", "inner"],
  );
  assert.equal(find(collections, "none"), undefined);
});

test("removal is undone at its place", () => {
  const { collections, inner, first, collection } = sample();
  for (const id of [inner.id, first.id, collection.id]) {
    const removed = remove(collections, id);
    assert.equal(find(removed.collections, id), undefined);
    assert.deepEqual(removed.undo(removed.collections), collections);
  }
});

test("folder is not moved into itself", () => {
  const { collections, outer, inner, first } = sample();
  assert.deepEqual(move(collections, outer.id, inner.id), collections);
  assert.deepEqual(move(collections, outer.id, outer.id), collections);
  const moved = move(collections, first.id, inner.id, 0);
  assert.deepEqual(names(moved), ["all", "outer", "inner", "first", "second", "other"]);
});

test("copy has new ids all the way down", () => {
  const { collections, outer } = sample();
  const copied = duplicate(collections, outer.id);
  const ids = [...places(copied.collections)].map(({ node }) => node.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(find(copied.collections, copied.id)?.node.name, "outer (copy)");
});

test("no move or removal loses another item", () => {
  const { collections } = sample();
  const all = [...places(collections)].map(({ node }) => node.id);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...all), fc.constantFrom(...all), fc.nat(3))), (moves) => {
      const after = moves.reduce((now, [id, holder, index]) => move(now, id, holder, index), collections);
      assert.deepEqual([...places(after)].map(({ node }) => node.id).sort(), [...all].sort());
    }),
  );
});

test("change leaves the given collections as they were", () => {
  const { collections, first, outer } = sample();
  const before = structuredClone(collections);
  change(collections, first.id, (node) => ({ ...node, name: "x" }));
  insert(collections, outer.id, newRequest());
  assert.deepEqual(collections, before);
});

const entry = (part: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: newId(),
  at: 0,
  environmentId: "e",
  environmentName: "DEV",
  line: "GET /api/now/table/incident",
  request: newRequest(),
  status: 200,
  totalMs: 1,
  bytes: 1,
  code: "",
  ...part,
});

test("history is bounded and has the newest first", () => {
  let history: HistoryEntry[] = [];
  for (let at = 0; at < MOST_ENTRIES + 5; at += 1) history = added(history, entry({ at }));
  assert.equal(history.length, MOST_ENTRIES);
  assert.equal(history[0]?.at, MOST_ENTRIES + 4);
});

test("history keeps no text of a secret", () => {
  const body = '{"user": "a", "password" : "p-hidden\\"x", "client_secret":"c-hidden", "pwd": "w-hidden';
  const request = newRequest({
    address: "/oauth_token.do?client_secret=a-hidden&x=1",
    parameters: [newPair("access_token", "q-hidden"), newPair("api_key", "{{key}}")],
    headers: [newPair("X-sn-apikey", "h-hidden")],
    body: { kind: "json", text: body },
  });
  const [kept] = added([], entry({ request, line: "POST /x?client_secret=l-hidden" }));
  const text = JSON.stringify(kept);
  assert.doesNotMatch(text, /hidden/);
  assert.match(text, /\{\{key\}\}/);
  assert.match(text, /x=1/);
});

test("history is searched by all words", () => {
  const history = [entry(), entry({ line: "POST /api/now/table/problem", status: 403, code: "acl.write" })];
  assert.equal(search(history, "403 problem").length, 1);
  assert.equal(search(history, "dev").length, 2);
  assert.equal(search(history, "incident acl").length, 0);
});

test("data is read from CSV and from JSON", () => {
  const csv = readData('\uFEFFnumber,text\r\nINC1,"a, ""b"""\r\n\r\nINC2,"two\nlines"\r\n');
  const json = readData('[{"number":"INC1","text":"a, \\"b\\""},{"number":"INC2","text":"two\\nlines"}]');
  assert.ok("rows" in csv && "rows" in json);
  assert.deepEqual(csv.rows, json.rows);
});

test("data that cannot be read is named", () => {
  const problem = (text: string) => {
    const data = readData(text);
    return "problem" in data ? data.problem : "";
  };
  assert.match(problem(" "), /empty/);
  assert.match(problem("a,b"), /no row/);
  assert.match(problem("a,a\n1,2"), /two columns named "a"/);
  assert.match(problem("[1]"), /Row 1/);
  assert.match(problem("[{"), /not JSON/);
  const uneven = readData("a,b\n1\n1,2");
  assert.match("note" in uneven ? uneven.note : "", /1 of 2 rows/);
});

function outcome(part: Partial<StepOutcome> = {}): StepOutcome {
  return { line: "", status: 200, totalMs: 1, verdicts: [], extracted: [], problem: "", ...part };
}

test("run takes a reply's value into the next request of a row", async () => {
  const { collection } = sample();
  const results: StepResult[] = [];
  const seen: string[] = [];
  const end = await run(requestsOf(collection), {
    rows: [new Map([["n", "1"]]), new Map([["n", "2"]])],
    stopAtFailure: false,
    signal: new AbortController().signal,
    onResult: (result) => results.push(result),
    send: async ({ scopes, request }) => {
      const { text } = createResolver(scopes, () => undefined)("{{n}} {{id}}");
      seen.push(text);
      const value = `${request.name} of ${text[0]}`;
      return outcome({ extracted: [{ id: "1", variable: "id", value, why: "" }] });
    },
  });
  assert.deepEqual(seen, ["1 {{id}}", "1 second of 1", "2 {{id}}", "2 second of 2"]);
  assert.deepEqual(end, { end: "done", planned: 4 });
  assert.deepEqual(totals(results).requests, { passed: 4, failed: 0 });
});

test("run reports failures, stops at them, and is cancelled", async () => {
  const { collection } = sample();
  const abort = new AbortController();
  const results: StepResult[] = [];
  const base = { rows: [], signal: abort.signal, onResult: (result: StepResult) => results.push(result) };
  const verdicts = [{ id: "1", says: "Status is 200", passed: false, why: "The status was 404." }];
  const stopped = await run(requestsOf(collection), {
    ...base,
    stopAtFailure: true,
    send: async () => outcome({ verdicts }),
  });
  assert.equal(stopped.end, "stopped");
  assert.deepEqual(totals(results), {
    requests: { passed: 0, failed: 1 },
    assertions: { passed: 0, failed: 1 },
    totalMs: 1,
  });
  const cancelled = await run(requestsOf(collection), {
    ...base,
    stopAtFailure: false,
    send: async () => {
      abort.abort();
      throw new Error("aborted");
    },
  });
  assert.equal(cancelled.end, "cancelled");
  assert.equal(results.length, 1);
});

test("status 404 fails a request that expects no status", async () => {
  const expecting = newRequest({
    name: "expects 404",
    assertions: [{ id: "1", on: true, subject: "status", operator: "is", value: "404" }],
  });
  const results: StepResult[] = [];
  await run(requestsOf(newCollection("c", [newRequest({ name: "plain" }), expecting])), {
    rows: [],
    stopAtFailure: false,
    signal: new AbortController().signal,
    onResult: (result) => results.push(result),
    send: async () => outcome({ status: 404 }),
  });
  assert.deepEqual(
    results.map(({ passed }) => passed),
    [false, true],
  );
});

test("scopes of folders are named by their path", () => {
  const { collection, outer } = sample();
  assert.deepEqual(
    scopesAt([collection, outer]).map(({ name }) => name),
    ["all", "all > outer"],
  );
});

test("Delete in a field of the tree removes nothing", () => {
  const element = (name: string) => ({ matches: (selectors: string) => selectors.split(", ").includes(name) });
  for (const name of ["input", "select", "textarea"]) {
    for (const key of ["Delete", "F2"]) assert.equal(treeKey(key, element(name)), null, `${key} in ${name}`);
  }
  assert.equal(treeKey("Delete", element("button")), "remove");
  assert.equal(treeKey("F2", element("button")), "rename");
});
