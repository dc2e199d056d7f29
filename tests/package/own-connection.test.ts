/** Deno: what may change something has a connection of its own, also where a given fetch passes it on. Other requests share theirs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { copyInto } from "./installed.js";

const project = copyInto("own-connection");
const client = { name: "a client of Deno" };
Object.assign(globalThis, { Deno: { createHttpClient: () => client } });
after(() => {
  Reflect.deleteProperty(globalThis, "Deno");
  project.remove();
});
const entry = join(project.folder, "node_modules/sysparm/dist/node.js");
const { connect }: typeof Sysparm = await import(pathToFileURL(entry).href);

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

test("each writing request has its own connection", async () => {
  const inits: RequestInit[] = [];
  const answer = async (_: unknown, init: RequestInit = {}) => {
    inits.push(init);
    return new Response();
  };
  const options = { url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: answer as typeof fetch };
  const instance = await connect(options);
  for (const method of METHODS) await instance.request("/api/now/x", { method });
  instance.close();
  const own = inits.filter((init) => (init as { client?: unknown }).client === client);
  assert.deepEqual(
    own.map(({ method }) => method),
    ["POST", "PUT", "PATCH", "DELETE"],
  );
});
