import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { TaskLate } from "../src/background/task";
import {
  compareBodies,
  comparisonText,
  createComparison,
  differenceWords,
  fieldNames,
  namedSides,
} from "../src/tester/comparison";
import { createExchange, type Ended, type Reply } from "../src/tester/exchange";
import type { Host } from "../src/tester/host";
import { type Runner, type Work, work } from "../src/tester/limited";
import {
  type AuthSetting,
  type Body,
  type Environment,
  newId,
  newPair,
  newRequest,
  newSecretRef,
  type SavedRequest,
} from "../src/workspace/model";
import { hostDouble } from "./host-double";

const replyOf = (body: unknown): Reply => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status: 200,
    statusText: "OK",
    headers: [],
    body: { text, file: null, bytes: text.length, cut: false, ended: true, contentType: "application/json" },
    headMs: 10,
    totalMs: 20,
  };
};
const ended = (request: SavedRequest, body: unknown): Ended => ({
  phase: "answered",
  request,
  line: "GET /api/now/table/incident",
  where: "DEV",
  environmentId: "d",
  origin: "https://dev.example",
  reply: replyOf(body),
  failure: null,
  verdicts: [],
  extracted: [],
});

/** An environment named TEST with the variable `limit`, and what it was asked. */
function otherHost(allow = true): { host: Host; asked: string[]; questions: string[] } {
  const [asked, questions]: [string[], string[]] = [[], []];
  const request = async (path: string, init: RequestInit) => {
    asked.push(`${init.method} ${path}`);
    return new Response('{"result":[]}', { headers: { "content-type": "application/json" } });
  };
  const instance = { url: "https://test.example", request } as unknown as Instance;
  const route = { way: "direct", instanceUrl: "https://test.example", auth: { kind: "none" } };
  const environment = {
    id: "t",
    name: "TEST",
    route,
    variables: [{ id: newId(), name: "limit", on: true, value: "7" }],
  };
  const host = hostDouble({
    environment: () => environment as unknown as Environment,
    instance: () => instance,
    allowWrite: async (line) => questions.push(line) > 0 && allow,
    setVariables: () => Promise.reject(new Error("a comparison sets no variable")),
  });
  return { host, asked, questions };
}

const none = () => ({ scopes: [], auth: [] });
const noFiles = () => new Map<string, File>();

test("comparison sends with the other environment's variables", async () => {
  const request = newRequest({
    address: "/api/now/table/incident",
    parameters: [newPair("sysparm_limit", "{{limit}}")],
    extractions: [{ id: newId(), on: true, variable: "limit", from: "status" }],
  });
  const { host, asked, questions } = otherHost();
  const comparison = createComparison(none, noFiles);
  const of = ended(request, { result: [] });
  await comparison.send(of, host);
  assert.deepEqual(asked, ["GET /api/now/table/incident?sysparm_limit=7"]);
  assert.deepEqual(questions, [], "a read asks nothing");
  const state = comparison.state.value;
  assert.equal(state.phase === "compared" && state.of === of && state.other.name, "TEST");
});

test("comparison of a write asks and sends nothing on a no", async () => {
  const { host, asked, questions } = otherHost(false);
  const comparison = createComparison(none, noFiles);
  await comparison.send(ended(newRequest({ method: "POST", address: "/api/now/table/incident" }), {}), host);
  assert.deepEqual([asked, questions], [[], ["POST /api/now/table/incident"]]);
  const state = comparison.state.value;
  assert.equal(state.phase === "problem" && state.problem, "The write was not confirmed.");
});

test("variable that the other environment lacks is named", async () => {
  const { host, asked } = otherHost();
  const comparison = createComparison(none, noFiles);
  await comparison.send(ended(newRequest({ address: "/api/{{version}}" }), {}), host);
  assert.deepEqual(asked, []);
  const state = comparison.state.value;
  assert.equal(state.phase === "problem" && state.problem, "In TEST: The variable {{version}} is not set.");
});

test("cancelled comparison shows nothing", async () => {
  const { host } = otherHost();
  const comparison = createComparison(none, noFiles);
  const sent = comparison.send(ended(newRequest({ address: "/api/now/table/incident" }), {}), host);
  comparison.cancel();
  await sent;
  assert.equal(comparison.state.value.phase, "none");
});

test("comparison is written as text", async () => {
  const one = {
    name: "DEV",
    origin: "",
    reply: replyOf({ result: [{ sys_id: "a", state: "1", sys_mod_count: "1" }] }),
    failure: null,
  };
  const other = { ...one, name: "TEST", reply: replyOf({ result: [{ sys_id: "a", state: "2", sys_mod_count: "2" }] }) };
  const found = await compareBodies(one, other, fieldNames("sys_updated_on, sys_mod_count"));
  assert.ok("changes" in found);
  assert.equal(differenceWords(found), "1 difference: 1 changed. 1 value of ignored fields differs.");
  assert.equal(
    comparisonText("GET /x", [one, other], found),
    'GET /x\nDEV: 200 OK, 20 ms, 59 bytes\nTEST: 200 OK, 20 ms, 59 bytes\n1 difference: 1 changed. 1 value of ignored fields differs.\nchanged $.result[?@.sys_id=="a"].state: "1" -> "2"\n',
  );
});

test("environments of one name are shown with their hosts", () => {
  const of = ended(newRequest(), {});
  const [one, other] = namedSides(of, { ...of, name: "DEV", origin: "http://127.0.0.1:8788" });
  assert.deepEqual([one.name, other.name], ["DEV (dev.example)", "DEV (127.0.0.1:8788)"]);
});

test("body that is not JSON is not compared", async () => {
  const one = { name: "DEV", origin: "", reply: replyOf({}), failure: null };
  const found = await compareBodies(one, { ...one, name: "TEST", reply: replyOf("<html>") }, new Set());
  assert.deepEqual(found, { problem: "TEST: The body is not JSON. Only JSON is compared." });
  const missing = await compareBodies(one, { ...one, name: "TEST", reply: null }, new Set());
  assert.deepEqual(missing, { problem: "There is no reply of TEST to compare." });
});

test("failure names the environment that it is of", async () => {
  const { host } = otherHost();
  const failing = { url: "https://test.example", request: () => Promise.reject(new Error("down")) };
  const exchange = createExchange(
    { ...host, instance: () => failing as unknown as Instance, setVariables: async () => undefined },
    none,
    () => undefined,
  );
  await exchange.send(newRequest({ address: "/api/now/table/incident" }));
  const state = exchange.state.value;
  assert.equal(state.phase === "failed" && state.environmentId, "t");
});

test("credentials of a request are sent to no other environment", async () => {
  const password = newSecretRef();
  const basic = { kind: "basic", username: "u", password } as const;
  const requests: [SavedRequest, readonly AuthSetting[]][] = [
    [newRequest({ address: "/x", auth: basic }), []],
    [newRequest({ address: "/x" }), [basic]],
    [newRequest({ address: "/x", headers: [newPair("x-sn-apikey", "k-1")] }), []],
    [newRequest({ address: "/x", parameters: [newPair("token", "k-1")] }), []],
    [newRequest({ address: "/x?token=k-1" }), []],
    [newRequest({ method: "POST", address: "/x", body: { kind: "form", fields: [newPair("password", "k-1")] } }), []],
    [newRequest({ method: "POST", address: "/x", body: { kind: "json", text: '{"password":"k-1"}' } }), []],
  ];
  for (const [request, auth] of requests) {
    const { host, asked } = otherHost();
    const comparison = createComparison(() => ({ scopes: [], auth }), noFiles);
    await comparison.send(ended(request, {}), host);
    const state = comparison.state.value;
    assert.match(state.phase === "problem" ? state.problem : "", /entered for DEV.*not sent to TEST/);
    assert.deepEqual(asked, []);
  }
  const { host, asked } = otherHost();
  const pairs = [newPair("x-sn-apikey", "{{limit}}"), newPair("token", "k-1", false)];
  const unsent: Body = { kind: "form", fields: [newPair("password", "k-1", false)] };
  const write = newRequest({ method: "POST", address: "/x", headers: pairs, body: unsent });
  await createComparison(none, noFiles).send(ended(write, {}), host);
  assert.equal(asked.length, 1, "variables are those of the other environment, and what is off is not sent");
  const read = newRequest({ address: "/x", body: { kind: "json", text: '{"password":"k-1"}' } });
  await createComparison(none, noFiles).send(ended(read, {}), host);
  assert.equal(asked.length, 2, "a read sends no body");
});

test("copied comparison holds no secret", async () => {
  const one = { name: "A", origin: "https://a.example", failure: null, reply: replyOf({ a: 1, token: "eyJ-1" }) };
  const two = { ...one, name: "B", reply: replyOf({ a: 2, token: "eyJ-2", of: { password: "eyJ-3" } }) };
  const found = await compareBodies(one, two, fieldNames(""));
  assert.ok("changes" in found);
  const text = comparisonText("GET /x?token=eyJ-0", [one, two], found);
  assert.doesNotMatch(text, /eyJ/);
  assert.match(text, /changed \$\.a: 1 -> 2/);
  assert.match(text, /changed \$\.token: /);
});

test("environment changed during a question gets nothing", async () => {
  const request = newRequest({ method: "POST", address: "/api/now/table/incident" });
  const changes: [part: Partial<Host>, problem: RegExp][] = [
    [{ instance: () => null }, /^TEST was disconnected meanwhile\. Connect it/],
    [{ instance: () => ({ url: "https://other.example" }) as unknown as Instance }, /^TEST was disconnected meanwhile/],
    [{ environment: () => undefined }, /^TEST was removed meanwhile\. Choose an environment/],
    [{ environment: () => ({ id: "p", name: "PROD" }) as Environment }, /^PROD is in use now\. Send again/],
  ];
  for (const [part, problem] of changes) {
    const sends = [
      (host: Host) => {
        const exchange = createExchange(host, none, () => undefined);
        return exchange.send(request).then(() => exchange.state.value);
      },
      (host: Host) => {
        const comparison = createComparison(none, noFiles);
        return comparison.send(ended(request, {}), host).then(() => comparison.state.value);
      },
    ];
    for (const send of sends) {
      const { host, asked } = otherHost();
      const allowWrite = async () => Object.assign(host, part) === host;
      const state = await send(Object.assign(host, { allowWrite }));
      assert.match(state.phase === "problem" ? state.problem : state.phase, problem);
      assert.deepEqual(asked, []);
    }
  }
});

test("large bodies are compared in a Worker, in limited time", async () => {
  const side = (a: number) => {
    const reply = replyOf({ a, text: "x".repeat(200_000) });
    return { name: `${a}`, origin: "https://a.example", failure: null, reply };
  };
  const given: Work[] = [];
  const run: Runner = async (one) => {
    given.push(one);
    return work(structuredClone(one));
  };
  const found = await compareBodies(side(1), side(2), fieldNames("b"), { run });
  assert.equal(given.length, 1);
  assert.deepEqual("changes" in found && found.changes, [{ kind: "changed", path: "$.a", before: 1, after: 2 }]);
  const late: Runner = () => Promise.reject(new TaskLate("late"));
  const stopped = await compareBodies(side(1), side(2), fieldNames(""), { run: late });
  assert.match("problem" in stopped ? stopped.problem : "", /took too long and was stopped.*fewer rows/);
});
