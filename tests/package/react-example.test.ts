/** `examples/react-list` in Chromium, by Vite's development server: only a development build of React runs effects twice. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { launchChromium } from "../harness/chromium.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

const EXAMPLE = "examples/react-list";
const ROWS = 120;
const LINKED = ["react", "react-dom", "scheduler"];

let browser: Browser;
let instance: PracticeInstance;
let folder: string;
let server: ViteDevServer;

before(async () => {
  instance = await startPracticeInstance("--rows", `${ROWS}`, "--hidden", "0.1", "--quiet");
  folder = mkdtempSync(join(tmpdir(), "sysparm-react-example-"));
  cpSync(EXAMPLE, folder, { recursive: true });
  cpSync("pkg", join(folder, "node_modules/sysparm"), { recursive: true });
  for (const name of LINKED) symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  const said = execFileSync(process.execPath, ["practice.mjs", instance.url], { cwd: folder, encoding: "utf8" });
  assert.match(said, /practice\.agent/);
  // Vite takes it before that of `.env`.
  process.env.VITE_SYSPARM_URL = instance.url;
  server = await createServer({ root: folder, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  await server.listen();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await instance?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page with a session of its own; what it logs as an error fails the test. */
async function visit(t: TestContext): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // The browser itself reports requests that fail. Every other error is one of the page.
    const isOfBrowser = /^Failed to load resource|blocked by CORS policy/.test(message.text());
    if (message.type() === "error" && !isOfBrowser) errors.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  return page;
}

async function signIn(page: Page, decision = "Allow"): Promise<void> {
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("User name").fill("practice.agent");
  await page.getByLabel("Password").fill("practice-agent-password");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: decision }).click();
}

/** The first page is shown. Access rules hide some of its rows. */
const firstPage = (page: Page) => page.getByText(new RegExp(`^\\d+ of ${ROWS} incidents$`)).waitFor();
const numbers = (page: Page) => page.locator("tbody th").allTextContents();

test("versions of examples are those of the repository", () => {
  const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
  const own = { ...read("package.json").devDependencies, sysparm: read("pkg/package.json").version };
  for (const example of [EXAMPLE, "examples/next-page"]) {
    const { dependencies, devDependencies } = read(`${example}/package.json`);
    const { next: _, ...named } = { ...dependencies, ...devDependencies };
    for (const [name, version] of Object.entries(named)) assert.equal(own[name], version, `${example}: ${name}`);
  }
});

test("visitor sees a button and no alarm, and nothing is sent", async (t) => {
  const before = (await instance.journal()).length;
  const page = await visit(t);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.equal((await instance.journal()).length, before);
});

test("person signs in, reads every incident and signs out", async (t) => {
  const page = await visit(t);
  const tokens = await instance.tokenRequests();
  await signIn(page);
  await firstPage(page);
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/");
  assert.equal((await instance.tokenRequests()) - tokens, 1);

  const more = page.getByRole("button", { name: "More" });
  for (let pages = 1; pages < 9 && (await more.count()) > 0; pages += 1) {
    await more.click();
    await page.getByRole("status").filter({ hasNotText: "Loading" }).waitFor();
  }
  const said = (await page.getByRole("status").textContent()) ?? "";
  const [, all, hidden] = /^All (\d+) incidents that you may read; access rules hide (\d+) more$/.exec(said) ?? [];
  assert.equal(Number(all) + Number(hidden), ROWS, said);
  const shown = await numbers(page);
  assert.equal(new Set(shown).size, Number(all));
  assert.equal(await page.locator(".caveat").count(), 0);

  await page.getByLabel("Order").selectOption("Last changed first");
  await page.locator(".caveat").waitFor();

  const other = await page.context().newPage();
  await other.goto(page.url());
  await firstPage(other);
  assert.equal((await instance.tokenRequests()) - tokens, 1, "the other tab uses the stored token");
  await page.getByRole("button", { name: "Sign out" }).click();
  for (const tab of [page, other]) await tab.getByRole("button", { name: "Sign in" }).waitFor();
});

test("failure is shown with causes and fixes", async (t) => {
  const page = await visit(t);
  await signIn(page);
  await firstPage(page);
  const alert = page.getByRole("alert");
  await instance.set({ hibernating: true });
  try {
    await page.getByRole("button", { name: "Refresh" }).click();
    // The page of a sleeping instance has no CORS headers, so the browser keeps it from the page.
    assert.match(
      await alert.innerText(),
      /could not be reached[\s\S]*CORS rule[\s\S]*%[\s\S]*Code network\.unreachable/,
    );
  } finally {
    await instance.set({ hibernating: false });
  }
  assert.ok((await alert.locator("details[open] li").count()) > 0);
  await alert.getByRole("button", { name: "Try again" }).click();
  await firstPage(page);
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("refused sign-in is shown, and can be repeated", async (t) => {
  const page = await visit(t);
  await signIn(page, "Deny");
  assert.match(await page.getByRole("alert").innerText(), /refused[\s\S]*Code sign-in\.refused/);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await firstPage(page);
});
