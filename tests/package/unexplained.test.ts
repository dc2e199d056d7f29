/** Errors where the file that explains them cannot be loaded: a code and a status, and nothing that the other side has said. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

const SECRET = "hush-hush-hush";

const folder = mkdtempSync(join(tmpdir(), "sysparm-unexplained-"));
cpSync("pkg", folder, { recursive: true });
// The file is back for the last test, which supplies the WebAssembly instead.
const script = join(folder, "dist/classify-node.js");
renameSync(script, `${script}.gone`);
rmSync(join(folder, "dist/classify-embedded.js"));
after(() => rmSync(folder, { recursive: true }));

const { connect, SysparmError } = (await import(
  pathToFileURL(join(folder, "dist/node.js")).href
)) as typeof import("sysparm");

const server = createServer((request, reply) => {
  const status = Number(new URL(request.url ?? "", "http://x").pathname.split("/").at(-1));
  reply.writeHead(status, { "content-type": "application/json", "www-authenticate": `Said ${SECRET}` });
  reply.end(JSON.stringify({ error: { message: `You sent ${request.headers.authorization}`, detail: SECRET } }));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const EXPECTED = [
  [400, "request.unreadable", "RequestError"],
  [403, "acl.refused", "AuthorizationError"],
  [404, "path.unknown", "RequestError"],
  [500, "instance.error", "InstanceError"],
] as const;

for (const [status, code, name] of EXPECTED) {
  test(`an unexplained ${status} has a code, a status and no text of the reply`, async () => {
    const events: unknown[] = [];
    const instance = await connect({
      url,
      auth: { token: SECRET },
      pace: { attempts: 2 },
      onEvent: (event) => events.push(event),
    });
    const thrown = await instance.request(`/api/x/${status}`).catch((error: unknown) => error);
    assert.ok(thrown instanceof SysparmError);
    assert.deepEqual([thrown.status, thrown.code, thrown.name], [status, code, name]);
    assert.equal(thrown.message, `${code} (HTTP status ${status}).`);
    assert.equal(thrown.response, undefined);
    const shown = inspect([thrown, thrown.cause, events, instance.status()], { depth: 20, showHidden: true });
    instance.close();
    assert.ok(!shown.includes(SECRET) && !shown.includes("You sent"), shown);
  });
}

test("the cause of an unexplained failure is left out", async () => {
  const instance = await connect({
    url,
    auth: { token: SECRET },
    pace: { attempts: 1 },
    fetch: () => Promise.reject(new TypeError(`no route for ${SECRET}`)),
  });
  const thrown = await instance.request("/api/x/200").catch((error: unknown) => error);
  assert.ok(thrown instanceof SysparmError);
  assert.deepEqual(
    [thrown.code, thrown.message, thrown.cause],
    ["network.unreachable", "network.unreachable.", undefined],
  );
});

test("reply whose body breaks off is not shown with an earlier body", async () => {
  const headers = { "content-type": "application/json", "www-authenticate": `Said ${SECRET}` };
  const broken = () => new ReadableStream({ pull: (body) => body.error(new TypeError("cut")) });
  const replies = [new Response(`{"said":"${SECRET}"}`, { status: 503, headers })];
  const instance = await connect({
    url,
    auth: { token: SECRET },
    pace: { attempts: 2 },
    fetch: async () => replies.shift() ?? new Response(broken(), { status: 500, headers }),
  });
  const thrown = await instance.request("/api/x/503").catch((error: unknown) => error);
  assert.ok(thrown instanceof SysparmError);
  assert.equal(thrown.response, undefined);
  instance.close();
});

test("unexplained failure in a batch says whether it may have written", async () => {
  const statuses = [408, 409, 500];
  const serviced = (status: number, place: number) => ({
    id: String(place + 1),
    status_code: status,
    headers: [],
    body: "",
  });
  const instance = await connect({
    url,
    auth: { token: SECRET },
    fetch: async () =>
      Response.json({ batch_request_id: "1", serviced_requests: statuses.map(serviced), unserviced_requests: [] }),
  });
  for (const [method, names] of [
    ["POST", ["UnknownOutcomeError", "InstanceError", "UnknownOutcomeError"]],
    ["GET", ["InstanceError", "InstanceError", "InstanceError"]],
  ] as const) {
    const outcomes = await instance.batch(statuses.map(() => ({ method, path: "/api/now/table/incident" })));
    assert.deepEqual(
      outcomes.map((one) => one.ok || one.error.name),
      names,
    );
  }
  instance.close();
});

test("supplied WebAssembly explains failures", async () => {
  renameSync(`${script}.gone`, script);
  const copy = await import(`${pathToFileURL(join(folder, "dist/node.js")).href}?again`);
  await copy.load(undefined, readFileSync("pkg/dist/classify.wasm"));
  const instance = await copy.connect({ url, auth: { token: SECRET }, pace: { attempts: 1 } });
  const thrown = await instance.request("/api/x/404").catch((error: unknown) => error);
  assert.match(thrown.message, /404/);
  assert.ok(thrown.diagnosis.causes.length > 0 && thrown.message !== "record.not-found (HTTP status 404).");
  assert.ok(!inspect(thrown, { depth: 20 }).includes(SECRET));
  instance.close();
});
