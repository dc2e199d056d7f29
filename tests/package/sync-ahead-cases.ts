/** What the package promises of copies whose pages are read ahead: sooner there, and nothing lost. */
import type * as Sysparm from "sysparm";
import type * as Syncs from "sysparm/sync";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";
import { ADMINISTRATOR, Copy, type Crash, compare } from "./sync-cases.js";

const SLOW_MS = 120;

export const SYNC_AHEAD_CASES: Record<string, Case> = {
  "sync with `ahead: 4` takes less than half the time": whereNoRowIsHidden(async (world) => {
    const { instance, most } = await counting(world);
    const table = instance.table("incident");
    const timed = async (ahead: number) => {
      const copy = new Copy();
      const began = performance.now();
      const { handed, progress } = await copy.run(world, table, { pageSize: 125, ahead });
      is(`${handed} ${progress?.complete}`, "2500 true");
      return { ms: performance.now() - began, underWay: most() };
    };
    await instance.token();
    await world.control("switches", { delay_ms: SLOW_MS });
    try {
      const alone = await timed(0);
      const together = await timed(4);
      is(alone.underWay, 1);
      is(together.underWay > 2 && together.underWay <= 4, true);
      // Twenty pages and one for the time: at four at once a quarter of that is the least.
      if (together.ms * 2 > alone.ms) throw new Error(`${together.ms} ms instead of ${alone.ms}`);
    } finally {
      await world.control("switches", { delay_ms: 0 });
    }
  }),

  "sync reading ahead resumes after a crash without loss": async (world) => {
    const instance = await world.open(ADMINISTRATOR);
    const table = instance.table("incident");
    const copy = new Copy();
    let [runs, complete] = [0, false];
    for (; !complete; runs += 1) {
      is(runs < 60, true);
      // Each run dies a little later than the one before, once before a batch is stored and once before its checkpoint is.
      const crash: Crash = (batch) => {
        if (batch < 2 + (runs >> 2)) return undefined;
        return runs % 2 ? "batch" : "checkpoint";
      };
      const { progress } = await copy.run(world, table, { pageSize: 70, ahead: 5 }, crash);
      complete = progress?.complete ?? false;
      // Pages in progress ended with the run that requested them.
      is(instance.status().callsUnderWay, 0);
    }
    is(runs > 5, true);
    await copy.equals(table);
  },

  "sync reading ahead stops by signal, the rest comes later": async (world) => {
    const instance = await world.open(ADMINISTRATOR);
    const table = instance.table("incident");
    const copy = new Copy();
    const stop = new AbortController();
    const reason = new Error("enough");
    let thrown: unknown;
    try {
      const crash: Crash = (batch) => {
        if (batch === 4) stop.abort(reason);
        return undefined;
      };
      await copy.run(world, table, { pageSize: 100, ahead: 4, signal: stop.signal }, crash);
    } catch (error) {
      thrown = error;
    }
    is(thrown, reason);
    is(instance.status().callsUnderWay, 0);
    is(copy.rows.size, 400);
    is((await copy.run(world, table, { pageSize: 100, ahead: 4 })).progress?.complete, true);
    await copy.equals(table);
    is(await refused(world, table, -1), "options.ahead");
    is(await refused(world, table, 9), "options.ahead");
  },

  "whole copy is compared with several pages in progress": whereNoRowIsHidden(async (world) => {
    const { instance, most } = await counting(world);
    const table = instance.table("incident");
    const copy = new Copy();
    await copy.run(world, table, { ahead: 4 });
    const lost = [...copy.rows.keys()].filter((_, place) => place % 250 === 0);
    for (const id of lost) copy.rows.delete(id);
    most();
    const found = await compare(world, table, copy, { pageSize: 100, ahead: 4 }, async () => undefined);
    is([...found.missing].sort().join(), lost.sort().join());
    is(`${found.stale.length} ${found.surplus.length} ${found.progress?.complete}`, "0 0 true");
    const underWay = most();
    is(underWay > 1 && underWay <= 4, true);
  }),
};

async function refused({ syncs }: World, table: Sysparm.Table, ahead: number): Promise<string | undefined> {
  const options: Syncs.SyncOptions = { ahead };
  try {
    for await (const { rows } of syncs.sync(table, options)) is(rows.length, 0);
  } catch (thrown) {
    if (thrown instanceof syncs.SyncError) return thrown.code;
    throw thrown;
  }
  return undefined;
}

/** An instance that counts the requests for pages of incidents in progress at once: the maximum since it was last asked. */
async function counting({ open }: World) {
  let [underWay, highest] = [0, 0];
  const fetcher: typeof fetch = async (input, init) => {
    const isPage = new URL(String(input)).pathname === "/api/now/table/incident";
    if (isPage) underWay += 1;
    highest = Math.max(highest, underWay);
    try {
      return await fetch(input, init);
    } finally {
      if (isPage) underWay -= 1;
    }
  };
  const most = () => {
    const reported = highest;
    highest = 0;
    return reported;
  };
  return { instance: await open({ fetch: fetcher }), most };
}
