/** The order of events, some of which wait for the file that explains failures. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Diagnosis, SysparmEvent } from "sysparm";
import { Events } from "../../www/glue/src/client/effects/events.ts";

const folder = mkdtempSync(join(tmpdir(), "sysparm-event-order-"));
after(() => rmSync(folder, { recursive: true }));
cpSync("pkg", folder, { recursive: true });
// The explaining file arrives when the test lets it.
const script = join(folder, "dist/classify-node.js");
renameSync(script, join(folder, "dist/explaining.js"));
writeFileSync(script, 'await globalThis.explaining;\nexport * from "./explaining.js";\n');
let arrive = (): void => undefined;
Object.assign(globalThis, {
  explaining: new Promise<void>((resolve) => {
    arrive = resolve;
  }),
});

const { connect } = (await import(pathToFileURL(join(folder, "dist/node.js")).href)) as typeof import("sysparm");

const GRANTED = { access_token: "granted", expires_in: 1800 };
const EXPECTED = ["token.failed", "request.retried", "token.renewed"];

/** A client whose first token request fails. Resolves after a call that has waited for the second one. */
async function renewed(onEvent: (event: SysparmEvent) => void): Promise<void> {
  const tokens = [new Response("", { status: 503 }), Response.json(GRANTED)];
  const instance = await connect({
    url: "https://dev00000.service-now.com",
    auth: { grant: "client_credentials", clientId: "id", clientSecret: "secret" },
    fetch: async (url) =>
      String(url).endsWith("/oauth_token.do") ? (tokens.shift() as Response) : Response.json({ result: [] }),
    onEvent,
  });
  await instance.request("/api/now/table/incident");
  instance.close();
}

async function until(done: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !done() && Date.now() < end; ) await new Promise((wake) => setTimeout(wake, 5));
}

test("events follow one that waits for its explanation", async () => {
  const events: SysparmEvent[] = [];
  await renewed((event) => events.push(event));
  arrive();
  await until(() => events.length === EXPECTED.length);
  assert.deepEqual(
    events.map(({ type }) => type),
    EXPECTED,
  );
});

const PLAIN: SysparmEvent = { type: "breaker.closed", at: 0 };
const DIAGNOSIS: Diagnosis = {
  code: "instance.error",
  kind: "instance",
  causes: [],
  evidence: [],
  retry: { when: "never" },
};
const DIAGNOSED: SysparmEvent = { type: "attention", at: 0, message: "", diagnosis: DIAGNOSIS };

test("events are passed at once where none waits", async () => {
  const types: string[] = [];
  const events = new Events(({ type }) => types.push(type), undefined);
  const emit = (event: SysparmEvent) => events.emit(event);
  emit(PLAIN);
  assert.deepEqual(types, ["breaker.closed"]);
  const waiting = [emit(DIAGNOSED), emit(PLAIN)];
  assert.deepEqual(types, ["breaker.closed"]);
  await Promise.all(waiting);
  assert.deepEqual(types, ["breaker.closed", "attention", "breaker.closed"]);
  await new Promise(setImmediate);
  emit(PLAIN);
  assert.equal(types.length, 4);
});

test("event that cannot be explained holds back no other", async () => {
  const types: string[] = [];
  const events = new Events(({ type }) => types.push(type), undefined);
  const emit = (event: SysparmEvent) => events.emit(event);
  const refused = assert.rejects(async () => emit({ ...DIAGNOSED, diagnosis: {} as Diagnosis }));
  await Promise.all([refused, emit(PLAIN)]);
  assert.deepEqual(types, ["breaker.closed"]);
});
