/**
 * `examples/react-list` in Chromium, by Vite's development server: only a development build of React runs effects twice. The tests follow one
 * person from the first visit to the sign-out.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { launchChromium } from "../harness/chromium.ts";
import { copyExample } from "../harness/copy-example.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { copyInto, type Project } from "./installed.js";

const EXAMPLE = "examples/react-list";
const ROWS = 120;
const LINKED = ["react", "react-dom", "scheduler"];

let browser: Browser;
let instance: PracticeInstance;
let project: Project;
let server: ViteDevServer;
let page: Page;
const errors: string[] = [];
/** The page's own address, without a path. */
const address = () => server.resolvedUrls?.local[0] ?? "";

before(async () => {
  instance = await startPracticeInstance("--rows", `${ROWS}`, "--hidden", "0.1", "--quiet");
  project = copyInto("react-example");
  const { folder } = project;
  copyExample(EXAMPLE, folder);
  for (const name of LINKED) symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  const said = execFileSync(process.execPath, ["practice.mjs", instance.url], { cwd: folder, encoding: "utf8" });
  assert.match(said, /practice\.agent/);
  // Vite takes it before that of `.env`.
  process.env.VITE_SYSPARM_URL = instance.url;
  server = await createServer({ root: folder, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  await server.listen();
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: { width: 1000, height: 800 } })).newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // The browser itself reports requests that fail. Every other error is one of the page.
    const isOfBrowser = /^Failed to load resource|blocked by CORS policy/.test(message.text());
    if (message.type() === "error" && !isOfBrowser) errors.push(message.text());
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await instance?.stop();
  project?.remove();
});

/** Presses the button and answers the instance's question, after a login where there is none yet. */
async function signIn(decision: "Allow" | "Deny"): Promise<void> {
  await page.getByRole("button", { name: "Sign in" }).click();
  const login = page.getByLabel("User name");
  const answer = page.getByRole("button", { name: decision });
  await login.or(answer).waitFor();
  if (await login.isVisible()) {
    await login.fill("practice.agent");
    await page.getByLabel("Password").fill("practice-agent-password");
    await page.getByRole("button", { name: "Log in" }).click();
  }
  await answer.click();
}

/** The first page is shown. Access rules hide some of its rows. */
const firstPage = (tab = page) => tab.getByText(new RegExp(`^\\d+ of ${ROWS} incidents$`)).waitFor();
const alert = () => page.getByRole("alert");

test("versions of examples are those of the repository", () => {
  const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
  const own = { ...read("package.json").devDependencies, sysparm: read("pkg/package.json").version };
  for (const example of [EXAMPLE, "examples/next-page"]) {
    const { dependencies, devDependencies } = read(`${example}/package.json`);
    const { next: _, ...named } = { ...dependencies, ...devDependencies };
    for (const [name, version] of Object.entries(named)) assert.equal(own[name], version, `${example}: ${name}`);
  }
});

test("visitor sees a button and no alarm, and nothing is sent", async () => {
  const before = (await instance.journal()).length;
  await page.goto(address());
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await alert().count(), 0);
  assert.equal((await instance.journal()).length, before);
});

test("refused sign-in is shown, and can be repeated", async () => {
  await signIn("Deny");
  assert.match(await alert().innerText(), /refused[\s\S]*Code sign-in\.refused/);
  const before = await instance.tokenRequests();
  await signIn("Allow");
  await firstPage();
  assert.equal(page.url(), address());
  assert.equal((await instance.tokenRequests()) - before, 1);
});

test("person reads every incident, and sees what is hidden", async () => {
  const more = page.getByRole("button", { name: "More" });
  for (let pages = 1; pages < 9 && (await more.count()) > 0; pages += 1) {
    await more.click();
    await page.getByRole("status").filter({ hasNotText: "Loading" }).waitFor();
  }
  const said = (await page.getByRole("status").textContent()) ?? "";
  const [, all, hidden] = /^All (\d+) incidents that you may read; access rules hide (\d+) more$/.exec(said) ?? [];
  assert.equal(Number(all) + Number(hidden), ROWS, said);
  assert.equal(new Set(await page.locator("tbody th").allTextContents()).size, Number(all));
  assert.equal(await page.locator(".caveat").count(), 0);

  await page.getByLabel("Order").selectOption("Last changed first");
  await page.locator(".caveat").waitFor();
  await page.setViewportSize({ width: 360, height: 700 });
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360, "nothing overflows a narrow screen");
});

test("failure is shown with causes and fixes", async () => {
  await instance.set({ hibernating: true });
  try {
    await page.getByRole("button", { name: "Refresh" }).click();
    // The page of a sleeping instance has no CORS headers, so the browser keeps it from the page.
    assert.match(await alert().innerText(), /not be reached[\s\S]*CORS rule[\s\S]*%[\s\S]*Code network\.unreachable/);
  } finally {
    await instance.set({ hibernating: false });
  }
  assert.ok((await alert().locator("details[open] li").count()) > 0);
  await alert().getByRole("button", { name: "Try again" }).click();
  await firstPage();
  assert.equal(await alert().count(), 0);
});

test("sign-out ends the session in all tabs", async () => {
  const before = await instance.tokenRequests();
  const other = await page.context().newPage();
  await other.goto(address());
  await firstPage(other);
  assert.equal(await instance.tokenRequests(), before, "the other tab uses the stored token");
  await page.getByRole("button", { name: "Sign out" }).click();
  for (const tab of [page, other]) await tab.getByRole("button", { name: "Sign in" }).waitFor();
});

test("page has logged no error", () => {
  assert.deepEqual(errors, []);
});
