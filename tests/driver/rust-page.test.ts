/** `examples/rust-page` in Chromium against the practice instance. Part of `make slow`: compiling Yew takes a minute and a half. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
import { serveFolder } from "../harness/serve-folder.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "examples/rust-page");
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const BUILT = join(ROOT, "target/rust-page");

let browser: Browser;
let instance: PracticeInstance;
let server: Server;

before(async () => {
  const cargo = ["build", "--locked", "--quiet", "--target", "wasm32-unknown-unknown", "--target-dir", TARGET];
  execFileSync("cargo", cargo, { cwd: EXAMPLE, stdio: "inherit" });
  mkdirSync(BUILT, { recursive: true });
  const wasm = join(TARGET, "wasm32-unknown-unknown/debug/rust-page.wasm");
  execFileSync("wasm-bindgen", [
    "--target",
    "web",
    "--no-typescript",
    "--out-name",
    "rust_page",
    "--out-dir",
    BUILT,
    wasm,
  ]);
  instance = await startPracticeInstance("--rows", "120", "--hidden", "0", "--quiet");
  const page = readFileSync(join(EXAMPLE, "index.html"), "utf8");
  writeFileSync(join(BUILT, "index.html"), page.replace(/https:\/\/dev\w+\.service-now\.com/, instance.url));
  server = await serveFolder(BUILT);
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  server?.close();
  await instance?.stop();
});

/** The page, with a server that supplies what `token` gives. */
async function opened(token: () => Promise<string>): Promise<{ tab: Page; asked: () => number }> {
  const tab = await browser.newPage();
  let asked = 0;
  await tab.route("**/token", async (route) => {
    asked += 1;
    return route.fulfill({ json: { token: await token(), expiresAt: Date.now() + 600_000 } });
  });
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
  return { tab, asked: () => asked };
}

async function granted(): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  });
  const reply = await fetch(`${instance.url}/oauth_token.do`, { method: "POST", body });
  return ((await reply.json()) as { access_token: string }).access_token;
}

const pages = async () =>
  (await instance.journal()).filter(({ method, path }) => method === "GET" && path === "/api/now/table/incident")
    .length;

/** What an instance answers whose access rules forbid the table. */
const FORBIDDEN = {
  status: 403,
  headers: { "access-control-allow-origin": "*" },
  json: { error: { message: "User Not Authorized", detail: "Failed API level ACL Validation" }, status: "failure" },
};

test("page in Rust lists every row, and requests the next page early", async () => {
  const { tab, asked } = await opened(granted);
  const before = await pages();
  await tab.getByText("50 of 120 rows").waitFor();
  assert.equal(await tab.locator("li").count(), 50);
  while ((await pages()) - before < 2) await new Promise((wake) => setTimeout(wake, 20));
  // A token that is revoked meanwhile costs one renewal and no row.
  await instance.control("revoke-tokens", {});
  for (const more of ["100 of 120 rows", "All 120 rows, 0 hidden by access rules"]) {
    await tab.getByRole("button", { name: "More" }).click();
    await tab.getByText(more).waitFor();
  }
  const numbers = await tab.locator("li b").allTextContents();
  assert.equal(new Set(numbers).size, 120);
  assert.equal(asked(), 2);
  await tab.close();
});

test("page in Rust says what it does not know without a count", async () => {
  const { tab } = await opened(granted);
  await tab.route("**/api/now/table/incident*", async (route) => {
    const reply = await route.fetch();
    const { "x-total-count": _, ...headers } = reply.headers();
    return route.fulfill({ response: reply, headers });
  });
  await tab.reload();
  for (const seen of ["50 rows so far", "100 rows so far", "120 rows so far"]) {
    await tab.getByText(seen).waitFor();
    await tab.getByRole("button", { name: "More" }).click();
  }
  await tab.getByText("120 rows. The server sends no row count that follows the query, so nothing proves").waitFor();
  assert.equal(await tab.locator("li b").count(), 120);
  await tab.close();
});

test("page in Rust says why it cannot read, and reads on afterwards", async () => {
  const { tab } = await opened(granted);
  const rows = "**/api/now/table/incident*";
  await tab.route(rows, (route) => route.fulfill(FORBIDDEN));
  await tab.reload();
  const alert = tab.getByRole("alert");
  await alert.waitFor();
  assert.match((await alert.getAttribute("data-code")) ?? "", /^acl\./);
  const causes = alert.locator("ol > li");
  assert.ok((await causes.count()) > 0, "the failure has causes");
  assert.ok((await causes.first().locator("ul > li").count()) > 0, "the first cause has steps");
  await tab.unroute(rows);
  await tab.getByRole("button", { name: "Try again" }).click();
  await tab.getByText("50 of 120 rows").waitFor();
  await tab.close();
});

test("page in Rust shows the last rows if what follows fails", async () => {
  const { tab } = await opened(granted);
  await tab.getByText("50 of 120 rows").waitFor();
  const rows = "**/api/now/table/incident*";
  let sent = 0;
  await tab.route(rows, (route) => {
    sent += 1;
    return sent > 3 ? route.fulfill(FORBIDDEN) : route.continue();
  });
  await tab.reload();
  await tab.getByText("50 of 120 rows").waitFor();
  await tab.getByRole("button", { name: "More" }).click();
  await tab.getByText("100 of 120 rows").waitFor();
  await tab.getByRole("button", { name: "More" }).click();
  await tab.getByRole("alert").waitFor();
  assert.equal(await tab.locator("ul li b").count(), 120);
  await tab.unroute(rows);
  await tab.getByRole("button", { name: "Try again" }).click();
  await tab.getByText("All 120 rows, 0 hidden by access rules").waitFor();
  await tab.close();
});
