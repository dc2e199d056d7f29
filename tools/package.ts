/**
 * Builds the npm package that wasm-pack.toml describes: WebAssembly with wasm-pack, entries with esbuild. Checks the list of files and
 * the recorded sizes. Writes www/glue/dist (for the workspaces of this repository) and the complete package to pkg/.
 *
 * DRAFT=1 builds without optimisation and without checking sizes, for development. DRAFT=query,sync builds only those modules and keeps
 * the last build of the others; DRAFT=1 keeps a build of what is `rarely-drafted`. ONLY=query,sync builds those as they ship, keeps the last build of the others and checks their sizes alone.
 * WITHOUT=testing leaves out that module, and writes no pkg/: what an application of this repository needs that does not import it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { parse } from "smol-toml";
import { embedded } from "./embedded.ts";
import { ignoreWorkerModules, writeEdgeEntries, writeNamedEntries } from "./entry-files.ts";
import { factoryOf } from "./glue-factory.ts";
import { NOTICES, notices } from "./notices.ts";
import { buildWasm, wasmOf } from "./wasm-build.ts";

interface Module {
  crate: string;
  "opt-level": string;
  /** Bytes after brotli when this was last recorded. */
  size: number;
  /** Bytes that the module never exceeds, where there is such a limit. */
  ceiling?: number;
  /** None where the entries of another module hold its glue. */
  entries?: Record<string, string>;
  lazy?: Record<string, string>;
  /** Files that every entry imports and none contains. */
  shared?: Record<string, string>;
  /** DRAFT=1 keeps its last build. */
  "rarely-drafted"?: boolean;
}

interface Manifest {
  modules: Record<string, Module>;
  package: { files: string[] };
}

/** Growth of a module that needs no reason. */
const MOST_GROWTH = 1.02;

const manifest = parse(readFileSync("wasm-pack.toml", "utf8")) as unknown as Manifest;
const glue = "www/glue";
const dist = join(glue, "dist");

const draft = process.env.DRAFT ?? "";
const without = (process.env.WITHOUT ?? "").split(",").filter((name) => name !== "");
for (const name of without) {
  if (!(name in manifest.modules)) throw unknownModule(name);
  delete manifest.modules[name];
}
const only = process.env.ONLY ?? (draft === "1" ? "" : draft);
const named = only.split(",").filter((name) => name in manifest.modules);
if (named.join() !== only) throw unknownModule(only);
const isKept = ([name, module]: [string, Module]) =>
  draft === "1" && module["rarely-drafted"] === true && existsSync(wasmOf(name, module.crate));
const selected = Object.entries(manifest.modules).filter((module) =>
  only === "" ? !isKept(module) : named.includes(module[0]),
);

for (const [name, { crate, "opt-level": level }] of selected) buildWasm({ name, crate, level, draft: draft !== "" });
const inputs = await buildEntries();
if (without.length === 0) assemble(inputs);
if (!draft && without.length === 0) for (const [name, module] of selected) weigh(name, module);

function unknownModule(name: string): Error {
  return new Error(`Unknown module \`${name}\`. Modules: ${Object.keys(manifest.modules).join(", ")}.`);
}

/** Builds the entries and returns the files that went into them. */
async function buildEntries(): Promise<string[]> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const modules = Object.entries(manifest.modules);
  for (const [name, module] of modules) {
    const wasm = readFileSync(wasmOf(name, module.crate));
    writeFileSync(join(dist, `${name}.wasm`), wasm);
    writeFileSync(join(dist, `${name}-embedded.js`), embedded(wasm));
  }
  const base: BuildOptions = {
    outdir: dist,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: ["node:*", "cloudflare:*", "*.wasm", "*-embedded.js", "sysparm", "@opentelemetry/api"],
    // The fallback address in wasm-bindgen's glue is never used, because every entry passes the WebAssembly. Bundlers of applications
    // would look for a second file there.
    plugins: [
      lazyFiles(),
      {
        name: "no-second-address",
        setup(context) {
          context.onLoad({ filter: /wasm\/dist\/\w+\.js$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            const name = basename(path, ".js");
            const address = `new URL('${name}_bg.wasm', import.meta.url)`;
            if (!text.includes(address)) throw new Error(`wasm-bindgen's output no longer contains ${address}`);
            return { contents: factoryOf(text.replace(address, "undefined")), loader: "js" };
          });
        },
      },
    ],
    logLevel: "warning",
  };
  const bundle = async (files: [name: string, source: string][], style: BuildOptions) => {
    const { metafile } = await build({ ...base, ...style, entryPoints: Object.fromEntries(files), metafile: true });
    return Object.keys(metafile.inputs);
  };
  const files = (part: "entries" | "lazy" | "shared") =>
    modules.flatMap(([, module]) => Object.entries(module[part] ?? {}));
  const [ofNode, sent] = [true, false].map((is) => files("entries").filter(([name]) => isOfNode(name) === is));
  const inputs = [
    bundle([...(sent ?? []), ...files("shared")], { minify: true }),
    // Node reads its entries from the disk and prints the line of an uncaught error, so they are readable.
    bundle(ofNode ?? [], { sourcemap: true }),
    // Node loads these files, too. Without a limit each would be one line.
    bundle(files("lazy"), { minify: true, lineLimit: 400 }),
  ];
  const read = (await Promise.all(inputs)).flat();
  writeEdgeEntries(dist);
  ignoreWorkerModules(dist);
  return read;
}

/** Whether an entry is that of Node. */
function isOfNode(name: string): boolean {
  return /^(\w+-)?node$/.test(name);
}

/** Keeps an `import()` of a file that has an output of its own an import of that output, and every import of a shared file. */
function lazyFiles(): Plugin {
  const outputs = new Map<string, string>();
  const common = new Map<string, string>();
  for (const { entries = {}, lazy = {}, shared = {} } of Object.values(manifest.modules)) {
    for (const [name, source] of Object.entries({ ...entries, ...lazy })) outputs.set(resolve(source), `./${name}.js`);
    for (const [name, source] of Object.entries(shared)) common.set(resolve(source), `./${name}.js`);
  }
  return {
    name: "lazy-files",
    setup(context) {
      context.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
        const source = resolve(resolveDir, path.replace(/\.js$/, ".ts"));
        const everywhere = common.get(source);
        if (everywhere !== undefined && kind === "import-statement") return { path: everywhere, external: true };
        if (kind !== "dynamic-import") return undefined;
        if (path.endsWith("-embedded.js")) return { path, external: true };
        const output = outputs.get(source);
        if (output === undefined)
          throw new Error(`${path} is imported lazily, but wasm-pack.toml names no file for it`);
        return { path: output, external: true };
      });
    },
  };
}

function assemble(inputs: string[]): void {
  rmSync("pkg", { recursive: true, force: true });
  mkdirSync("pkg");
  cpSync(dist, "pkg/dist", { recursive: true });
  for (const types of manifest.package.files.filter((file) => /(\.d\.ts|\.schema\.json)$/.test(file)))
    cpSync(join(glue, types), join("pkg", types));
  cpSync("LICENSE", "pkg/LICENSE");
  for (const text of ["README.md", "docs"]) cpSync(join(glue, text), join("pkg", text), { recursive: true });
  const crates = Object.values(manifest.modules).map(({ crate }) => crate);
  writeFileSync(join("pkg", NOTICES), notices(crates, inputs));
  const { devDependencies: _, ...shipped } = JSON.parse(readFileSync(join(glue, "package.json"), "utf8"));
  writeNamedEntries("pkg", shipped.exports);
  writeFileSync("pkg/package.json", `${JSON.stringify({ ...shipped, ...repository() }, null, 2)}\n`);
  const files = readdirSync("pkg", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice("pkg/".length))
    .sort();
  if (files.join() !== manifest.package.files.join()) {
    throw new Error(`the package holds ${files.join(", ")}; wasm-pack.toml lists ${manifest.package.files.join(", ")}`);
  }
}

/**
 * The field `repository`. npm accepts a provenance statement only from the repository that package.json names, so the address is taken
 * from the clone's origin. A clone of a local folder has no public address: the field is left out.
 */
function repository(): { repository?: { type: "git"; url: string; directory: string } } {
  const { stdout } = spawnSync("git", ["remote", "get-url", "origin"], { encoding: "utf8" });
  const [, host, path] = /^(?:https:\/\/|ssh:\/\/git@|git@)([\w.-]+)[/:](.+?)(?:\.git)?\s*$/.exec(stdout ?? "") ?? [];
  return host && path ? { repository: { type: "git", url: `git+https://${host}/${path}.git`, directory: glue } } : {};
}

function weigh(name: string, { entries = {}, lazy = {}, size, ceiling }: Module): void {
  const compressed = (file: string) =>
    brotliCompressSync(readFileSync(join("pkg/dist", file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
      .length;
  const wasm = compressed(`${name}.wasm`);
  const shared = Object.values(manifest.modules).flatMap((module) => Object.keys(module.shared ?? {}));
  const common = shared.reduce((bytes, name) => bytes + compressed(`${name}.js`), 0);
  const sent = Object.keys(entries).filter((name) => !isOfNode(name));
  const largest = Math.max(...sent.map((name) => compressed(`${name}.js`)));
  const entry = sent.length > 0 ? largest + common : 0;
  const sum = wasm + entry;
  const growth = ((sum / size - 1) * 100).toFixed(1);
  console.log(
    `pkg/ ${name}: WebAssembly ${wasm} + entry with shared files ${entry} = ${sum} bytes after brotli, recorded ${size} (${growth} %)`,
  );
  for (const file of Object.keys(lazy)) console.log(`pkg/ ${name}: ${file} ${compressed(`${file}.js`)} bytes`);
  if (ceiling !== undefined && sum > ceiling) throw new Error(`${name} takes ${sum} bytes; its ceiling is ${ceiling}`);
  if (sum > size * MOST_GROWTH)
    throw new Error(
      `${name} grew by ${growth} %, more than 2 %. Make it smaller, or record size = ${sum} in wasm-pack.toml in a commit that says why.`,
    );
}
