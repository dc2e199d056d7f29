/** One served console and one browser for all test files that a process loads. Opened when first needed, closed after the last test. */
import { after } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../harness/chromium.ts";
import { type Site, serveConsole } from "./site.ts";

let site: Promise<Site> | undefined;
let browser: Promise<Browser> | undefined;

export function sharedSite(): Promise<Site> {
  site ??= serveConsole();
  return site;
}

export function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium();
  return browser;
}

after(async () => {
  await (await browser)?.close();
  await (await site)?.stop();
});
