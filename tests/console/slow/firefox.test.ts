/** The console in Debian's Firefox: what people do most, each in a session of its own. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { type Firefox, launchFirefox } from "../../harness/firefox.ts";
import { FirefoxScreen } from "../harness/firefox-screen.ts";
import { CLIENT_SECRET, startInstance } from "../harness/instance.ts";
import { type Site, serveConsole } from "../harness/site.ts";

const CASES = 9;
const LONGEST_CALL_MS = 60_000;
const CURL =
  "curl 'https://dev12345.service-now.com/api/now/table/problem?sysparm_limit=3' -H 'Accept: application/json'";

let site: Site;
let firefox: Firefox;
let ran = 0;

before(async () => {
  site = await serveConsole();
  firefox = await launchFirefox(LONGEST_CALL_MS);
});

after(async () => {
  await firefox?.close();
  await site?.stop();
  assert.equal(ran, CASES, "every case ran to its end");
});

/** Runs a case in a fresh session. Then: no error, no refusal by the policy, no request to another origin, no secret in the address. */
async function visit(origins: string[], body: (screen: FirefoxScreen) => Promise<void>): Promise<void> {
  const session = await firefox.createBrowserContext();
  try {
    const page = await session.newPage();
    const errors: string[] = [];
    const asked: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("request", (request) => asked.push(request.url()));
    await page.setViewport({ width: 1400, height: 900 });
    await page.evaluateOnNewDocument(() => {
      Object.assign(globalThis, { refused: [] });
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        (globalThis as unknown as { refused: string[] }).refused.push(`${violatedDirective}: ${blockedURI}`);
      });
    });
    await page.goto(`${site.origin}/`);
    await body(new FirefoxScreen(page));
    assert.deepEqual(errors, []);
    assert.deepEqual(await page.evaluate("globalThis.refused"), []);
    // Firefox lists fonts of its own, which have data: addresses.
    const sent = asked.filter((url) => url.startsWith("http"));
    const foreign = sent.filter((url) => ![site.origin, ...origins].includes(new URL(url).origin));
    assert.deepEqual(foreign, []);
    assert.ok(!page.url().includes(CLIENT_SECRET));
    ran += 1;
  } finally {
    await session.close();
  }
}

async function started(t: TestContext, rows: number) {
  const instance = await startInstance("--rows", String(rows));
  t.after(instance.stop);
  return instance;
}

test("Firefox reads every row of a table", async (t) => {
  const { url } = await started(t, 3_000);
  await visit([url], async (screen) => {
    await screen.connect(url);
    assert.match(await screen.sees(".progress-words", "^Complete"), /all 3,000 rows/);
    await screen.sees("[role=grid]", "INC\\d{7}");
  });
});

test("Firefox sends a request of the tester and shows its reply", async (t) => {
  const { url } = await started(t, 50);
  await visit([url], async (screen) => {
    await screen.connect(url);
    await screen.sees(".progress-words", "^Complete");
    await screen.press("Tester");
    await screen.fill("Value of parameter 1", "2");
    await screen.press("Send");
    await screen.sees(".reply-line", "^200");
    const body = JSON.parse(await screen.sees(".reply-body", "\\}\\s*$")) as { result: unknown[] };
    assert.equal(body.result.length, 2);
    await screen.press("Raw");
    await screen.sees(".reply-body", '^\\{"result":\\[');
  });
});

test("Firefox shows the diagnosis of a refused secret", async (t) => {
  const { url } = await started(t, 10);
  await visit([url], async (screen) => {
    await screen.connect(url, "not-the-secret");
    const text = await screen.sees(".failure", "token\\.refused");
    assert.match(text, /most likely first/);
    assert.match(text, /Fix:/);
  });
});

test("Firefox imports a curl line into the collections", async (t) => {
  const { url } = await started(t, 20);
  await visit([url], async (screen) => {
    await screen.connect(url);
    await screen.sees(".progress-words", "^Complete");
    await importCurl(screen);
    await screen.press("Tester");
    await screen.sees(".tree-row", "table/problem");
  });
});

test("Firefox switches environments, each with its own rows", async (t) => {
  const [one, two] = await Promise.all([started(t, 300), started(t, 200)]);
  await visit([one.url, two.url], async (screen) => {
    await screen.connect(one.url);
    await screen.sees(".progress-words", "300");
    await screen.press("Environments");
    await screen.press("Add an environment");
    await screen.press("Name, kind, release and options");
    await screen.fill("Name", "Second");
    await screen.connect(two.url);
    await screen.sees(".env-switch", new URL(two.url).host);
    await screen.press("Tables");
    await screen.sees(".progress-words", "200");
    const other = (await openSwitcher(screen)).find((text) => text.includes(new URL(one.url).host));
    assert.ok(other);
    await screen.press(other);
    await screen.sees(".progress-words", "300");
    for (const instance of [one, two]) {
      const refused = (await instance.journal()).filter(({ status }) => status >= 400);
      assert.deepEqual(refused, []);
    }
  });
});

test("Firefox keeps the dark theme over a reload", async () => {
  await visit([], async (screen) => {
    const { page } = screen;
    const background = () => page.evaluate<string, []>(() => getComputedStyle(document.body).backgroundColor);
    await screen.press("Theme: system. Change to light");
    const light = await background();
    await screen.press("Theme: light. Change to dark");
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    await screen.sees("#connection-heading", "Connect");
    assert.equal(await background(), dark);
  });
});

test("Firefox keeps the workspace over a reload", async (t) => {
  const { url } = await started(t, 20);
  await visit([url], async (screen) => {
    await importCurl(screen);
    await screen.page.reload();
    await screen.press("Tables");
    await screen.connect(url);
    await screen.sees(".progress-words", "^Complete");
    await screen.press("Tester");
    await screen.sees(".tree-row", "table/problem");
    await screen.sees(".env-switch", new URL(url).host);
    await screen.page.reload();
    await screen.sees(".env-switch", new URL(url).host);
  });
});

test("Firefox connects with a remembered secret after a reload", async (t) => {
  const { url } = await started(t, 100);
  await visit([url], async (screen) => {
    await screen.press("Remember on this device");
    await screen.connect(url);
    await screen.sees(".progress-words", "100");
    await screen.page.reload();
    await screen.sees(".connection", "Held\\. Leave it empty to keep it");
    await screen.press("Connect");
    await screen.sees(".progress-words", "^Complete: all 100 rows");
  });
});

test("Firefox opens a view from the command palette", async () => {
  await visit([], async (screen) => {
    const { keyboard } = screen.page;
    await screen.sees("#connection-heading", "Connect");
    await keyboard.down("Control");
    await keyboard.press("k");
    await keyboard.up("Control");
    await screen.fill("Search or run a command", "Doctor");
    await screen.sees(".palette-list", "Doctor");
    await keyboard.press("Enter");
    await screen.sees("#heading-doctor", "Doctor");
  });
});

async function importCurl(screen: FirefoxScreen): Promise<void> {
  await screen.press("Import and export");
  await screen.fill("Text", CURL);
  await screen.press("Read text");
  await screen.sees(".interchange-counts", "Requests\\s+1");
  await screen.press("Keep");
  await screen.sees(".interchange .notice.ok", ".");
}

async function openSwitcher(screen: FirefoxScreen): Promise<string[]> {
  await (
    await screen.page.waitForFunction(() => document.querySelector(".env-switch"), { timeout: 5_000, polling: 50 })
  )
    .asElement()
    ?.click();
  await screen.sees(".env-menu", "Add an environment");
  return screen.page.evaluate<string[], []>(() =>
    [...document.querySelectorAll<HTMLElement>("[role=menuitem]")].map((item) => item.innerText.trim()),
  );
}
