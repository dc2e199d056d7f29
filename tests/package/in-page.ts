/** The cases in a page of any browser, from the installed tarball without a bundler. */
import { writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bundleCases } from "./in-node.js";
import type { Project } from "./installed.js";
import type { Part } from "./run-cases.js";

/** Writes `plain.html` with an import map, `index.html` for a bundler, and `empty.html`, which loads nothing. */
export async function writePages(project: Project): Promise<void> {
  await bundleCases(project);
  const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);
  write(
    "main.js",
    `import { run } from "./run-cases.js";
     const given = new URLSearchParams(location.search);
     window.report = run(given.get("url"), given.get("part"));`,
  );
  const entries = {
    sysparm: "./node_modules/sysparm/dist/browser.js",
    "sysparm/model": "./node_modules/sysparm/dist/model-browser.js",
    "sysparm/query": "./node_modules/sysparm/dist/query-browser.js",
    "sysparm/sync": "./node_modules/sysparm/dist/sync-browser.js",
    "sysparm/doctor": "./node_modules/sysparm/dist/doctor-browser.js",
    "sysparm/schema": "./node_modules/sysparm/dist/schema.js",
    "sysparm/stores": "./node_modules/sysparm/dist/stores.js",
    "sysparm/testing": "./node_modules/sysparm/dist/testing-browser.js",
    "sysparm/values": "./node_modules/sysparm/dist/values.js",
  };
  const map = `<script type="importmap">${JSON.stringify({ imports: entries })}</script>`;
  write("plain.html", `<!doctype html>${map}<script type="module" src="./main.js"></script>`);
  write("empty.html", `<!doctype html>${map}`);
  write("index.html", '<!doctype html><script type="module" src="./main.js"></script>');
}

/** The address of a page that runs one part. The page keeps the promise of a report as `window.report`. */
export function pageOf(server: Server, page: string, url: string, part: Part): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}?${new URLSearchParams({ url, part })}`;
}
