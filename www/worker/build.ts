/**
 * Builds the worker: one JavaScript module, and the package's WebAssembly as a separate module, because workerd compiles no
 * WebAssembly at run time.
 *
 *   node --import tsx www/worker/build.ts        writes www/worker/dist
 */

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The module that exports the handler and the Durable Object. */
export const ENTRY_MODULE = "worker.js";

/** Builds into a folder. Returns the names of the modules, the entry first. */
export async function buildWorker(outdir: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: { worker: fileURLToPath(new URL("src/worker.ts", import.meta.url)) },
    outdir,
    bundle: true,
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
    metafile: true,
    logLevel: "warning",
  });
  const modules = Object.keys(metafile.outputs).map((path) => basename(path));
  return modules.sort((one, other) => Number(other === ENTRY_MODULE) - Number(one === ENTRY_MODULE));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = fileURLToPath(new URL("dist", import.meta.url));
  console.log(`built ${(await buildWorker(outdir)).join(", ")} in ${outdir}`);
}
