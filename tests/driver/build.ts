/** Builds the page with the Rust driver and the cases: a folder that any server can serve. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");

/** Entries of the package that cases use and the Rust driver does not stand for. */
const OTHERS = ["query", "doctor", "model", "testing"];
const PLAIN = ["schema", "stores", "values"];

export async function buildPage(): Promise<string> {
  const folder = resolve(ROOT, "target/driver-cases");
  const cargo = ["build", "--locked", "--quiet", "--target", "wasm32-unknown-unknown", "-p", "sysparm-driver-cases"];
  execFileSync("cargo", cargo, { cwd: ROOT, stdio: "inherit" });
  const wasm = resolve(TARGET, "wasm32-unknown-unknown/debug/sysparm_driver_cases.wasm");
  execFileSync("wasm-bindgen", ["--target", "web", "--out-dir", folder, wasm], { cwd: ROOT, stdio: "inherit" });
  cpSync(resolve(ROOT, "pkg/dist"), resolve(folder, "package"), { recursive: true });
  await build({
    entryPoints: [resolve(import.meta.dirname, "page.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    outfile: resolve(folder, "page.js"),
    external: ["sysparm/*"],
    plugins: [
      {
        name: "the Rust driver stands for the package",
        setup({ onResolve }) {
          const own = (file: string) => ({ path: resolve(import.meta.dirname, file) });
          onResolve({ filter: /^sysparm$/ }, () => own("connect.ts"));
          onResolve({ filter: /^sysparm\/sync$/ }, () => own("sync.ts"));
          onResolve({ filter: /^driver-cases$/ }, () => ({
            path: "./sysparm_driver_cases.js",
            external: true,
          }));
          // What the package's own checks throw belongs to the same classes.
          onResolve({ filter: /^\.\/errors\.js$/ }, ({ importer }) =>
            importer.includes("/glue/src/client/") ? own("errors.ts") : undefined,
          );
        },
      },
    ],
  });
  const imports: Record<string, string> = {};
  for (const name of OTHERS) imports[`sysparm/${name}`] = `./package/${name}-browser.js`;
  for (const name of PLAIN) imports[`sysparm/${name}`] = `./package/${name}.js`;
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, "index.html"), `<!doctype html>${map}<script type="module" src="./page.js"></script>`);
  return folder;
}
