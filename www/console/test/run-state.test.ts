/** Runs of a collection against a host without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { reportOf, runReport } from "../src/collections/run-report";
import { createRunState } from "../src/collections/run-state";
import { newEnvironment } from "../src/environments/environments";
import type { Host } from "../src/tester/host";
import { newCollection, newId, newPair, newRequest, newSecretRef } from "../src/workspace/model";
import { hostDouble } from "./host-double";

/** Environments DEV and PROD, both connected; `sent` has the paths that each was asked for. */
function twoEnvironments() {
  const made = (name: string) => {
    const sent: string[] = [];
    const url = `https://${name}.service-now.com`;
    const route = { way: "direct", instanceUrl: url, auth: { kind: "bearer", token: newSecretRef() } } as const;
    const request = async (path: string) => {
      sent.push(path);
      return Response.json({ result: [], token: "t-hidden" });
    };
    return {
      environment: newEnvironment({ name, kind: "dev", route }),
      instance: { url, request } as unknown as Instance,
      sent,
    };
  };
  const [dev, prod] = [made("dev"), made("prod")];
  let used = dev;
  const host = hostDouble({ environment: () => used.environment, instance: () => used.instance });
  const use = (next: typeof dev) => {
    used = next;
  };
  return { dev, prod, host, use };
}

const requests = () => newCollection("c", [newRequest({ address: "/a" }), newRequest({ address: "/b" })]);

test("run stops where another environment is in use", async () => {
  const { dev, prod, host, use } = twoEnvironments();
  const runs = createRunState(host);
  runs.choose(requests());
  runs.results.subscribe((results) => results.length === 1 && use(prod));
  await runs.start([], false);
  assert.deepEqual([dev.sent, prod.sent], [["/a"], []]);
  assert.equal(runs.phase.value, "switched");
});

test("write confirmed for one environment goes to no other", async () => {
  const { dev, prod, host, use } = twoEnvironments();
  const allowWrite = async () => {
    use(prod);
    return true;
  };
  const runs = createRunState({ ...host, allowWrite });
  runs.choose(newCollection("c", [newRequest({ method: "DELETE", address: "/a" })]));
  await runs.start([], false);
  assert.deepEqual([dev.sent, prod.sent], [[], []]);
  assert.equal(runs.phase.value, "switched");
});

test("run in one environment sends all of its requests", async () => {
  const { dev, host } = twoEnvironments();
  const runs = createRunState(host);
  runs.choose(requests());
  await runs.start([], false);
  assert.deepEqual(dev.sent, ["/a", "/b"]);
  assert.equal(runs.phase.value, "done");
});

test("token that a run takes is sent on, and is in no report", async () => {
  const { dev, host } = twoEnvironments();
  const runs = createRunState(host);
  const extraction = { id: newId(), on: true, variable: "access_token", from: "body", path: "$.token" } as const;
  const [first, second] = [newRequest({ address: "/a", extractions: [extraction] }), newRequest({ address: "/b" })];
  runs.choose(newCollection("c", [first, { ...second, parameters: [newPair("t", "{{access_token}}")] }]));
  await runs.start([], false);
  assert.deepEqual(dev.sent, ["/a", "/b?t=t-hidden"]);
  assert.equal(runs.results.value.length, 2);
  const report = JSON.stringify(reportOf(runs.results.value));
  assert.doesNotMatch(report, /hidden/);
  assert.match(report, /"variable":"access_token","found":true/);
});

test("report of a run holds no value that may be a secret", async () => {
  const { host } = twoEnvironments();
  const runs = createRunState(host);
  const about = (path: string, value: string) =>
    ({ id: newId(), on: true, subject: "body", path, operator: "is", value }) as const;
  const assertions = [
    about("$.token", "expected-hidden"),
    about("$['token']", "x"),
    about("$.*", "x"),
    about("$", "x"),
    about("$.result", "shown"),
  ];
  const sent = newRequest({ address: "/a", parameters: [newPair("token", "literal-hidden")], assertions });
  runs.choose(newCollection("c", [sent, newRequest({ address: "/b/{{missing}}?password=raw-hidden" })]));
  await runs.start([], false);
  const report = JSON.stringify(reportOf(runs.results.value));
  assert.doesNotMatch(report, /hidden/);
  assert.match(report, /"says":"\$\.token is …","passed":false,"why":"Not reported/);
  assert.match(report, /"says":"\$\.result is shown","passed":false,"why":"It was/);
});

const writes = () =>
  newCollection("c", [
    newRequest({ method: "POST", address: "/a" }),
    newRequest({ address: "/b" }),
    newRequest({ method: "DELETE", address: "/c?password=hunter2" }),
  ]);

test("refused write stops the run, and its report says so", async () => {
  const { dev, host } = twoEnvironments();
  const asked: string[] = [];
  const allowWrite = async (line: string) => {
    asked.push(line);
    return false;
  };
  const runs = createRunState({ ...host, allowWrite });
  runs.choose(writes());
  await runs.start([new Map(), new Map()], false);
  assert.deepEqual([asked, dev.sent], [["POST /a"], []]);
  assert.equal(runs.phase.value, "refused");
  const report = runReport("refused", runs.planned.value, runs.results.value);
  assert.match(report.end, /^Stopped: a write was not allowed/);
  assert.equal(report.left, 5);
  assert.match(report.results[0]?.problem ?? "", /^The write was not allowed\. Nothing was sent/);
});

test("run asks once for its writes, and names each", async () => {
  const { dev, host } = twoEnvironments();
  const asked: unknown[] = [];
  const given: unknown[] = [];
  const allowRun: Host["allowRun"] = async (name, planned) => {
    asked.push(name, planned);
    return true;
  };
  const allowWrite: Host["allowWrite"] = async (_line, allowed) => {
    given.push(allowed);
    return true;
  };
  const runs = createRunState({ ...host, allowRun, allowWrite });
  runs.choose(writes());
  await runs.start([new Map(), new Map()], false);
  assert.deepEqual(asked[0], "c");
  assert.deepEqual(asked[1], [
    { line: "POST /a", times: 2 },
    { line: "DELETE /c?password=••••••", times: 2 },
  ]);
  assert.deepEqual([asked.length, given], [2, [true, true, true, true]]);
  assert.equal(dev.sent.length, 6);
});

test("run whose writes are refused sends nothing", async () => {
  const { dev, host } = twoEnvironments();
  const runs = createRunState({ ...host, allowRun: async () => false });
  runs.choose(writes());
  await runs.start([], false);
  assert.deepEqual([runs.phase.value, dev.sent, runs.results.value.length], ["refused", [], 0]);
});

test("run without a write asks nothing", async () => {
  const { host } = twoEnvironments();
  const runs = createRunState({ ...host, allowRun: () => assert.fail("It asked.") });
  runs.choose(requests());
  await runs.start([], false);
  assert.equal(runs.phase.value, "done");
});
