/** Every view in both themes, wide and narrow: it fits, axe has nothing to report, and a screenshot is in target/screenshots. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startInstance } from "../harness/instance.ts";
import { openWorld } from "../harness/world.ts";

/** Read from the console's own table, so that a view added to it is looked at. The path is no literal: types end at the package. */
const table = new URL("../../../www/console/src/app/views.ts", import.meta.url).href;
const { views } = (await import(table)) as { views: readonly { id: string; label: string }[] };
const folder = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [400, 1400];
/** What a view shows once it is loaded, where its first element comes before its content. */
const READY: Record<string, string> = {
  tester: "#pane-tester .pairs",
  guide: "#pane-guide .guide-steps li",
};

const world = openWorld();

after(() => {
  assert.ok(views.length >= 3, "the table of views was read");
  assert.equal(world.visits(), SCHEMES.length * WIDTHS.length, "every case ran to its end");
});

for (const colorScheme of SCHEMES) {
  for (const width of WIDTHS) {
    test(`every view at ${width} px, ${colorScheme}: fits, axe passes`, async (t) => {
      await mkdir(folder, { recursive: true });
      const instance = await startInstance("--rows", "300");
      t.after(instance.stop);
      const context = { viewport: { width, height: 900 }, colorScheme };
      await world.visit(t, { origins: [instance.url], context }, async ({ screen }) => {
        const { page } = screen;
        const problems: string[] = [];
        await page.screenshot({ path: `${folder}start-${colorScheme}-${width}.png` });
        await screen.connect(instance.url);
        await screen.ended();
        for (const { id, label } of views) {
          await page.evaluate((view) => location.assign(`#/${view}`), id);
          await page.locator(`#pane-${id}`).getByRole("heading", { name: label, level: 1 }).waitFor();
          await page
            .locator(READY[id] ?? `#pane-${id} > :not(h1)`)
            .first()
            .waitFor();
          await page.waitForLoadState("networkidle");
          await page.screenshot({ path: `${folder}${id}-${colorScheme}-${width}.png` });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          if (wide > width) problems.push(`${id} is ${wide} px wide`);
          await screen.accessible(id, "any").catch((thrown: Error) => problems.push(thrown.message));
        }
        // All views are looked at before one of them fails the test.
        assert.deepEqual(problems, []);
      });
    });
  }
}
