import assert from "node:assert/strict";
import { test } from "node:test";
import { createTask, serve, TaskLate, type WorkerLike, type WorkerScope } from "../src/background/task";
import type { Answer } from "../src/tester/assertions";
import { evaluateLimited, extractLimited, filterLimited, type Runner, work } from "../src/tester/limited";
import { type Assertion, newId } from "../src/workspace/model";

const answer = (text: string): Answer => ({ status: 200, totalMs: 10, headers: [], text });
const matches = (value: string, path = "$.a"): Assertion => ({
  id: newId(),
  on: true,
  subject: "body",
  path,
  operator: "matches",
  value,
});
const late: Runner = () => Promise.reject(new TaskLate("late"));
const inline: Runner = async (given) => work(given);
const never: Runner = () => Promise.reject(new Error("nothing of this needs a Worker"));

test("verdicts keep the order, whatever runs where", async () => {
  const status: Assertion = { id: "s", on: true, subject: "status", operator: "is", value: "200" };
  const all = [matches("^x+$"), status, { ...matches("y"), on: false }, matches("y")];
  const verdicts = await evaluateLimited(all, answer('{"a":"xx"}'), { run: inline });
  assert.deepEqual(
    verdicts.map(({ says, passed }) => [says, passed]),
    [
      ["$.a matches ^x+$", true],
      ["Status is 200", true],
      ["$.a matches y", false],
    ],
  );
});

test("pattern that takes too long fails its assertion and says so", async () => {
  const [verdict] = await evaluateLimited([matches("(a+)+$")], answer('{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}'), {
    run: late,
  });
  assert.equal(verdict?.passed, false);
  assert.match(verdict?.why ?? "", /took too long and was stopped/);
});

test("patterns after three that took too long are not tried", async () => {
  let tried = 0;
  const counting: Runner = (given, options) => {
    tried += 1;
    return late(given, options);
  };
  const verdicts = await evaluateLimited(
    Array.from({ length: 10 }, () => matches("(a+)+$")),
    answer("{}"),
    { run: counting },
  );
  assert.equal(tried, 3);
  assert.match(verdicts[9]?.why ?? "", /^Not tried/);
});

test("chains after three that took too long are not tried", async () => {
  let tried = 0;
  const counting: Runner = (given, options) => {
    tried += 1;
    return late(given, options);
  };
  const path = "$[?search(@, '(a+)+$')]";
  const all = Array.from(
    { length: 500 },
    () => ({ id: newId(), on: true, variable: "v", from: "body", path }) as const,
  );
  const found = await extractLimited(all, answer("[]"), { run: counting });
  assert.equal(tried, 3);
  assert.equal(found.length, 500);
  assert.match(found[499]?.why ?? "", /^Not tried, because 3/);
});

test("cancelling ends what is being tried, and the rest", async () => {
  const abort = new AbortController();
  let tried = 0;
  const hanging: Runner = (_, { signal }) => {
    tried += 1;
    setImmediate(() => abort.abort());
    return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  const limits = { run: hanging, signal: abort.signal };
  const verdicts = await evaluateLimited([matches("a"), matches("b")], answer("{}"), limits);
  assert.equal(tried, 1);
  for (const { passed, why } of verdicts) assert.deepEqual([passed, /cancelled/.test(why)], [false, true]);
  const extraction = { id: "e", on: true, variable: "v", from: "body", path: "$[?match(@, 'a')]" } as const;
  assert.match((await extractLimited([extraction], answer("[]"), limits))[0]?.why ?? "", /cancelled/);
  assert.equal(tried, 1);
});

test("plain paths and values need no Worker", async () => {
  const is: Assertion = { id: "is", on: true, subject: "body", path: "$.a", operator: "is", value: "1" };
  assert.deepEqual(
    (await evaluateLimited([is], answer('{"a":"1"}'), { run: never })).map(({ passed }) => passed),
    [true],
  );
  const extraction = { id: "e", on: true, variable: "v", from: "body", path: "$.a" } as const;
  assert.equal((await extractLimited([extraction], answer('{"a":"1"}'), { run: never }))[0]?.value, "1");
  const found = await filterLimited("$.a", '{"a":"1"}', new AbortController().signal, never);
  assert.deepEqual(found, { values: ["1"] });
});

test("path with match or search is limited like a pattern", async () => {
  const path = "$[?search(@, '(a+)+$')]";
  assert.match((await evaluateLimited([matches("x", path)], answer("[]"), { run: late }))[0]?.why ?? "", /too long/);
  const extraction = { id: "e", on: true, variable: "v", from: "body", path } as const;
  assert.match((await extractLimited([extraction], answer("[]"), { run: late }))[0]?.why ?? "", /too long/);
  const found = await filterLimited(path, "[]", new AbortController().signal, late);
  assert.match("problem" in found ? found.problem : "", /too long/);
});

/** A Worker of this thread. `work` that is "hang" never answers. */
function fakeWorker(log: string[]): WorkerLike {
  const worker: WorkerLike = {
    onmessage: null,
    onerror: null,
    terminate: () => log.push("terminated"),
    postMessage: (data) => setImmediate(() => scope.onmessage?.({ data } as MessageEvent)),
  };
  const scope: WorkerScope = {
    onmessage: null,
    postMessage: (data) => worker.onmessage?.({ data } as MessageEvent),
  };
  log.push("spawned");
  serve((input: string) => {
    if (input === "hang") return new Promise<string>(() => undefined);
    if (input === "throw") throw new RangeError("no");
    return `${input}!`;
  }, scope);
  return worker;
}

test("calls share a Worker; one that is late ends it", async () => {
  const log: string[] = [];
  const task = createTask<string, string>(async () => fakeWorker(log), true);
  assert.deepEqual(await Promise.all([task.run("a"), task.run("b")]), ["a!", "b!"]);
  assert.deepEqual(log, ["spawned"]);
  await assert.rejects(task.run("throw"), { name: "RangeError", message: "no" });
  await assert.rejects(task.run("hang", { limitMs: 5 }), TaskLate);
  assert.deepEqual(log, ["spawned", "terminated"]);
  assert.equal(await task.run("c"), "c!");
  assert.deepEqual(log, ["spawned", "terminated", "spawned"]);
});

test("cancelled call ends its Worker, and the next gets another", async () => {
  const log: string[] = [];
  const task = createTask<string, string>(async () => fakeWorker(log), false);
  const abort = new AbortController();
  const hanging = task.run("hang", { signal: abort.signal });
  const next = task.run("d");
  setTimeout(() => abort.abort(), 5);
  await assert.rejects(hanging, { name: "AbortError" });
  assert.equal(await next, "d!");
  assert.deepEqual(log, ["spawned", "terminated", "spawned", "terminated"]);
});

test("Worker that ends while it works is not said to be unstarted", async () => {
  const failing = (begins: boolean): WorkerLike => {
    const worker: WorkerLike = {
      onmessage: null,
      onerror: null,
      terminate: () => undefined,
      postMessage: () => {
        if (begins) worker.onmessage?.({ data: { began: true } } as MessageEvent);
        worker.onerror?.({} as ErrorEvent);
      },
    };
    return worker;
  };
  const run = (begins: boolean) => createTask<string, string>(async () => failing(begins), false).run("a");
  await assert.rejects(run(true), { message: /^The browser ended this work before it was done\. Try again/ });
  await assert.rejects(run(false), { message: /did not start a Worker/ });
});
