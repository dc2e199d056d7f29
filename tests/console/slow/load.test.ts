/** What the first visit costs: bytes over the wire as a host compresses them, and the times until the page is drawn and can be used. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { openWorld } from "../harness/world.ts";

const MOST_BYTES = 350 * 1024;
const MOST_MS_TO_PAINT = 1_000;
const MOST_MS_TO_USE = 1_500;
const RUNS = 5;

const world = openWorld();

after(() => assert.equal(world.visits(), 1 + RUNS, "every case ran to its end"));

test("first visit loads at most 350 KiB compressed", async (t) => {
  await world.visit(t, { origins: [] }, async ({ screen }) => {
    const { page } = screen;
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(request.url()));
    await page.reload();
    await page.getByRole("button", { name: "Connect" }).waitFor();
    await page.waitForLoadState("networkidle");
    const sizes: [string, number][] = [];
    for (const url of asked) {
      const body = await (await fetch(url)).arrayBuffer();
      sizes.push([new URL(url).pathname, gzipSync(body, { level: 9 }).length]);
    }
    sizes.sort(([, a], [, b]) => b - a);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    t.diagnostic(`${total} bytes: ${sizes.map(([path, size]) => `${path} ${size}`).join(", ")}`);
    assert.ok(sizes.some(([path]) => path.endsWith(".wasm")) && sizes.some(([path]) => path.endsWith(".css")));
    assert.ok(total <= MOST_BYTES, `${total} bytes compressed, at most ${MOST_BYTES}`);
  });
});

test("page is drawn within 1 s and can be used within 1.5 s", async (t) => {
  const runs: { painted: number; usable: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    // A visit has an empty cache.
    await world.visit(t, { origins: [] }, async ({ screen }) => {
      const { page } = screen;
      await page.getByRole("button", { name: "Connect" }).click({ trial: true });
      // In the page's clock, which begins with the navigation.
      const usable = await page.evaluate(() => performance.now());
      const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
      assert.ok(painted, "the browser reports when it first painted");
      runs.push({ painted, usable });
    });
  }
  // The median, because a busy machine delays single runs.
  const median = (of: "painted" | "usable") => Math.round(runs.map((run) => run[of]).sort((a, b) => a - b)[2] ?? NaN);
  t.diagnostic(`painted after ${median("painted")} ms, usable after ${median("usable")} ms`);
  assert.ok(median("painted") < MOST_MS_TO_PAINT, `painted after ${median("painted")} ms`);
  assert.ok(median("usable") < MOST_MS_TO_USE, `usable after ${median("usable")} ms`);
});
