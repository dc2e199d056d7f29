/** Eight workers in workerd share one Durable Object: a thousand calls with an expired token make one token request. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { installInto, type Project } from "../package/installed.ts";
import { strictServer } from "./strict-server.ts";

const WORKERS = 8;
const names = Array.from({ length: WORKERS }, (_, at) => `worker${at}`);

let project: Project;
before(() => {
  project = installInto("edge");
});
after(() => project?.remove());

/** Each request opens the instance, makes its calls and closes it, as a new isolate would. */
const WORKER = `
  import { connect } from "sysparm";
  import { sharedTokens } from "sysparm/stores";
  export { SharedTokens } from "sysparm/durable-object";
  export default {
    async fetch(request, env) {
      const { searchParams } = new URL(request.url);
      const tokens = searchParams.get("shared") === "true" ? sharedTokens(env.TOKENS.getByName("tokens")) : {};
      const auth = searchParams.get("rotates") === "true"
        ? { grant: "password", clientId: "c", clientSecret: "s", username: "u", password: "p" }
        : { grant: "client_credentials", clientId: "c", clientSecret: "s" };
      const { store, lock } = tokens;
      const plain = "sysparm " + searchParams.get("url") + " " + auth.grant + " c " + (auth.username ?? "") + "  ";
      // Version 0.1.0 as a store and a lock see it: it uses the plain name only.
      const shared = searchParams.get("older") !== "true" ? tokens : {
        store: {
          get: async (name) => name === plain ? undefined : store.get(plain),
          set: async (name, text, options) => name === plain ? undefined : store.set(plain, text, options),
        },
        lock: { request: (name, run) => name === plain ? run() : lock.request(plain, run) },
      };
      const events = [];
      const onEvent = ({ type, detail }) => events.push(type + " " + detail);
      const instance = await connect({ url: searchParams.get("url"), auth, onEvent, ...shared });
      const call = () => instance.request("/api/now/x").then((reply) => reply.ok, () => false);
      const outcomes = await Promise.all(Array.from({ length: Number(searchParams.get("calls")) }, call));
      instance.close();
      return Response.json({ ok: outcomes.filter(Boolean).length, events });
    },
  };`;

async function workers(): Promise<{ urls: string[]; stop(): Promise<void> }> {
  writeFileSync(join(project.folder, "worker.js"), WORKER);
  const out = join(project.folder, "out");
  await build({
    entryPoints: [join(project.folder, "worker.js")],
    outdir: out,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  writeFileSync(join(out, "config.capnp"), configuration());
  const workerd: string = createRequire(import.meta.url)("workerd").default;
  const child = spawn(workerd, ["serve", join(out, "config.capnp"), "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ports = new Map<string, number>();
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const { event, socket, port } = JSON.parse(line) as { event: string; socket?: string; port?: number };
    if (event === "listen" && socket && port) ports.set(socket, port);
    if (ports.size === WORKERS) break;
  }
  return {
    urls: names.map((name) => `http://127.0.0.1:${ports.get(name)}/`),
    async stop() {
      process.removeListener("exit", kill);
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function configuration(): string {
  const services = names.map((name) => `(name = "${name}", worker = .${name})`);
  const sockets = names.map((name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`);
  const modules = `(name = "worker.js", esModule = embed "worker.js"), (name = "sysparm.wasm", wasm = embed "sysparm.wasm"),
    (name = "pages.wasm", wasm = embed "pages.wasm"), (name = "classify.wasm", wasm = embed "classify.wasm")`;
  const worker = (name: string, first: boolean) => {
    const namespace = first ? '"SharedTokens"' : `(className = "SharedTokens", serviceName = "${names[0]}")`;
    const own = `durableObjectNamespaces = [(className = "SharedTokens", uniqueKey = "tokens")], durableObjectStorage = (inMemory = void),`;
    return `const ${name} :Workerd.Worker = (
      modules = [${modules}], compatibilityDate = "2026-10-01",
      bindings = [(name = "TOKENS", durableObjectNamespace = ${namespace})], ${first ? own : ""}
    );`;
  };
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(", ")}, (name = "internet", network = (allow = ["private"]))],
  sockets = [${sockets.join(", ")}],
);
${names.map((name, at) => worker(name, at === 0)).join("\n")}`;
}

test("eight workers with an expired token share one token request", { timeout: 120_000 }, async (t) => {
  const { urls, stop } = await workers();
  t.after(stop);
  for (const rotates of [false, true]) {
    const server = await strictServer(rotates);
    const ask = async (calls: number, shared: boolean, older = (_worker: number) => false) => {
      const query = (worker: number) =>
        new URLSearchParams({
          url: server.url,
          calls: `${calls}`,
          rotates: `${rotates}`,
          shared: `${shared}`,
          older: `${older(worker)}`,
        });
      const replies = await Promise.all(urls.map((url, worker) => fetch(`${url}?${query(worker)}`)));
      return Promise.all(replies.map((reply) => reply.json() as Promise<{ ok: number; events: string[] }>));
    };
    try {
      await ask(1, true);
      assert.equal(server.tokenRequests, 1, "eight workers, one sign-in");
      server.expire();
      server.tokenRequests = 0;
      const reports = await ask(1000 / WORKERS, true);
      assert.equal(
        reports.reduce((sum, { ok }) => sum + ok, 0),
        1000,
        JSON.stringify(reports),
      );
      assert.equal(server.tokenRequests, 1, JSON.stringify(reports));
      // A gradual release: first 0.1.0 everywhere, then the new version in half of the workers, then in all.
      for (const older of [() => true, (worker: number) => worker % 2 === 0, (worker: number) => worker % 2 === 1]) {
        server.expire();
        server.tokenRequests = 0;
        const mixed = await ask(1000 / WORKERS, true, older);
        assert.ok(
          mixed.every(({ ok }) => ok === 1000 / WORKERS),
          JSON.stringify(mixed),
        );
        assert.equal(server.tokenRequests, 1, JSON.stringify(mixed));
      }
      server.tokenRequests = 0;
      const alone = await ask(1000 / WORKERS, false);
      const failed = 1000 - alone.reduce((sum, { ok }) => sum + ok, 0);
      t.diagnostic(
        `rotation ${rotates}: shared 1 token request; each by itself ${server.tokenRequests}, ${failed} failed calls`,
      );
      assert.equal(server.tokenRequests >= WORKERS, true);
    } finally {
      await server.stop();
    }
  }
});
