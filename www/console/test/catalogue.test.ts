import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { APIS, callOf, ENTRIES, entryOf, found, PATHS, requestOf } from "../src/catalogue/catalogue";
import { createDescribed, foundIn } from "../src/catalogue/described";
import { foundEverywhere, shownOf } from "../src/catalogue/found";
import { parameterNames } from "../src/tester/names";
import { marks } from "../src/tester/variables";
import { METHODS, newRequest } from "../src/workspace/model";

test("entries of the catalogue are well formed", () => {
  assert.equal(new Set(ENTRIES.map(({ id }) => id)).size, ENTRIES.length, "each id once");
  assert.equal(new Set(ENTRIES.map(({ method, path }) => `${method} ${path}`)).size, ENTRIES.length, "each call once");
  for (const { id, method, path, summary, parameters, body, api } of ENTRIES) {
    assert.match(id, /^[a-z-]{1,40}$/, id);
    assert.ok(METHODS.includes(method), id);
    assert.match(path, /^\/api(?:\/(?:\w+|\{\w+\}))+$/, id);
    assert.match(summary, /^[A-Z][^.]{5,70}$/, id);
    assert.match(api.source, /^rest-apis\/[\w-]+$/, id);
    assert.equal(new Set(parameters.map(({ name }) => name)).size, parameters.length, id);
    for (const { note } of parameters) assert.match(note, /^\S.{5,60}$/, `${id}: ${note}`);
    assert.ok(
      body === undefined || !["GET", "DELETE"].includes(method),
      `${id} has a body that its method cannot send`,
    );
  }
});

test("catalogue lists its nine APIs", () => {
  const names = APIS.map(({ name }) => name);
  const wanted = ["Table", "Aggregate", "Batch", "Import Set", "Attachment", "CMDB Instance", "CMDB Meta"];
  assert.deepEqual(names, [...wanted, "Identification and Reconciliation", "Service Catalog"]);
});

test("call is found by API, path and parameter", () => {
  const ids = (typed: string) => found(typed).flatMap(({ calls }) => calls.map(({ id }) => id));
  assert.deepEqual(ids("cmdb meta"), ["cmdb-meta"]);
  assert.deepEqual(ids("sysparm_having"), ["aggregate"]);
  assert.deepEqual(ids("order_now post"), ["sc-order-now"]);
  assert.deepEqual(ids("nothing like that"), []);
  assert.equal(ids("").length, ENTRIES.length);
});

test("call opens as a request with its parameters", () => {
  const list = entryOf("table-list");
  const { method, address, parameters } = requestOf(list ?? assert.fail());
  assert.deepEqual([method, address], ["GET", "/api/now/table/incident"]);
  assert.deepEqual(
    parameters.filter(({ on }) => on).map(({ name, value }) => [name, value]),
    [["sysparm_limit", "10"]],
  );
  const upload = requestOf(entryOf("attachment-upload") ?? assert.fail());
  assert.ok(upload.body.kind === "multipart" && upload.body.parts[2]?.file);
  const meta = requestOf(entryOf("table-read") ?? assert.fail());
  assert.deepEqual(marks(meta.address).length, 1, "the sys_id is a variable");
});

test("call of a request is found by method and path", () => {
  const id = (method: string, address: string) => callOf(method, address)?.id;
  assert.equal(id("GET", "/api/now/table/incident"), "table-list");
  assert.equal(id("PATCH", "https://dev.service-now.com/api/now/v2/table/incident/1c74?x=1"), "table-update");
  assert.equal(id("POST", "/api/now/batch"), "batch");
  assert.equal(id("GET", "/api/x_acme/orders"), undefined);
  const names = parameterNames("GET", "/api/now/stats/incident").map(({ value }) => value);
  assert.ok(names.includes("sysparm_having") && !names.includes("sysparm_fields"));
  assert.ok(parameterNames("GET", "/api/x_acme/orders").length > 20);
});

test("paths end before the first part to fill in", () => {
  const paths = PATHS.map(({ path }) => path);
  assert.ok(["/api/now/table/", "/api/now/v1/batch", "/api/now/attachment/file"].every((path) => paths.includes(path)));
  assert.ok(paths.every((path) => !path.includes("{")) && new Set(paths).size === paths.length);
});

const YAML = new URL("fixtures/openapi-3.1.yaml", import.meta.url);

test("exported description belongs to its environment", async () => {
  const id = signal("dev");
  const described = createDescribed(() => id.value);
  await described.addFile(new File([readFileSync(YAML)], "export.yaml"));
  assert.equal(described.problem.value, "");
  const [dev] = described.current.value;
  assert.ok(dev && dev.requests.length > 0);
  assert.ok(dev.requests.every(({ request }) => request.address.startsWith("/") || request.address.startsWith("{{")));
  assert.ok(foundIn(dev, dev.requests[0]?.request.name ?? "").length > 0);
  assert.deepEqual(foundIn(dev, "no such words"), []);
  await described.addFile(new File([readFileSync(YAML)], "export.yaml"));
  assert.equal(described.current.value.length, 1, "read again, it replaces itself");
  const both = foundEverywhere("", described.current.value);
  assert.equal(both.calls, ENTRIES.length + dev.requests.length, "its calls are counted with those of the catalogue");
  assert.equal(foundEverywhere("no such words", described.current.value).calls, 0);
  id.value = "prod";
  assert.deepEqual(described.current.value, []);
});

test("long list of calls is cut and says so", () => {
  const request = { group: "", request: newRequest() };
  const of = (length: number) => shownOf(Array.from({ length }, () => request));
  assert.deepEqual([of(300).shown.length, of(300).note], [300, ""]);
  assert.equal(of(1_200).shown.length, 300);
  assert.equal(of(1_200).note, "The first 300 of 1,200 calls are shown. Search to see others.");
});

test("cancelled reading says nothing, a failed one where it began", async () => {
  const target = signal("dev");
  let answer: (reply: Response) => void = () => undefined;
  const send = (_address: unknown, options?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      answer = resolve;
      options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
    });
  const described = createDescribed(() => target.value, send as typeof fetch);
  const cancelled = described.addPractice("http://127.0.0.1:1");
  assert.equal(described.busy.value, true);
  target.value = "prod";
  assert.equal(described.busy.value, false, "another environment waits for nothing");
  target.value = "dev";
  described.cancel();
  await cancelled;
  assert.deepEqual([described.busy.value, described.problem.value], [false, ""]);
  const failed = described.addPractice("http://127.0.0.1:1");
  answer(new Response("", { status: 503 }));
  await failed;
  assert.match(described.problem.value, /status 503/);
  target.value = "prod";
  assert.equal(described.problem.value, "");
});

test("documents of one address are bounded", async () => {
  const described = createDescribed(() => "dev");
  const document = (title: string) =>
    JSON.stringify({ openapi: "3.0.0", info: { title, version: "1" }, paths: { "/a": { get: {} } } });
  for (let number = 0; number < 30; number += 1)
    await described.addFile(new File([document(`API ${number}`)], "export.json"));
  assert.deepEqual([described.current.value.length, described.current.value.at(-1)?.title], [20, "API 29"]);
});

test("file of another format is refused with its format", async () => {
  const described = createDescribed(() => "dev");
  await described.addFile(new File(["curl https://dev.service-now.com/api/now/table/incident"], "x.txt"));
  assert.match(described.problem.value, /This is curl, not OpenAPI/);
  await described.addPractice("https://dev.service-now.com");
  assert.match(described.problem.value, /Only a practice instance on this machine/);
});
