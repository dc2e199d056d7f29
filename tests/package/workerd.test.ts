/** Real workerd runs the installed tarball, bundled as wrangler bundles, and every case in it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { freePort } from "../harness/free-port.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
import type { Report } from "./cases.js";
import { expectAll } from "./expect-all.js";
import { installInto, type Project } from "./installed.js";

const AUTH = { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
  project = installInto("workerd");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("every case passes in workerd", async () => {
  const { folder } = project;
  writeFileSync(
    join(folder, "worker.js"),
    `import * as sysparm from "sysparm"; import * as queries from "sysparm/query"; import * as syncs from "sysparm/sync"; import * as doctor from "sysparm/doctor"; import { run } from "./cases.ts";
     let kept;
     export default { async fetch({ url }) {
       if (url.endsWith("/kept")) {
         kept ??= sysparm.connect({ url: ${JSON.stringify(instance.url)}, auth: ${JSON.stringify(AUTH)} });
         const { rows } = await (await kept).table("incident").list({ limit: 3 });
         const row = await (await kept).table("incident").get(String(rows[0].sys_id));
         return Response.json(row.sys_id === rows[0].sys_id);
       }
       return Response.json(await run(sysparm, queries, syncs, doctor, ${JSON.stringify(instance.url)})); } };`,
  );
  await build({
    entryPoints: [join(folder, "worker.js")],
    outdir: join(folder, "out"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const port = await freePort();
  writeFileSync(join(folder, "out/config.capnp"), configuration(port));
  const workerd = spawn(resolve("node_modules/.bin/workerd"), ["serve", join(folder, "out/config.capnp")], {
    stdio: "inherit",
  });
  try {
    expectAll((await answer(`http://127.0.0.1:${port}/`)) as Report);
    // What an instance makes while the worker serves one request is of no use, or worse, in the next.
    for (let time = 0; time < 4; time += 1) assert.equal(await answer(`http://127.0.0.1:${port}/kept`), true);
  } finally {
    workerd.kill();
  }
});

function configuration(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "sysparm.wasm", wasm = embed "sysparm.wasm"),
    (name = "pages.wasm", wasm = embed "pages.wasm"),
    (name = "query.wasm", wasm = embed "query.wasm"),
    (name = "sync.wasm", wasm = embed "sync.wasm"),
    (name = "doctor.wasm", wasm = embed "doctor.wasm"),
    (name = "testing.wasm", wasm = embed "testing.wasm"),
    (name = "classify.wasm", wasm = embed "classify.wasm"),
  ],
  compatibilityDate = "2026-10-01",
);
`;
}

async function answer(url: string): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await (await fetch(url)).json();
    } catch (thrown) {
      if (attempt === 50) throw thrown;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}
