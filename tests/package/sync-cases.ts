/** What the package promises of copies: in the end they equal their source, whatever crashed on the way. */
import type * as Sysparm from "sysparm";
import type * as Syncs from "sysparm/sync";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

export const ADMINISTRATOR = { auth: { username: "practice.admin", password: "practice-admin-password" } } as const;
const VERSION = ["sys_id", "sys_updated_on", "sys_mod_count"] as const;

/** What an application stores: rows by their identifiers, and the checkpoint as text. */
export class Copy {
  readonly rows = new Map<string, string>();
  checkpoint: string | undefined;

  /** One run. `crash` says, for the number of a batch, what of it is lost: true ends the run. */
  async run(world: World, table: Sysparm.Table, options: Syncs.SyncOptions = {}, crash: Crash = () => undefined) {
    const checkpoint = this.checkpoint === undefined ? undefined : JSON.parse(this.checkpoint);
    const handed = new Set<string>();
    let last: Syncs.SyncBatch | undefined;
    let number = 0;
    for await (const batch of world.syncs.sync(table, { fields: VERSION, ...options, checkpoint })) {
      const lost = crash(number);
      number += 1;
      if (lost === "batch") break;
      for (const id of batch.deleted) this.rows.delete(id);
      for (const row of batch.rows) {
        is(handed.has(version(row)), false);
        handed.add(version(row));
        this.rows.set(String(row.sys_id), version(row));
      }
      last = batch;
      if (lost === "checkpoint") break;
      this.checkpoint = JSON.stringify(batch.checkpoint);
    }
    return { handed: handed.size, progress: last?.progress };
  }

  async equals(table: Sysparm.Table, query = ""): Promise<void> {
    const source: string[] = [];
    for await (const row of table.rows({ fields: VERSION, query })) source.push(version(row));
    const held = new Set(this.rows.values());
    is(source.filter((row) => !held.delete(row)).join("; "), "");
    is([...held].join("; "), "");
  }
}

export type Crash = (batch: number) => "batch" | "checkpoint" | undefined;

export const SYNC_CASES: Record<string, Case> = {
  "copy by a condition that is left out has a caveat": async ({ open, syncs }) => {
    const table = (await open()).table("incident");
    const caveatOf = async (query: string) => {
      let caveat: string | null = null;
      for await (const { progress } of syncs.sync(table, { query, deletions: false })) caveat = progress.caveat;
      return caveat;
    };
    is(/^no row has the field `actve`/.test(String(await caveatOf("actve=true"))), true);
    is(await caveatOf("active=true"), null);
  },

  "copy equals its source after changes and deletions": async (world) => {
    const table = (await world.open(ADMINISTRATOR)).table("incident");
    const make = async (text: string) => String((await table.create({ short_description: text })).sys_id);
    const made = [];
    for (let count = 0; count < 8; count += 1) made.push(await make("kept in a copy"));
    await settled();
    const copy = new Copy();
    const first = await copy.run(world, table);
    is(first.progress?.complete, true);
    is(first.progress?.caveat, null);
    is(first.handed, 2508);
    await copy.equals(table);

    for (const id of made.slice(0, 4)) await table.update(id, { short_description: "changed" });
    for (const id of made.splice(6)) await table.delete(id);
    made.push(await make("new"));
    await settled();
    const second = await copy.run(world, table);
    is(`${second.progress?.complete} ${second.progress?.deletions}`, "true read");
    is(second.handed, 5);
    await copy.equals(table);

    for (const id of made) await table.delete(id);
    await settled();
    is((await copy.run(world, table)).handed, 0);
    await copy.equals(table);
    is(copy.rows.size, 2500);
  },

  "crash between any two batches loses nothing": async (world) => {
    const table = (await world.open(ADMINISTRATOR)).table("incident");
    const copy = new Copy();
    const query = "priority=1^NQpriority=3";
    let runs = 0;
    for (let complete = false; !complete; runs += 1) {
      is(runs < 60, true);
      // Each run dies a little later than the one before, once before a batch is stored and once before its checkpoint is.
      const crash: Crash = (batch) => {
        if (batch < 1 + (runs >> 2)) return undefined;
        return runs % 2 ? "batch" : "checkpoint";
      };
      const { progress } = await copy.run(world, table, { query, pageSize: 60 }, crash);
      complete = progress?.complete ?? false;
    }
    is(runs > 5, true);
    await copy.equals(table, query);
  },

  "copy counts hidden rows and names unknown deletions": async (world) => {
    const table = (await world.open()).table("incident");
    const copy = new Copy();
    const { handed, progress } = await copy.run(world, table, { pageSize: 300, displayValue: false });
    is(handed + (progress?.hidden ?? 0), 2500);
    is(`${progress?.complete} ${progress?.passed} ${progress?.total}`, `true ${handed} 2500`);
    const next = await copy.run(world, table);
    is(`${next.progress?.complete} ${next.progress?.deletions} ${next.handed}`, "true unread 0");
    is(/may not read sys_audit_delete.* role admin/.test(next.progress?.caveat ?? ""), true);
    await copy.equals(table);
  },

  "labels come with the values that a copy needs": whereNoRowIsHidden(async ({ open, syncs }) => {
    const table = (await open()).table("incident");
    let count = 0;
    for await (const { rows, checkpoint } of syncs.sync(table, { displayValue: "all", fields: ["priority"] })) {
      for (const { priority } of rows) is(typeof priority === "object" && "display_value" in priority, true);
      is(JSON.stringify(checkpoint), JSON.stringify(JSON.parse(JSON.stringify(checkpoint))));
      count += rows.length;
    }
    is(count, 2500);
  }),

  "foreign checkpoint and unsyncable table are refused": async ({ open, syncs }) => {
    const table = (await open()).table("incident");
    const first = async (options: Syncs.SyncOptions, of = table) => {
      try {
        for await (const { checkpoint } of syncs.sync(of, options)) return checkpoint;
      } catch (thrown) {
        if (thrown instanceof syncs.SyncError) return thrown.code;
        throw thrown;
      }
      return undefined;
    };
    const checkpoint = (await first({ query: "active=true" })) as Syncs.SyncCheckpoint;
    is(typeof (await first({ query: "active=true", checkpoint })), "object");
    is(await first({ query: "active=false", checkpoint }), "sync.other-query");
    is(await first({ query: "active=true", fields: ["number"], checkpoint }), "sync.other-query");
    is(await first({ query: "active=true", checkpoint: { ...checkpoint, form: 2 } }), "sync.checkpoint");
    is(await first({ query: "active=true", checkpoint: { some: "thing" } as never }), "sync.checkpoint");
    is(await first({ query: "a=1^NQ" }), "sync.query");
    is(await first({ displayValue: true as never }), "sync.labels");
    is(await first({ colour: 1 } as never), "options.unknown");
    is(await first({}, {} as Sysparm.Table), "options.type");
    is(await first({ deletions: ["../incident"] }), "request.reading");
  },

  "copy of a missing table fails with the client's error": async ({ open, syncs, thrown }) => {
    const table = (await open()).table("incidnt");
    const error = await thrown(async () => {
      for await (const batch of syncs.sync(table)) is(batch.rows.length, 0);
    });
    is(error.code, "table.unknown");
  },

  "whole copy is compared while rows are deleted": async (world) => {
    const table = (await world.open(ADMINISTRATOR)).table("incident");
    const make = async () => String((await table.create({ short_description: "to be compared" })).sys_id);
    const stay = [await make(), await make(), await make()] as const;
    const leave = new Set<string>();
    while (leave.size < 12) leave.add(await make());
    await settled();
    const copy = new Copy();
    await copy.run(world, table);
    const syncedTo = JSON.parse(copy.checkpoint as string) as Syncs.SyncCheckpoint;

    // What no stamp shows: a row that the copy lost, one that it holds in an older version, one that nobody has.
    const [lost, old, same] = stay;
    const ghosts = ["0".repeat(32), "f".repeat(32), "never-there"];
    copy.rows.delete(lost);
    copy.rows.set(old, `${old} 2020-01-01 00:00:00 0`);
    for (const id of ghosts) copy.rows.set(id, `${id} 2020-01-01 00:00:00 0`);
    await settled();
    // What the next sync brings is no difference.
    const fresh = await make();
    await table.update(same, { short_description: "changed since" });

    const found = await compare(world, table, copy, { syncedTo, pageSize: 200 }, async () => {
      for (const id of [...leave].slice(0, 1)) {
        leave.delete(id);
        await table.delete(id);
      }
    });
    is([...found.missing].sort().join(), lost);
    is([...found.stale].sort().join(), old);
    const gone = found.surplus.filter((id) => !ghosts.includes(id));
    is(
      ghosts.every((id) => found.surplus.includes(id)),
      true,
    );
    // Some were deleted before they were read, and some after.
    is(
      gone.every((id) => !leave.has(id) && copy.rows.has(id)),
      true,
    );
    is(gone.length <= 12, true);
    const { progress } = found;
    is(`${progress?.complete} ${progress?.hidden !== null} ${progress?.pending} ${progress?.unknown}`, "true true 2 0");
    is(`${progress?.missing} ${progress?.stale} ${progress?.surplus}`, `1 1 ${found.surplus.length}`);
    is((progress?.compared ?? 0) >= 2500, true);
    for (const id of [...stay, ...leave, fresh]) await table.delete(id);
  },

  "comparison resumes where it stopped and counts hidden rows": async (world) => {
    const table = (await world.open()).table("incident");
    const copy = new Copy();
    const { handed } = await copy.run(world, table);
    for (const id of [...copy.rows.keys()].filter((_, place) => place % 100 === 0)) copy.rows.delete(id);
    let compared: string | undefined;
    const missing: string[] = [];
    let last: Syncs.ReconcileProgress | undefined;
    let runs = 0;
    for (; !last?.complete; runs += 1) {
      is(runs < 40, true);
      let batches = 0;
      const from = compared === undefined ? undefined : JSON.parse(compared);
      for await (const batch of world.syncs.reconcile(table, { copy: held(copy), pageSize: 150, compared: from })) {
        missing.push(...batch.missing);
        is(batch.stale.length + batch.surplus.length, 0);
        compared = JSON.stringify(batch.compared);
        last = batch.progress;
        batches += 1;
        if (batches === 2) break;
      }
    }
    is(runs > 5, true);
    is(new Set(missing).size, missing.length);
    is(missing.length, handed - copy.rows.size);
    is(`${last?.compared} ${(last?.compared ?? 0) + (last?.hidden ?? 0)} ${last?.total}`, `${handed} 2500 2500`);
  },

  "copy that is given page by page is compared whole": async (world) => {
    const table = (await world.open()).table("incident");
    const copy = new Copy();
    const { handed } = await copy.run(world, table);
    const ids = [...copy.rows.keys()].sort();
    const page = (after: string) =>
      ids
        .filter((id) => id > after)
        .map((id) => ({ id }))
        .slice(0, 400);
    let calls = 0;
    const copies: Record<string, Syncs.ReconcileOptions["copy"]> = {
      pages: (after) => {
        calls += 1;
        return page(after);
      },
      "pages that come later": async (after) => page(after),
      "all, whatever is asked": () => ids.map((id) => ({ id })),
      "all behind the id": (after) => ids.filter((id) => id > after).map((id) => ({ id })),
    };
    for (const [name, given] of Object.entries(copies)) {
      let last: Syncs.ReconcileProgress | undefined;
      for await (const { progress } of world.syncs.reconcile(table, { copy: given })) last = progress;
      is(`${name} ${last?.missing} ${last?.surplus} ${last?.compared} ${last?.complete}`, `${name} 0 0 ${handed} true`);
    }
    is(calls, Math.ceil(handed / 400) + 1);
  },

  "comparison refuses what it cannot compare": async ({ open, syncs }) => {
    const table = (await open()).table("incident");
    const failed = async (options: Partial<Syncs.ReconcileOptions>) => {
      try {
        for await (const { compared } of syncs.reconcile(table, { copy: [], pageSize: 500, ...options }))
          return compared;
      } catch (thrown) {
        if (thrown instanceof syncs.SyncError) return thrown.code;
        throw thrown;
      }
      return undefined;
    };
    const compared = (await failed({ query: "active=true" })) as Syncs.Compared;
    is(compared.total !== null && compared.rows > 0, true);
    is(await failed({ query: "active=false", compared }), "reconcile.other-query");
    is(await failed({ query: "active=true", compared: { ...compared, form: 2 } }), "reconcile.checkpoint");
    is(await failed({ compared: {} as never }), "reconcile.checkpoint");
    is(await failed({ query: "a=1^NQ" }), "reconcile.query");
    const [one, two] = ["1".repeat(32), "2".repeat(32)];
    is(await failed({ copy: [{ id: two }, { id: one }] }), "reconcile.copy");
    is(await failed({ copy: [{ number: "INC1" } as never] }), "options.type");
    is(await failed({ copy: undefined as never }), "options.type");
    is(await failed({ colour: 1 } as never), "options.unknown");
  },
};

/** The copy as a database gives it: by id, from behind one. */
function held(copy: Copy) {
  return async function* (after: string): AsyncGenerator<Syncs.Held> {
    for (const [id, text] of [...copy.rows].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const words = text.split(" ");
      if (id > after) yield { id, at: `${words[1]} ${words[2]}`, changes: words[3] as string };
    }
  };
}

export async function compare(
  { syncs }: World,
  table: Sysparm.Table,
  copy: Copy,
  options: Partial<Syncs.ReconcileOptions>,
  meanwhile: () => Promise<void>,
) {
  const found = { missing: [] as string[], stale: [] as string[], surplus: [] as string[] };
  let progress: Syncs.ReconcileProgress | undefined;
  for await (const batch of syncs.reconcile(table, { copy: held(copy), ...options })) {
    found.missing.push(...batch.missing);
    found.stale.push(...batch.stale);
    found.surplus.push(...batch.surplus);
    progress = batch.progress;
    await meanwhile();
  }
  return { ...found, progress };
}

/** A second that is over, and one for the lag. */
const settled = () => new Promise((wake) => setTimeout(wake, 2200));

function version(row: Sysparm.Row): string {
  return VERSION.map((name) => row[name]).join(" ");
}
