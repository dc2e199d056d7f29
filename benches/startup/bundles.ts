/** Bundles the programs: pages with Vite, workers and Node programs with esbuild. All are minified with the same options. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { build as viteBuild } from "vite";
import { INSTALLED, installedPeers } from "../peers/installed.ts";

/** Files of a worker by name: text of a JavaScript module, or bytes of WebAssembly. */
export type WorkerModules = Record<string, string | Buffer>;

export interface Project {
  /** Holds `NAME.js` for each program, and the packages as installed. */
  folder: string;
  /** The programs that can be measured; without the package registry the stack is missing. */
  programs: string[];
}

const PROGRAMS = fileURLToPath(new URL("programs", import.meta.url));

/** Lays out a folder as npm would: the programs, the built package, and the peers. */
export function layOut(folder: string, packed = resolve("pkg")): Project {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writePrograms(folder);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ private: true, type: "module", imports: wasmOf(folder) }),
  );
  // A copy: a bundler would resolve a link to a folder without the peers.
  cpSync(packed, join(folder, "node_modules/sysparm"), { recursive: true });
  if (!installedPeers()) return { folder, programs: ["sysparm", "bare"] };
  for (const name of readdirSync(INSTALLED))
    if (!name.startsWith(".")) symlinkSync(join(INSTALLED, name), join(folder, "node_modules", name));
  return { folder, programs: ["sysparm", "stack", "bare"] };
}

/** A module that holds nothing: the first eight bytes of every WebAssembly file. */
const EMPTY_MODULE = Buffer.from("0061736d01000000", "hex");

/** The WebAssembly of the bounds as `#NAME.wasm`: compiled in workerd, bytes in Node, an address in a page. */
function wasmOf(folder: string): Record<string, Record<string, string>> {
  writeFileSync(join(folder, "empty.wasm"), EMPTY_MODULE);
  const entry = (name: string, file: string, workerd: string) => {
    const address = `new URL("${file}", import.meta.url)`;
    const [node, page] = [`./${name}-in-node.js`, `./${name}-in-page.js`];
    writeFileSync(
      join(folder, node),
      `import { readFileSync } from "node:fs"; export default readFileSync(${address});`,
    );
    writeFileSync(join(folder, page), `export default ${address};`);
    return [`#${name}.wasm`, { workerd, node, default: page }];
  };
  const shipped = (name: string) => entry(name, `./node_modules/sysparm/dist/${name}.wasm`, `sysparm/${name}.wasm`);
  return Object.fromEntries([entry("empty", "./empty.wasm", "./empty.wasm"), shipped("sysparm"), shipped("pages")]);
}

export function writePrograms(folder: string): void {
  cpSync(PROGRAMS, folder, { recursive: true });
}

/** The files that the first rows need. */
export const PRELOADED = ["sysparm.wasm", "pages.wasm"];

/** The lines of the package's README. Vite replaces each address with that of the built file. */
const PRELOAD = PRELOADED.map(
  (file) =>
    `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="./node_modules/sysparm/dist/${file}" />`,
).join("");

/**
 * Builds a page that reads its first rows. `name` is the folder below `outDir`. The page sets `window.finished` to a promise of the
 * milliseconds from its navigation to the rows.
 */
export async function buildPage(
  { folder }: Project,
  program: string,
  name: string,
  outDir: string,
  preload = false,
): Promise<void> {
  const main = `main-${name}.js`;
  writeFileSync(
    join(folder, main),
    `import { firstRows } from "./${program}.js";
     const finished = firstRows(location.origin).then((rows) => ({ rows, ms: performance.now() }));
     window.finished = finished;`,
  );
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><html><head><meta charset="utf-8" /><link rel="icon" href="data:," />${preload ? PRELOAD : ""}<script type="module" src="./${main}"></script></head></html>`,
  );
  await viteBuild({
    root: folder,
    base: `/${name}/`,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: resolve(outDir, name),
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: "main.js", assetFileNames: "[name][extname]" } },
    },
  });
}

/** `split`: files that are loaded lazily stay files of their own. Without it the worker is one file, as wrangler writes it. */
export async function buildWorker({ folder }: Project, program: string, split: boolean): Promise<WorkerModules> {
  const outdir = join(folder, `worker-${program}-${split ? "split" : "whole"}`);
  await bundle({
    entryPoints: { program: join(folder, `${program}.js`) },
    outdir,
    bundle: true,
    splitting: split,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    chunkNames: "[name]-[hash]",
    logLevel: "warning",
  });
  const files = readdirSync(outdir).map((name): [string, string | Buffer] => {
    const contents = readFileSync(join(outdir, name));
    return [name, name.endsWith(".wasm") ? contents : contents.toString("utf8")];
  });
  return Object.fromEntries(files);
}

/** One file for Node, with the package's WebAssembly next to it. */
export async function buildForNode({ folder }: Project, program: string): Promise<string> {
  const outdir = join(folder, `node-${program}`);
  await bundle({
    entryPoints: [join(folder, `${program}.js`)],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    logLevel: "warning",
  });
  if (program === "sysparm")
    for (const name of ["sysparm", "pages"])
      cpSync(join(folder, `node_modules/sysparm/dist/${name}.wasm`), join(outdir, `${name}.wasm`));
  return join(outdir, `${program}.js`);
}
