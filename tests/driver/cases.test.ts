/** The Rust driver passes the cases of the package in Chromium. Part of `make slow`. */
import assert from "node:assert/strict";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { serveFolder } from "../harness/serve-folder.ts";
import type { Report } from "../package/run-cases.ts";
import { buildPage } from "./build.ts";
import { UNPASSABLE, WANTED } from "./scope.ts";

/** A case that takes longer does not pass. */
const LONGEST_MS = 10_000;

let server: Server;
let browser: Browser;
before(async () => {
  server = await serveFolder(await buildPage());
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs cases in a page of their own, against an instance that no other cases have changed. */
async function reportOf(instance: PracticeInstance, wanted: readonly string[], longestMs?: number): Promise<Report> {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
  await tab.waitForFunction("window.runCases !== undefined");
  const ran = tab.evaluate(`window.runCases(...${JSON.stringify([instance.url, wanted])})`) as Promise<Report>;
  // The page is closed while a case may still be running.
  ran.catch(() => undefined);
  const limit = new AbortController();
  const ended =
    longestMs === undefined
      ? ran
      : Promise.race([ran, sleep(longestMs, { passed: [], failed: [] }, { signal: limit.signal })]);
  try {
    return await ended;
  } finally {
    limit.abort();
    await tab.close();
  }
}

const start = () => startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");

test("Rust driver passes the cases of the npm package in Chromium", async (context) => {
  const instance = await start();
  try {
    const report = await reportOf(instance, WANTED);
    assert.deepEqual(report.failed, []);
    assert.deepEqual([...report.passed].sort(), [...WANTED].sort());
    assert.equal(report.passed.length, 87);
    context.diagnostic(`${report.passed.length} cases passed with the Rust driver`);
  } finally {
    await instance.stop();
  }
});

test("case that is left out does not pass with the Rust driver", async () => {
  for (const name of UNPASSABLE) {
    const instance = await start();
    try {
      assert.deepEqual((await reportOf(instance, [name], LONGEST_MS)).passed, [], name);
    } finally {
      await instance.stop();
    }
  }
});
