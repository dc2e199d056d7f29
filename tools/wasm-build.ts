/** Builds one WebAssembly module with wasm-pack, unless what it would be made from is what its last build was made from. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface WasmBuild {
  name: string;
  /** Folder of the crate. */
  crate: string;
  /** Cargo's `opt-level`. */
  level: string;
  /** Without optimisation, for development. */
  draft: boolean;
}

export function wasmOf(name: string, crate: string): string {
  return join(crate, `dist/${name}_bg.wasm`);
}

/**
 * cargo decides whether sources changed. What wasm-bindgen and wasm-opt make of an unchanged file takes 50 s of processor time for
 * all modules, so it is kept as long as the file and the versions of the tools stay the same.
 */
export function buildWasm(build: WasmBuild): void {
  const { name, crate } = build;
  console.log(`package: compiling ${name}`);
  const source = fingerprint(build, readFileSync(compiled(build)));
  const record = join(crate, "dist/.source");
  if (existsSync(record) && existsSync(wasmOf(name, crate)) && readFileSync(record, "utf8") === source) return;
  const options = ["--target", "web", "--mode", "no-install", "--no-pack", "--out-dir", "dist", "--out-name", name];
  const profile = build.draft ? "--dev" : "--release";
  // It would vouch for what an interrupted build leaves.
  rmSync(record, { force: true });
  execFileSync("wasm-pack", ["--quiet", "build", crate, profile, ...options, "--", "--locked"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...environment(build), WASM_PACK_LOG: "error" },
  });
  writeFileSync(record, source);
}

/** Compiles as wasm-pack does, so that it finds the work done. Returns the path of the file. */
function compiled(build: WasmBuild): string {
  const profile = build.draft ? [] : ["--release"];
  const options = ["--lib", "--quiet", "--locked", "--target", "wasm32-unknown-unknown", "--message-format=json"];
  const messages = execFileSync("cargo", ["build", ...options, ...profile], {
    cwd: build.crate,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
    env: environment(build),
  });
  const files = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => (JSON.parse(line) as { filenames?: string[] }).filenames ?? [])
    .filter((file) => file.endsWith(".wasm"));
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new Error(`cargo built ${files.length} WebAssembly files in ${build.crate}; one is expected`);
  return file;
}

function environment({ level }: WasmBuild): NodeJS.ProcessEnv {
  // Panic messages hold paths of source files. Without this they would show the folders of the building machine.
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const remap = [`${join(cargo, "registry/src")}=crates`, `${process.cwd()}=.`].map(
    (pair) => `--remap-path-prefix=${pair}`,
  );
  return {
    ...process.env,
    CARGO_PROFILE_RELEASE_OPT_LEVEL: level,
    CARGO_PROFILE_DEV_DEBUG: "none",
    CARGO_ENCODED_RUSTFLAGS: remap.join("\u001f"),
  };
}

function fingerprint({ crate, draft }: WasmBuild, wasm: Buffer): string {
  const hash = createHash("sha256").update(wasm);
  // Cargo.lock has the version of wasm-bindgen, the crate's manifest the options of wasm-opt.
  for (const file of ["Cargo.lock", join(crate, "Cargo.toml"), "node_modules/binaryen/package.json"])
    hash.update(readFileSync(file));
  const version = execFileSync("wasm-pack", ["--version"], { encoding: "utf8" });
  return hash.update(`${version} ${draft}`).digest("hex");
}
