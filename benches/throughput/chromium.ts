/** Opens a page of headless Chromium at the practice instance's origin, with the package and a benchmark's functions loaded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { launchChromium } from "../../tests/harness/chromium.ts";
import { INSTALLED } from "../peers/installed.ts";

export interface Tab {
  page: Page;
  close(): Promise<void>;
}

const DIST = "pkg/dist";
const TYPES: Record<string, string> = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };

/**
 * Opens the page. `window.bench` holds the exports of `module`, `window.sysparm` the package. The page has the instance's origin,
 * because a request to another origin costs a preflight, which would hide the difference.
 */
export async function openTab(origin: string, module: string, flags: string[] = []): Promise<Tab> {
  const bundled = await build({
    entryPoints: [module],
    bundle: true,
    format: "esm",
    write: false,
    nodePaths: [INSTALLED],
  });
  const page = `<!doctype html><title>benchmark</title><script type="module">
    import * as sysparm from "/bench/browser.js"; import * as bench from "/bench/module.js";
    Object.assign(window, { sysparm, bench });</script>`;
  const contents = (file: string) => {
    if (file === "index.html") return page;
    return file === "module.js" ? (bundled.outputFiles[0]?.text ?? "") : readFileSync(join(DIST, file));
  };
  const browser = await launchChromium(flags);
  const tab = await browser.newPage();
  const served = `${origin}/bench/**`;
  await tab.route(served, (route) => {
    const file = new URL(route.request().url()).pathname.slice("/bench/".length);
    return route.fulfill({ contentType: TYPES[file.split(".").at(-1) ?? ""] ?? "", body: contents(file) as Buffer });
  });
  await tab.goto(`${origin}/bench/index.html`);
  await tab.waitForFunction("window.bench !== undefined");
  await tab.evaluate(`fetch("/bench/pages.wasm")
    .then((file) => file.arrayBuffer())
    .then((pages) => sysparm.load(undefined, undefined, pages))`);
  // Interception would slow the measured requests.
  await tab.unroute(served);
  return { page: tab, close: () => browser.close() };
}
