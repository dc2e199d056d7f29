/** A cold isolate of workerd: each measurement loads a worker of its own through a worker loader, and gets its first answer. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { processorMs } from "../processes.ts";
import type { WorkerModules } from "./bundles.ts";
import type { Taken } from "./pairs.ts";
import { PAGE_SIZE } from "./programs/setting.js";

/** What the first request of a worker does: prepare the client, or read the first rows. */
export type Stage = "prepared" | "rows";

export interface Isolates {
  /** Loads a new isolate of this contender and gets its first answer. */
  answered(contender: string, stage: Stage): Promise<Taken>;
  stop(): Promise<void>;
}

/** The contender without any program. */
export const EMPTY = "empty";

const DATE = "2026-10-01";

/** Runs in workerd. Modules are text bindings, because a loaded worker is given as text and bytes. */
const LOADER = `
const workers = new Map();
const entry = \`import { firstRows, prepare } from "./program.js";
export default { async fetch({ url }) {
  const asked = new URL(url).searchParams;
  const base = asked.get("base");
  return new Response(asked.get("stage") === "rows" ? String(await firstRows(base)) : typeof (await prepare(base)));
} }\`;
const empty = { texts: { "entry.js": 'export default { fetch: () => new Response("empty") }' }, wasm: [] };
function modulesOf(name, env) {
  if (!workers.has(name)) {
    const { texts, wasm } = name === "${EMPTY}" ? empty : JSON.parse(env[name]);
    const compiled = Object.fromEntries(wasm.map((file) => [file, { wasm: env[file] }]));
    workers.set(name, { "entry.js": entry, ...texts, ...compiled });
  }
  return workers.get(name);
}
export default { async fetch({ url }, env) {
  const asked = new URL(url).searchParams;
  const [name, id] = [asked.get("contender"), asked.get("id")];
  try {
    const modules = modulesOf(name, env);
    const worker = env.LOADER.get(id, () => ({ compatibilityDate: "${DATE}", mainModule: "entry.js", modules }));
    return await worker.getEntrypoint().fetch(url);
  } catch (thrown) {
    return new Response(name + ": " + thrown.stack, { status: 500 });
  }
} };
`;

/** `base`: the address of the recorded replies. */
export async function startIsolates(
  folder: string,
  workers: Record<string, WorkerModules>,
  base: string,
): Promise<Isolates> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "loader.js"), LOADER);
  const bindings: string[] = [];
  const bytes = new Map<string, Buffer>();
  for (const [name, modules] of Object.entries(workers)) {
    const texts: Record<string, string> = {};
    const wasm: string[] = [];
    for (const [file, contents] of Object.entries(modules)) {
      if (typeof contents === "string") texts[file] = contents;
      else {
        bytes.set(file, contents);
        wasm.push(file);
      }
    }
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ texts, wasm }));
    bindings.push(`(name = "${name}", text = embed "${name}.json")`);
  }
  for (const [file, contents] of bytes) {
    writeFileSync(join(folder, file), contents);
    bindings.push(`(name = "${file}", data = embed "${file}")`);
  }
  const configuration = join(folder, "workerd.capnp");
  writeFileSync(configuration, configurationOf(bindings));
  const workerd: string = createRequire(import.meta.url)("workerd").default;
  const child = spawn(workerd, ["serve", configuration, "--experimental", "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  const port = await listeningPort(child.stdio[3] as Readable);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let id = 0;
  const answered: Isolates["answered"] = async (contender, stage) => {
    id += 1;
    const asked = new URLSearchParams({ contender, stage, base, id: String(id) });
    const used = processorMs(child.pid);
    const began = performance.now();
    const text = await bodyOf(`http://127.0.0.1:${port}/?${asked}`, agent);
    const ms = performance.now() - began;
    if (stage === "rows" && contender !== EMPTY && text !== String(PAGE_SIZE))
      throw new Error(`${contender} answered ${text}`);
    return { ms, processorMs: processorMs(child.pid) - used };
  };
  const stop = async () => {
    process.removeListener("exit", killed);
    agent.destroy();
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { answered, stop };
}

function configurationOf(bindings: string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["private", "local", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "loader.js", esModule = embed "loader.js")],
  compatibilityDate = "${DATE}",
  bindings = [(name = "LOADER", workerLoader = (id = "isolates")), ${bindings.join(", ")}],
);
`;
}

/** workerd reports its port on the control channel: `{"event":"listen","socket":"http","port":N}`. */
async function listeningPort(control: Readable): Promise<number> {
  const [line] = await once(control, "data");
  return JSON.parse(String(line).split("\n")[0] ?? "").port;
}

function bodyOf(address: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, { agent }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (part: string) => {
        text += part;
      });
      reply.on("end", () => (reply.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    }).on("error", reject);
  });
}
