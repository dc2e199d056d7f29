/** The console works without a mouse, on narrow and wide screens, in light and dark schemes. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { CLIENT_ID, CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), shown.length + 1, "every case ran to its end"));

test("keyboard alone connects, reads rows and sends a request", async (t) => {
  const instance = await startInstance("--rows", "3000");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await tabTo(page, "#instance");
    await page.keyboard.type(instance.url);
    await tabTo(page, "#client");
    await page.keyboard.type(CLIENT_ID);
    await tabTo(page, "#secret");
    await page.keyboard.type(CLIENT_SECRET);
    await page.keyboard.press("Enter");
    await screen.ended();
    assert.equal(await focused(page), "heading-tables", "focus is on the heading of what was opened");

    await tabTo(page, "#query");
    await page.keyboard.type("priority<=2");
    await page.keyboard.press("Enter");
    assert.match((await screen.ended()).words, /^Complete/);
    const rows = (await screen.savedRows()).length;
    assert.ok(rows > 0 && rows < 3_000);

    await page.getByRole("link", { name: "Tables", exact: true }).focus();
    await tabTo(page, "[role=grid]");
    await page.keyboard.press("Control+End");
    await page.locator(".whole-cell").getByText(`Row ${rows},`).waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator(".whole-cell").getByText("Row 2, short_description").waitFor();

    await tabTo(page, "#nav-tables", "Shift+Tab");
    for (const id of ["nav-records", "nav-schema", "nav-tester"]) {
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(page), id);
    }
    await page.keyboard.press("Enter");
    await tabTo(page, ".address");
    await page.keyboard.press("Control+Enter");
    await page.getByLabel("Reply", { exact: true }).waitFor();
    await tabTo(page, ".reply-body");

    await tabTo(page, ".disconnect", "Shift+Tab");
    await page.keyboard.press("Enter");
    // Focus moves to the connection form after it has been drawn.
    await page.locator("#connection-heading:focus").waitFor();
  });
});

// axe takes most of a view's time. Two of the four show both schemes and both widths; SYSPARM_VIEWS=all (make slow) adds the others.
const shown = [
  ["light", 1400],
  ["dark", 360],
  ...(process.env.SYSPARM_VIEWS === "all"
    ? ([
        ["light", 360],
        ["dark", 1400],
      ] as const)
    : []),
] as const;
for (const [scheme, width] of shown) {
  test(`view at ${width} px, ${scheme} scheme: fits, and axe passes`, async (t) => {
    const instance = await startInstance("--rows", "300", "--hidden", "0.04");
    t.after(instance.stop);
    const context = { viewport: { width, height: 800 }, colorScheme: scheme };
    await world.visit(t, { origins: [instance.url], secrets: ["wrong-secret"], context }, async ({ screen }) => {
      const fits = async (state: string) => {
        const wide = await screen.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${state}: the page is ${wide} px wide`);
      };
      await fits("before connecting");
      await screen.page.getByRole("radio", { name: "Through the worker" }).check();
      await fits("through the worker");
      await screen.page.getByRole("radio", { name: "Direct" }).check();
      await screen.connect(instance.url, "wrong-secret");
      await screen.failure();
      await fits("refused");
      await screen.accessible(`refused, ${width} px, ${scheme}`);
      await screen.connect(instance.url);
      await screen.ended();
      await fits("rows");
      await screen.accessible(`rows, ${width} px, ${scheme}`);
      await screen.read("incident", { fields: "" });
      await screen.ended();
      await fits("rows with every field");
      await screen.openTester();
      await screen.page.getByLabel("Method").selectOption("PATCH");
      await screen.page.getByRole("tab", { name: "Headers" }).click();
      await screen.page.getByRole("button", { name: "Add header" }).click();
      await fits("the tester with a body and a header");
      await screen.page.getByLabel("Method").selectOption("GET");
      await screen.page.getByRole("button", { name: "Send", exact: true }).click();
      await screen.page.getByLabel("Reply", { exact: true }).waitFor();
      await fits("a reply");
      await screen.accessible(`a reply, ${width} px, ${scheme}`);
    });
  });
}

/** Presses Tab until the element has focus, and asserts at every stop that the focus is visible. */
async function tabTo(page: Page, selector: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const { there, visible, what } = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const style = element ? getComputedStyle(element) : null;
      return {
        there: element?.matches(wanted) ?? false,
        visible: element === document.body || (style?.outlineStyle !== "none" && style?.outlineWidth !== "0px"),
        what: element?.outerHTML.slice(0, 120) ?? "",
      };
    }, selector);
    assert.ok(visible, `focus can be seen on ${what}`);
    if (there) return;
  }
  assert.fail(`${selector} cannot be reached with ${key}`);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id ?? "");
}
