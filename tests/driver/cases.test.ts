/** The Rust driver passes the cases of the package in Chromium. Part of `make slow`. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { launchChromium } from "../harness/chromium.ts";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { serveFolder } from "../harness/serve-folder.ts";
import type { Report } from "../package/run-cases.ts";
import { buildPage } from "./build.ts";
import { WANTED } from "./scope.ts";

test("Rust driver passes the cases of the npm package in Chromium", async (context) => {
  const server = await serveFolder(await buildPage());
  const instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
    await tab.waitForFunction("window.runCases !== undefined");
    const given = JSON.stringify([instance.url, WANTED]);
    const report = (await tab.evaluate(`window.runCases(...${given})`)) as Report;
    assert.deepEqual(report.failed, []);
    assert.deepEqual([...report.passed].sort(), [...WANTED].sort());
    assert.equal(report.passed.length, 86);
    context.diagnostic(`${report.passed.length} cases passed with the Rust driver`);
  } finally {
    await browser.close();
    await instance.stop();
    server.close();
  }
});
