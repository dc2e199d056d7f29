/** The combinations whose tools this repository has, and the documented table. `make matrix` tries all of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { COMBINATIONS } from "./combinations.ts";
import { openProject, packPackage } from "./project.ts";
import { sectionOf, tableOf } from "./readme-table.ts";
import { tryCombination } from "./try-combination.ts";

const FAST = [
  "Vite 8: development",
  "Vite 8: build",
  "esbuild 0: page",
  "esbuild 0: Node, CommonJS",
  "webpack 5: page",
];

let browser: Browser;
let instance: PracticeInstance;
let packed: Awaited<ReturnType<typeof packPackage>>;

before(async () => {
  browser = await launchChromium();
  instance = await startPracticeInstance("--rows", "200", "--quiet");
  packed = await packPackage();
});
after(async () => {
  await browser?.close();
  await instance?.stop();
  packed?.remove();
});

for (const name of FAST) {
  test(`package works without configuration in ${name}`, async () => {
    const found = COMBINATIONS.filter(({ tool, use }) => `${tool.split(".")[0]}: ${use}` === name);
    assert.equal(found.length, 1);
    for (const one of found) {
      const given = { tarball: packed.tarball, instance: instance.url, browser, linked: true };
      assert.deepEqual(await tryCombination(one, given), []);
    }
  });
}

// Next.js builds them for its edge runtime, and webpack fails at a module of workerd.
test("webpack builds the package's files for Workers", async () => {
  const webpack = COMBINATIONS.find(({ tool }) => tool.startsWith("webpack"));
  assert.ok(webpack);
  const project = await openProject(packed.tarball, webpack, true);
  try {
    const entry = "./node_modules/sysparm/dist/worker-requests.js";
    await project.shell(`webpack --mode production --target webworker --no-stats --output-path out --entry ${entry}`);
  } finally {
    project.remove();
  }
});

test("documented table lists every combination and what failed last", () => {
  const section = sectionOf(readFileSync("www/glue/docs/browsers.md", "utf8"));
  const failed = COMBINATIONS.filter(({ tool, use }) => {
    const [, , , not = ""] =
      section
        .split("\n")
        .find((line) => line.startsWith(`| ${tool} |`))
        ?.split(" | ") ?? [];
    return not.split(" · ").some((text) => text.replace(" |", "") === use);
  });
  assert.equal(section, tableOf(COMBINATIONS, new Set(failed)), "run `make matrix`");
});
