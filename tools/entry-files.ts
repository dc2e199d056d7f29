/** Writes the package's files that are copies or names of others: entries for edge runtimes, and for resolvers that know no `exports`. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `*-edge-light.js` of `*-workerd.js`. Vercel's Edge Runtime compiles no bytes either, and imports compiled WebAssembly by another name
 * (https://vercel.com/docs/functions/runtimes/wasm).
 */
export function writeEdgeEntries(dist: string): void {
  for (const file of readdirSync(dist).filter((name) => name.endsWith("workerd.js"))) {
    const text = readFileSync(join(dist, file), "utf8");
    const changed = text
      .replace(/"\.\/(\w+)\.wasm"/g, '"./$1.wasm?module"')
      .replaceAll("-workerd.js", "-edge-light.js");
    if (changed === text) throw new Error(`${file} imports no WebAssembly`);
    writeFileSync(join(dist, file.replace("workerd", "edge-light")), changed);
  }
}

/**
 * Leaves the import of a module that only workerd has to the runtime: webpack knows no other scheme than `data:` and `file:` and fails at
 * it, and esbuild drops the comment when it minifies (https://webpack.js.org/api/module-methods/#webpackignore).
 */
export function ignoreWorkerModules(dist: string): void {
  const IMPORT = 'import("cloudflare:workers")';
  for (const file of readdirSync(dist).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join(dist, file), "utf8");
    if (!text.includes(IMPORT)) continue;
    writeFileSync(join(dist, file), text.replaceAll(IMPORT, 'import(/* webpackIgnore: true */ "cloudflare:workers")'));
  }
}

type Conditions = { node?: string; default: string };

/** `query.js` for `sysparm/query` and so on. The field `browser` of package.json exchanges Node's files in pages. */
export function writeNamedEntries(folder: string, exports: Record<string, Conditions | string>): void {
  for (const [name, conditions] of Object.entries(exports)) {
    if (typeof conditions === "string" || name === "." || name.endsWith(".wasm")) continue;
    const file = conditions.node ?? conditions.default;
    writeFileSync(join(folder, `${name}.js`), `export * from "${file}";\n`);
  }
}
