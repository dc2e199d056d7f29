/** A sign-in in Chromium: address bar, history and session after a forged return and the true one. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import { installInto, type Project } from "../package/installed.ts";

const REDIRECT = "https://app.example/back?tenant=7";

let browser: Browser;
let project: Project;

before(async () => {
  browser = await launchChromium();
  project = installInto("sign-in-page");
});
after(async () => {
  await browser?.close();
  project?.remove();
});

const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** The page at redirectUri, and at every other URL of its origin. */
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module">
  import { connect } from "/dist/browser.js";
  const forms = [];
  const instance = await connect({
    url: "https://dev12345.service-now.com",
    auth: { grant: "authorization_code", clientId: "c", redirectUri: "${REDIRECT}" },
    fetch: async (_, init) => {
      forms.push(String(init.body));
      return Response.json({ access_token: "planted-token", token_type: "Bearer", expires_in: 1799 });
    },
  });
  const state = async () => new URL(await instance.signIn({ open() {} })).searchParams.get("state");
  const returned = () => instance.handleRedirect().catch((thrown) => thrown.code);
  window.page = { state, returned, forms };
</script>`;

async function opened(): Promise<Page> {
  const context = await browser.newContext();
  await context.route("https://app.example/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (!pathname.startsWith("/dist/")) return route.fulfill({ contentType: "text/html", body: PAGE });
    const body = await readFile(join(project.folder, "node_modules/sysparm", pathname));
    return route.fulfill({ contentType: TYPES[extname(pathname)] ?? "text/plain", body });
  });
  return context.newPage();
}

async function at(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction("window.page !== undefined");
}

test("forged return leaves no trace, the true one succeeds", async (t) => {
  const page = await opened();
  t.after(() => page.context().close());
  await at(page, "https://app.example/");
  const state = await page.evaluate("page.state()");
  const length = await page.evaluate("history.length");
  for (const forged of [
    `${REDIRECT}&code=planted&state=planted&iss=planted#part`,
    `${REDIRECT}&code=planted&state=${state}&iss=https://evil.example#part`,
    `${REDIRECT}&code=planted&code=planted&state=${state}#part`,
    `https://app.example/else?tenant=7&code=planted&state=${state}&session_state=planted#part`,
  ]) {
    await at(page, forged);
    assert.equal(await page.evaluate("page.returned()"), "sign-in.foreign", forged);
    const shown = (await page.evaluate("location.href")) as string;
    assert.equal(shown, `${forged.slice(0, forged.indexOf("&"))}#part`);
    assert.deepEqual(await page.evaluate("page.forms"), []);
  }
  await at(page, `${REDIRECT}&code=true-code&state=${state}`);
  assert.equal(await page.evaluate("page.returned()"), true);
  assert.equal(await page.evaluate("location.href"), REDIRECT);
  assert.match(((await page.evaluate("page.forms")) as string[]).join(), /code=true-code&/);
  assert.equal(await page.evaluate("sessionStorage.length"), 0, "a return is accepted once");
  assert.equal(
    await page.evaluate("history.length"),
    (length as number) + 5,
    "one entry for each address, and none more",
  );
});
