/**
 * A copy of 20,000 rows in a browser with a profile on disk, whose tab is killed ten times: it ends equal to the source, row by row. Then the
 * saved database is one that `sysparm sync` goes on with.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { launchPersistentChromium } from "../../harness/chromium.ts";
import { nodeWithSqlite } from "../../harness/node-with-sqlite.ts";
import { CLIENT_ID, CLIENT_SECRET, startInstance } from "../harness/instance.ts";
import { sharedSite } from "../harness/shared.ts";
import { FIELDS, killAndCompare, openSync } from "../harness/sync-killed.ts";

const ROWS = Number(process.env.SYSPARM_SYNC_ROWS ?? 20_000);
const KILLS = Number(process.env.SYSPARM_SYNC_KILLS ?? 10);
const SEED = Number(process.env.SYSPARM_SEED ?? Date.now() % 1_000_000);

const folder = await mkdtemp(join(tmpdir(), "sysparm-sync-killed-"));
after(() => rm(folder, { recursive: true, force: true }));

test("copy of a tab killed ten times equals the source", { timeout: 600_000 }, async (t) => {
  const { origin } = await sharedSite();
  const instance = await startInstance("--rows", `${ROWS}`, "--quiet");
  t.after(instance.stop);
  const context = await launchPersistentChromium(join(folder, "profile"));
  t.after(() => context.close());
  const options = { rows: ROWS, kills: KILLS, pageSize: Math.max(20, ROWS / 100), delayMs: 60, seed: SEED };
  t.diagnostic(`seed ${SEED}`);
  const killed = await killAndCompare(context, origin, instance, options);
  t.diagnostic(`killed at ${killed.join("; ")}`);

  const view = await openSync(context, origin, instance.url);
  const [download] = await Promise.all([
    view.page.waitForEvent("download"),
    view.page.getByRole("button", { name: "Save the copies as a SQLite database" }).click(),
  ]);
  await download.saveAs(join(folder, "copies.db"));
  const command = ["sync", "incident", "--to", "copies.db", "--fields", FIELDS.join()];
  const env = {
    ...{ ...process.env, NODE_OPTIONS: "", SYSPARM_URL: instance.url },
    ...{ SYSPARM_CLIENT_ID: CLIENT_ID, SYSPARM_CLIENT_SECRET: CLIENT_SECRET },
  };
  const { stdout } = await promisify(execFile)(nodeWithSqlite(), [resolve("pkg/dist/cli.js"), ...command], {
    cwd: folder,
    env,
  });
  assert.match(stdout, /^incident: 0 rows written, 0 deleted; copies\.db holds \d+ rows\.$/m);
});
