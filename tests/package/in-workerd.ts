/** A worker that uses the installed package, bundled as wrangler does it and run in real workerd with the Durable Object of shared tokens. */
import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { COMPATIBILITY_DATE } from "../../www/worker/workerd-configuration.ts";
import { type RunningWorker, startWorkerd } from "../../www/worker/workerd-process.ts";
import type { Project } from "./installed.js";

/** Bundles a source file. Returns a function that starts the worker with these bindings, and `TOKENS`. */
export async function workerOf(
  project: Project,
  source: string,
): Promise<(bindings: Record<string, string>, compatibilityDate?: string) => Promise<RunningWorker>> {
  const entry = join(project.folder, basename(source));
  const out = join(project.folder, "out");
  cpSync(source, entry);
  const { metafile } = await build({
    entryPoints: { worker: entry },
    outdir: out,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    // Of `sysparm/durable-object`. `sysparm` itself builds without.
    external: ["cloudflare:workers"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    metafile: true,
    logLevel: "warning",
  });
  const modules = Object.keys(metafile.outputs)
    .map((path) => basename(path))
    // The entry comes first.
    .sort((one, other) => Number(other === "worker.js") - Number(one === "worker.js"))
    .map((name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}")`);
  let starts = 0;
  return (bindings, compatibilityDate = COMPATIBILITY_DATE) => {
    starts += 1;
    // Two that start at the same time must not read each other's bindings.
    const path = join(out, `${compatibilityDate}-${starts}.capnp`);
    const texts = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`);
    const all = [...texts, `(name = "TOKENS", durableObjectNamespace = "SharedTokens")`];
    writeFileSync(
      path,
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "${compatibilityDate}",
  bindings = [${all.join(", ")}],
  durableObjectNamespaces = [(className = "SharedTokens", uniqueKey = "shared-tokens")],
  durableObjectStorage = (inMemory = void),
);
`,
    );
    return startWorkerd(path, {});
  };
}
