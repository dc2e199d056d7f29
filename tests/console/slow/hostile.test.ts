/** Hostile text in rows, replies, names, imports and the history is shown as text in every view: no script, no request, no broken page. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { hostileCollection, hostileInstance, hostileReply, MARKUP } from "../harness/hostile.ts";
import type { Screen } from "../harness/screen.ts";
import { openView, overflows, views } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const CONTEXTS = [
  { width: 1400, colorScheme: "light" },
  { width: 400, colorScheme: "dark" },
] as const;
const folder = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const world = openWorld();

after(() => assert.equal(world.visits(), CONTEXTS.length, "every case ran to its end"));

for (const { width, colorScheme } of CONTEXTS) {
  test(`hostile text is inert and legible in every view, ${width} px`, async (t) => {
    const instance = await hostileInstance();
    t.after(instance.stop);
    const context = { viewport: { width, height: 900 }, colorScheme };
    await mkdir(folder, { recursive: true });
    await world.visit(t, { origins: [instance.url], context }, async ({ screen }) => {
      const { page } = screen;
      const problems: string[] = [];
      const looked: string[] = [];
      page.on("dialog", (dialog) => {
        problems.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("popup", () => problems.push("a window was opened"));
      /** All states are looked at before one of them fails the test. */
      const look = async (state: string) => {
        looked.push(state);
        await page.screenshot({ path: `${folder}hostile-${state.replaceAll(" ", "-")}-${width}.png` });
        const found = [...(await attacks(page)), ...(await overflows(page))];
        problems.push(...found.map((what) => `${state}: ${what}`));
        await screen.accessible(state, "any").catch((thrown: Error) => problems.push(thrown.message));
      };

      await page.getByText("Name, kind, release and options").click();
      await page.getByLabel("Name", { exact: true }).fill(MARKUP);
      await screen.connect(instance.url);
      await screen.ended();
      await importCollection(screen, look);
      await variables(page);
      await screen.openTester();
      await tester(screen, instance.url, look);
      await records(screen, look);
      for (const { id } of views) {
        await openView(page, id);
        await look(id);
      }
      await page.locator(".env-switch").click();
      await look("switcher");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search or run a command" }).fill("<img");
      await look("palette");
      assert.ok(looked.length >= views.length + 8, looked.join());
      assert.deepEqual(problems, []);
    });
  });
}

/** What an attack leaves in the page. */
async function attacks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    if ("attacked" in globalThis || "attacked" in {}) problems.push("a script ran");
    const foreign = document.querySelectorAll("#console img, #console script, #console iframe, [onerror], [onload]");
    for (const { outerHTML } of foreign) problems.push(`an element came from text: ${outerHTML.slice(0, 100)}`);
    for (const link of document.querySelectorAll("a"))
      if (!/^(https?:|blob:)/.test(link.href)) problems.push(`a link leads to ${link.href.slice(0, 100)}`);
    return problems;
  });
}

type Look = (state: string) => Promise<void>;

async function importCollection({ page }: Screen, look: Look): Promise<void> {
  await openView(page, "interchange");
  await page.getByLabel("Text", { exact: true }).fill(hostileCollection());
  await page.getByRole("button", { name: "Read text" }).click();
  await page.locator(".interchange-counts").waitFor();
  await look("import report");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.locator(".interchange .notice.ok").waitFor();
  await look("import kept");
}

async function variables(page: Page): Promise<void> {
  await openView(page, "environments");
  for (const name of ["__proto__", MARKUP]) {
    await page.getByRole("button", { name: "Add a variable" }).click();
    const row = page.locator(".variables li").last();
    await row.getByRole("textbox").nth(0).fill(name);
    await row.getByRole("textbox").nth(1).fill(MARKUP);
  }
}

async function tester(screen: Screen, url: string, look: Look): Promise<void> {
  const { page } = screen;
  await page.route(`${url}/api/now/table/incident*`, async (route) => {
    if (route.request().method() === "OPTIONS") return route.continue();
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "*",
      "content-type": "application/json",
      "x-note": MARKUP,
      link: `<javascript:attacked=1>;rel="next", <http://[>;rel="last"`,
    };
    await route.fulfill({ status: 200, headers, body: hostileReply() });
  });
  await page.getByLabel("Value of parameter 1", { exact: true }).fill(MARKUP);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const reply = page.getByLabel("Reply", { exact: true });
  await reply.waitFor();
  await page.getByLabel("Body of the reply").filter({ hasText: "onerror" }).waitFor();
  await look("reply");
  for (const name of [/^Table/, "Raw", /^Headers/, "Timing and pages"]) {
    await reply.getByRole("tab", { name }).click();
    await look(`reply ${String(name).replace(/\W/g, "")}`);
  }
  // Only the parameters of a link are taken, so the next page is one of the same table.
  await reply.getByRole("button", { name: "Next", exact: true }).click();
  await reply.waitFor();
  assert.equal(await page.getByLabel("Path", { exact: true }).inputValue(), "/api/now/table/incident");
  for (const name of ["Code", "Auth", "Body"]) {
    await page.locator(".tester-request").getByRole("tab", { name, exact: true }).click();
    await look(`request ${name}`);
  }
  await page.unroute(`${url}/api/now/table/incident*`);
}

async function records(screen: Screen, look: Look): Promise<void> {
  const { page } = screen;
  await openView(page, "tables");
  await screen.read("incident", { query: "ORDERBYDESCnumber", fields: "short_description, description, number" });
  await screen.ended();
  const grid = page.getByRole("grid");
  await grid.getByText("onerror").first().waitFor();
  await grid.focus();
  await page.keyboard.press("Control+Home");
  await look("row of a megabyte");
  await screen.read("incident", { query: MARKUP, fields: "__proto__, constructor, number" });
  await screen.ended();
  await look("records of a hostile query");
}
