/**
 * Builds the worker: an entry with what every request needs, a module for each part that is loaded with `import()`, and the package's
 * WebAssembly as separate modules, because workerd compiles no WebAssembly at run time.
 *
 *   node --import tsx www/worker/build.ts        writes www/worker/dist
 */

import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type Plugin } from "esbuild";

/** The module that exports the handler and the Durable Objects. */
export const ENTRY_MODULE = "worker.js";

/**
 * Lazily loaded files of the package that no request of this worker needs: it passes requests through as they are. They would only be uploaded.
 */
const LEFT_OUT = ["additions", "catalog", "conditions", "hooks", "name-check", "other-apis", "safe-writes"];

/** A WebAssembly module without content. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const leaveOut: Plugin = {
  name: "leave-out",
  setup(context) {
    const left = new Set<string>();
    const files = new RegExp(`/dist/(${LEFT_OUT.join("|")})\\.js$`);
    context.onLoad({ filter: files }, ({ path }) => {
      const name = basename(path, ".js");
      left.add(name);
      return { contents: `throw new Error("${name} is not part of this worker: LEFT_OUT in www/worker/build.ts");` };
    });
    // The client imports it in any case; only reading a table uses it.
    context.onLoad({ filter: /\/dist\/pages\.wasm$/ }, () => ({ contents: EMPTY_WASM, loader: "copy" }));
    context.onEnd(() => {
      // A program that does not import the client has none of them.
      const missing = left.size === 0 ? [] : LEFT_OUT.filter((name) => !left.has(name));
      return { errors: missing.map((name) => ({ text: `the package has no lazily loaded file ${name}.js` })) };
    });
  },
};

const ENTRY = fileURLToPath(new URL("src/worker.ts", import.meta.url));

/** Builds into a folder. Returns the names of the modules, the entry first. */
export async function buildWorker(outdir: string, entry = ENTRY): Promise<string[]> {
  const { outputs } = await bundleWorker(outdir, entry);
  const modules = Object.keys(outputs).map((path) => basename(path));
  return modules.sort((one, other) => Number(other === ENTRY_MODULE) - Number(one === ENTRY_MODULE));
}

/** Builds into a folder. Returns which file is in which module. */
export async function bundleWorker(outdir: string, entry = ENTRY): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { worker: entry },
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    // The same order as wrangler's, so that the same files are chosen.
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    minify: true,
    plugins: [leaveOut],
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = fileURLToPath(new URL("dist", import.meta.url));
  // wrangler uploads every module of the folder, also those of an earlier build.
  await rm(outdir, { recursive: true, force: true });
  console.log(`built ${(await buildWorker(outdir)).join(", ")} in ${outdir}`);
}
