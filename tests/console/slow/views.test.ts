/** Every view in both themes, wide and narrow: it fits, axe has nothing to report, and a screenshot is in target/screenshots. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startInstance } from "../harness/instance.ts";
import { openView, overflows, views } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const folder = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [400, 1400];
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
        for (const { id } of views) {
          await openView(page, id);
          await page.screenshot({ path: `${folder}${id}-${colorScheme}-${width}.png` });
          problems.push(...(await overflows(page)).map((what) => `${id}: ${what}`));
          await screen.accessible(id, "any").catch((thrown: Error) => problems.push(thrown.message));
        }
        // All views are looked at before one of them fails the test.
        assert.deepEqual(problems, []);
      });
    });
  }
}
