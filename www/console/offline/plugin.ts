/** Writes the service worker of a build: its code, with the list of the built files and a version in front. */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";

/** Parts of SQLite's package that its entry names and the console never starts. */
const UNUSED = /sqlite3-(worker1|opfs-async-proxy)-[^/]*\.js$/;

/** WebAssembly as text, for hosts that do not deliver .wasm files. Offline, the .wasm files are at hand. */
const SUBSTITUTE = /-embedded-[^/]*\.js$/;

/** Next to index.html, because a service worker controls the folder that it is served from. */
const SERVICE_WORKER = "service-worker.js";

/** For builds only: the development server would be hidden behind the files of an earlier build. */
export const serviceWorker: Plugin = {
  name: "sysparm-service-worker",
  apply: "build",
  // After all files are written, those copied from public/ included.
  async writeBundle({ dir }) {
    if (!dir) throw new Error("the build has no output folder");
    const files = await filesIn(dir);
    const code = await readFile(join(import.meta.dirname, SERVICE_WORKER), "utf8");
    const version = createHash("sha256").update(code);
    for (const file of files) version.update(file).update(await readFile(join(dir, file)));
    const head = [
      `const VERSION = ${JSON.stringify(version.digest("hex").slice(0, 16))};`,
      `const FILES = ${JSON.stringify(files.map(addressOf))};`,
    ];
    await writeFile(join(dir, SERVICE_WORKER), `${head.join("\n")}\n${code}`);
  },
};

/** Paths with slashes, sorted, so that the same build has the same version on every machine. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => isKept(entry));
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/")).sort();
}

function isKept(entry: Dirent): boolean {
  return entry.isFile() && entry.name !== SERVICE_WORKER && !SUBSTITUTE.test(entry.name) && !UNUSED.test(entry.name);
}

/** The start page is kept under the folder's address: many hosts redirect index.html there, and a redirected reply cannot answer a navigation. */
function addressOf(file: string): string {
  return file === "index.html" ? "./" : `./${file}`;
}
