/**
 * Runtimes that `tools/setup runtimes` installs, Firefox and a page without a bundler: the smoke cases, and every case with
 * `SYSPARM_CASES=all` (`make runtimes`).
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import { launchFirefox } from "../harness/firefox.ts";
import { serveFolder } from "../harness/serve-folder.ts";
import { PARTS } from "./cases.js";
import { EXCLUDED } from "./excluded.js";
import { casesInChromium } from "./in-chromium.js";
import { casesInNode, LONGEST_PART_MS } from "./in-node.js";
import { pageOf, writePages } from "./in-page.js";
import { installInto, type Project } from "./installed.js";
import type { Part, Report } from "./run-cases.js";
import { testSmoke } from "./test-parts.js";

const INSTALLED = join(process.env.SYSPARM_RUNTIMES ?? "", "node_modules");
const installed = (path: string) => join(INSTALLED, path);
const NODE_22 = installed("node22/bin/node");
const COMMANDS: Record<string, string[]> = {
  "Node 22": [NODE_22],
  "Node 24": [installed("node24/bin/node")],
  Bun: [installed(".bin/bun"), "run"],
  Deno: [installed(".bin/deno"), "run", "--allow-all", "--no-config", "--node-modules-dir=manual"],
};
const ENVIRONMENTS = ["jsdom", "happy-dom"];

let project: Project;
let chromium: Browser;

before(async () => {
  assert.ok(existsSync(INSTALLED), "the runtimes are missing; run: tools/setup runtimes");
  project = installInto("runtimes");
  await writePages(project);
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  project?.remove();
});

for (const [runtime, command] of Object.entries(COMMANDS))
  testSmoke(runtime, (url, part) => casesInNode(project, url, part, { command }));

for (const environment of ENVIRONMENTS)
  testSmoke(`Vitest with ${environment}`, (url, part) => casesInVitest(environment, url, part));

testSmoke("Firefox", casesInFirefox);

testSmoke("Chromium, loaded plain", (url, part) => casesInChromium(chromium, project.folder, "plain.html", url, part));

test("excluded cases and their runtimes exist", () => {
  const runtimes = [...Object.keys(COMMANDS), "Firefox", ...ENVIRONMENTS.map((name) => `Vitest with ${name}`)];
  const names = { ...PARTS.first, ...PARTS.second };
  for (const { runtime, cases } of EXCLUDED) {
    assert.ok(runtimes.includes(runtime), runtime);
    for (const name of cases) assert.ok(name in names, name);
  }
});

async function casesInVitest(environment: string, url: string, part: Part): Promise<Report> {
  const file = join(project.folder, `${part}.test.js`);
  const report = join(project.folder, `${part}.json`);
  writeFileSync(
    file,
    `import { writeFileSync } from "node:fs"; import { test } from "vitest"; import { run } from "./run-cases.js";
     test("cases", async () => {
       writeFileSync(${JSON.stringify(report)}, JSON.stringify(await run(${JSON.stringify(url)}, ${JSON.stringify(part)})));
     }, ${LONGEST_PART_MS});`,
  );
  const options = ["run", "--environment", environment, file];
  await promisify(execFile)(NODE_22, [installed("vitest/vitest.mjs"), ...options], { cwd: project.folder });
  return JSON.parse(readFileSync(report, "utf8"));
}

async function casesInFirefox(url: string, part: Part): Promise<Report> {
  // A browser for each part, because the timers of a page in the background are slow.
  const browser = await launchFirefox(LONGEST_PART_MS);
  let server: Server | undefined;
  try {
    server = await serveFolder(project.folder);
    const page = await browser.newPage();
    await page.goto(pageOf(server, "plain.html", url, part));
    return (await page.evaluate("window.report")) as Report;
  } finally {
    // First, because the file ends only after its server, even if the browser does not close.
    server?.close();
    await browser.close();
  }
}
