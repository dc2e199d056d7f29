/**
 * Builds the npm package as wasm-pack.toml describes: WebAssembly through wasm-pack, entries through esbuild, and checks
 * its files and its bytes. Leaves it in www/glue/dist (for the workspaces here) and, complete, in pkg/.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { parse } from "smol-toml";

interface Manifest {
  wasm: { crate: string; target: string; profile: string };
  entries: Record<string, string>;
  budget: { brotli: number };
  package: { files: string[] };
}

const manifest = parse(readFileSync("wasm-pack.toml", "utf8")) as unknown as Manifest;
const glue = "www/glue";
const dist = join(glue, "dist");

buildWasm();
await buildEntries();
assemble();
weigh();

function buildWasm(): void {
  const { crate, target, profile } = manifest.wasm;
  // Panic messages name source files: without this they would name the folders of whoever built the package.
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const remap = [`${join(cargo, "registry/src")}=crates`, `${process.cwd()}=.`].map(
    (pair) => `--remap-path-prefix=${pair}`,
  );
  execFileSync(
    "wasm-pack",
    [
      "build",
      crate,
      "--target",
      target,
      `--${profile}`,
      "--mode",
      "no-install",
      "--no-pack",
      "--out-dir",
      "dist",
      "--out-name",
      "sysparm",
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: remap.join("\u001f"), WASM_PACK_LOG: "error" },
    },
  );
}

async function buildEntries(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  cpSync(join(manifest.wasm.crate, "dist/sysparm_bg.wasm"), join(dist, "sysparm.wasm"));
  await build({
    entryPoints: manifest.entries,
    outdir: dist,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    minify: true,
    external: ["node:*", "*.wasm"],
    // The glue's own fallback address is never used: an entry always says where the WebAssembly is. Left in, bundlers
    // would look for a second file.
    plugins: [
      {
        name: "no-second-address",
        setup(context) {
          context.onLoad({ filter: /wasm\/dist\/sysparm\.js$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            const address = "new URL('sysparm_bg.wasm', import.meta.url)";
            if (!text.includes(address)) throw new Error(`wasm-bindgen's glue no longer holds ${address}`);
            return { contents: text.replace(address, "undefined"), loader: "js" };
          });
        },
      },
    ],
    logLevel: "warning",
  });
}

function assemble(): void {
  rmSync("pkg", { recursive: true, force: true });
  mkdirSync("pkg");
  cpSync(dist, "pkg/dist", { recursive: true });
  cpSync(join(glue, "index.d.ts"), "pkg/index.d.ts");
  cpSync("LICENSE", "pkg/LICENSE");
  cpSync(join(glue, "README.md"), "pkg/README.md");
  const { devDependencies: _, ...shipped } = JSON.parse(readFileSync(join(glue, "package.json"), "utf8"));
  writeFileSync("pkg/package.json", `${JSON.stringify(shipped, null, 2)}\n`);
  const files = readdirSync("pkg", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice("pkg/".length))
    .sort();
  if (files.join() !== manifest.package.files.join()) {
    throw new Error(`the package holds ${files.join(", ")}; wasm-pack.toml lists ${manifest.package.files.join(", ")}`);
  }
}

function weigh(): void {
  const compressed = (file: string) =>
    brotliCompressSync(readFileSync(join("pkg/dist", file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
      .length;
  const wasm = compressed("sysparm.wasm");
  const entry = Math.max(...Object.keys(manifest.entries).map((name) => compressed(`${name}.js`)));
  const sum = wasm + entry;
  console.log(
    `pkg/: WebAssembly ${wasm} + entry ${entry} = ${sum} bytes after brotli, of at most ${manifest.budget.brotli}`,
  );
  if (sum > manifest.budget.brotli) throw new Error("the package is larger than wasm-pack.toml allows");
}
