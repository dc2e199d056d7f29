/** One part of the cases in a tab of Chromium. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { serveFolder } from "../harness/serve-folder.ts";
import { pageOf } from "./in-page.js";
import type { Part, Report } from "./run-cases.js";

export async function casesInChromium(
  browser: Browser,
  folder: string,
  page: string,
  url: string,
  part: Part,
): Promise<Report> {
  const context = await browser.newContext();
  const server = await serveFolder(folder);
  try {
    const tab = await context.newPage();
    await tab.goto(pageOf(server, page, url, part));
    await tab.waitForFunction("window.report !== undefined");
    const report = (await tab.evaluate("window.report")) as Report;
    assert.deepEqual(await context.cookies(), [], "the instance sets session cookies; none is kept");
    return report;
  } finally {
    await context.close();
    server.close();
  }
}
