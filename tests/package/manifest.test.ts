/** What the package shows of itself: its files, its types, its map of entries. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { publint } from "publint";
import { installInto, type Project } from "./installed.js";

let project: Project;
before(() => {
  project = installInto("manifest");
});
after(() => project?.remove());

test("publint finds nothing, strictly", async () => {
  const { messages } = await publint({ pkgDir: resolve("pkg"), strict: true });
  // The field `browser` is for resolvers that do not know `exports`, such as Parcel's.
  const others = messages.filter(({ code }) => code !== "USE_EXPORTS_OR_IMPORTS_BROWSER");
  assert.deepEqual(others, []);
});

test("documentation tells the bytes that the package has", () => {
  const compressed = (file: string) =>
    brotliCompressSync(readFileSync(join("pkg/dist", file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
      .length;
  const read = (page: string) => readFileSync(`pkg/docs/${page}.md`, "utf8");
  const [, loaded = ""] = read("browsers").split("## What is loaded when");
  // Some tolerance: builds of different machines differ by some bytes, and a rounded figure would change with each of them.
  const stated = (sentence: RegExp, files: string[], text = loaded) => {
    const kilobytes = Number(sentence.exec(text)?.[1]);
    const bytes = files.reduce((sum, file) => sum + compressed(file), 0);
    const tolerance = kilobytes < 10 ? 600 : Math.max(1000, 10 * kilobytes);
    assert.ok(
      Math.abs(bytes - 1000 * kilobytes) < tolerance,
      `the documentation says ${kilobytes} KB (${sentence}), the files have ${bytes} bytes`,
    );
  };
  const entry = (name: string) => [`${name}.wasm`, `${name}-browser.js`, "errors.js"];
  stated(/(\d+) KB after brotli/, ["sysparm.wasm", "browser.js", "errors.js"]);
  stated(/reading of pages (\d+) KB/, ["pages.wasm"]);
  stated(/with a query (\d+) KB/, ["conditions.js"]);
  stated(/explains it \((\d+) KB/, entry("classify"));
  stated(/words of its causes \((\d+) KB/, ["explanations.js"]);
  stated(/looked up (\d+) KB/, ["safe-writes.js"]);
  stated(/another API (\d+) KB/, ["other-apis.js"]);
  stated(/lookups (\d+) KB/, ["safe-calls.js"]);
  stated(/`params` (\d+) KB/, ["additions.js"]);
  stated(/`onResponse` (\d+) KB/, ["hooks.js"]);
  stated(/"check"` (\d+) KB/, ["name-check.js"]);
  stated(/in a Worker (\d+) KB/, ["worker-requests.js"]);
  stated(/signed assertion (\d+) KB/, ["web-crypto.js"]);
  stated(/of its own, (\d+) KB/, entry("query"));
  stated(/`sysparm\/sync` \((\d+) KB/, entry("sync"));
  stated(/`sysparm\/doctor` \((\d+) KB/, entry("doctor"));
  stated(/`sysparm\/model` \((\d+) KB/, entry("model"));
  stated(/(\d+) KB more by the first `suggest\(\)`/, ["mapping.js"]);
  for (const name of ["schema", "values", "openapi", "stores", "codegen", "environments", "node-http", "otel"])
    stated(new RegExp(`\`sysparm/${name}\` \\((\\d+) KB`), [`${name}.js`]);
  stated(/(\d+) KB of its own/, entry("doctor"), read("doctor"));
});

test("error classes are in one file that every entry imports", () => {
  const files = readdirSync("pkg/dist").filter((name) => name.endsWith(".js"));
  const text = (name: string) => readFileSync(join("pkg/dist", name), "utf8");
  const defining = files.filter((name) => /static name ?= ?"SysparmError"/.test(text(name)));
  assert.deepEqual(defining, ["errors.js"]);
  const importing = files.filter((name) => /from ?"\.\/errors\.js"/.test(text(name)));
  const modules = ["classify-", "doctor-", "model-", "query-", "sync-", "testing-", ""];
  const entries = modules.flatMap((module) =>
    ["browser", "edge-light", "node", "workerd"].map((platform) => `${module}${platform}.js`),
  );
  assert.deepEqual(
    importing,
    [
      ...entries,
      "environments.js",
      "codegen.js",
      "openapi.js",
      "otel.js",
      "schema.js",
      "stores.js",
      "token-renewal.js",
      "values.js",
    ].sort(),
  );
});

test("third-party notices match the shipped dependencies", () => {
  const generated = readFileSync("pkg/THIRD-PARTY-NOTICES.md", "utf8");
  const reviewed = "www/glue/THIRD-PARTY-NOTICES.md";
  if (process.env.SYSPARM_WRITE) writeFileSync(reviewed, generated);
  for (const name of ["Rust standard library", "wasm-bindgen", "serde_json", "idb"])
    assert.match(generated, new RegExp(`^## ${name}( [\\d.]+)?$`, "m"));
  assert.equal(
    readFileSync(reviewed, "utf8"),
    generated,
    "Dependencies changed. Review their licences, then write the file: SYSPARM_WRITE=1 node --import tsx --test tests/package/manifest.test.ts",
  );
});

test("package.json asks for provenance and names its origin", () => {
  const manifest = JSON.parse(readFileSync("pkg/package.json", "utf8"));
  assert.deepEqual(manifest.publishConfig, { access: "public", provenance: true });
  const { stdout } = spawnSync("git", ["remote", "get-url", "origin"], { encoding: "utf8" });
  const isPublic = /^(https:|ssh:|git@)/.test(stdout);
  assert.equal(manifest.repository !== undefined, isPublic, `origin is ${stdout.trim() || "not set"}`);
  if (isPublic) assert.match(manifest.repository.url, /^git\+https:\/\/[\w.-]+\/.+\.git$/);
});

test("package files name no folders of the build machine", () => {
  const folders = [process.cwd(), homedir(), process.env.CARGO_HOME ?? join(homedir(), ".cargo")];
  const files = readdirSync("pkg", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length >= 8);
  for (const file of files) {
    const text = readFileSync(join(file.parentPath, file.name)).toString("latin1");
    for (const folder of folders) assert.ok(!text.includes(folder), `${file.name} names ${folder}`);
  }
});
