/** What the package promises of writes whose answer is lost, and of those that expect a version. Every fault of the way is tried. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const PATH = "/api/now/table/problem";

/** Strikes the next request of a path; in a page its preflight goes ahead of it. */
async function strike(world: World, kind: unknown, path = PATH): Promise<void> {
  await world.control("switches", { faults: [{ path, kind, count: 1, after: IN_PAGE ? 1 : 0 }] });
}

/** A network that carries the next write out, or does not, and tells nothing: a browser would send it again by itself. */
function losing(isCarriedOut: () => boolean): { fetch: typeof fetch } {
  return {
    fetch: async (input, init) => {
      const isWrite = init?.method === "POST" && String(input).includes("/api/now/table/");
      if (!isWrite) return fetch(input, init);
      if (isCarriedOut()) await (await fetch(input, init)).text();
      throw new TypeError("connection lost");
    },
  };
}

let keys = 0;
const nextKey = () => `key ${Date.now()} ${++keys}`;
const QUICK = { settleMs: 400 };

async function opened(world: World, options: Partial<Sysparm.ConnectOptions> = {}): Promise<Sysparm.Instance> {
  const instance = await world.open(options);
  await instance.token();
  return instance;
}

/** One record, or in a page, whose browser may send a request again by itself, two that are reported. */
async function createdOnce(world: World, table: Sysparm.Table, options: Sysparm.CreateOptions): Promise<void> {
  const value = options.correlation?.value ?? "";
  let made: Sysparm.Row | undefined;
  try {
    made = await table.create({ short_description: "sysparm recovers" }, options);
  } catch (thrown) {
    const { code, known } = thrown as Sysparm.SysparmError;
    if (!IN_PAGE || code !== "write.duplicated") throw thrown;
    is(known?.ids.length, 2);
  }
  const { rows } = await table.list({ query: `correlation_id=${value}` });
  is(rows.length, made ? 1 : 2);
  if (made) is(`${made.sys_id} ${made.short_description}`, `${rows[0]?.sys_id} sysparm recovers`);
  for (const { sys_id } of rows) await table.delete(String(sys_id));
  await world.control("switches", { faults: [] });
}

const KINDS = [
  "drop",
  "lose",
  "reset",
  "truncate",
  { status: { status: 500 } },
  { status: { status: 502 } },
  { status: { status: 503 } },
  { status: { status: 504 } },
  { status: { status: 202 } },
  { status: { status: 429 } },
  { content_type: { value: "text/plain" } },
  "revoke_tokens",
];
/** Done without an answer, never processed, half answered, answered by another, refused. */
const FEWER = ["drop", "lose", "truncate", { status: { status: 504 } }, { status: { status: 202 } }];

export const RECOVERY_CASES: Record<string, Case> = {
  "create with a lost answer makes one record": async (world) => {
    const table = (await opened(world)).table("problem");
    for (const kind of KINDS) {
      await strike(world, kind);
      const correlation = { field: "correlation_id", value: nextKey(), verify: true };
      await createdOnce(world, table, { correlation, recovery: QUICK });
    }
  },

  "create on a random network makes one record or is reported": async (world) => {
    const instance = await opened(world, { pace: { breaker: false, concurrency: 8 } });
    const table = instance.table("problem");
    const faults = ["drop", "lose", "reset", "truncate", { status: { status: 503 } }].map((kind) => {
      return { path: PATH, kind, probability: 0.12 };
    });
    await world.control("switches", { faults });
    const keys = Array.from({ length: 24 }, nextKey);
    const outcomes = await Promise.allSettled(
      keys.map((value) => table.create({}, { correlation: { field: "correlation_id", value }, recovery: QUICK })),
    );
    await world.control("switches", { faults: [] });
    const counts = await Promise.all(keys.map((value) => table.count(`correlation_id=${value}`)));
    for (const [place, outcome] of outcomes.entries()) {
      const count = counts[place] ?? 0;
      if (outcome.status === "fulfilled") is(count, 1);
      else if (outcome.reason.code === "write.duplicated") is(IN_PAGE && count > 1, true);
      else is(`${outcome.reason.name} ${IN_PAGE || count <= 1}`, "UnknownOutcomeError true");
    }
    const done = outcomes.filter(({ status }) => status === "fulfilled").length;
    is(done >= (IN_PAGE ? 4 : 20), true);
    for (const value of keys) {
      for await (const row of table.rows({ query: `correlation_id=${value}` })) await table.delete(String(row.sys_id));
    }
  },

  "create that is answered too late makes one record": async (world) => {
    const table = (await opened(world, { timeLimits: { callMs: 500 } })).table("problem");
    await strike(world, { delay: { ms: 1500 } });
    await createdOnce(world, table, {
      correlation: { field: "correlation_id", value: nextKey(), verify: true },
      recovery: QUICK,
    });
  },

  "create executed twice reports both records": async (world) => {
    const table = (await opened(world)).table("problem");
    await world.control("switches", { faults: [{ path: PATH, kind: "duplicate", count: IN_PAGE ? 2 : 1 }] });
    const value = nextKey();
    const create = () => table.create({}, { correlation: { field: "correlation_id", value, verify: true } });
    const error = await world.thrown(create);
    await world.control("switches", { faults: [] });
    is(`${error.name} ${error.code} ${error.known?.ids.length}`, "RecordError write.duplicated 2");
    is((error.diagnosis.causes[0]?.fix.length ?? 0) > 0, true);
    for (const id of error.known?.ids ?? []) await table.delete(id);
  },

  "missing key is generated, and shown only on request": async (world) => {
    const table = (await opened(world)).table("problem");
    const made = await table.create({}, { correlation: { field: "correlation_id" }, fields: ["sys_id"] });
    is(Object.keys(made).join(), "sys_id");
    const { correlation_id: key } = await table.get(String(made.sys_id));
    is(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(String(key)), true);
    await table.delete(String(made.sys_id));
  },

  "record of an earlier run is found before another is made": async (world) => {
    const table = (await opened(world)).table("problem");
    const correlation = { field: "correlation_id", value: nextKey(), lookFirst: true };
    const first = await table.create({}, { correlation });
    const second = await table.create({}, { correlation });
    is(second.sys_id, first.sys_id);
    is(await table.count(`correlation_id=${correlation.value}`), 1);
    await table.delete(String(first.sys_id));
  },

  "create still in progress at a disconnect is waited for": async (world) => {
    let late: Promise<unknown> | undefined;
    const slow = await opened(world, {
      fetch: async (input, init) => {
        if (init?.method !== "POST" || !String(input).includes("/problem")) return fetch(input, init);
        late = new Promise((wake) => setTimeout(wake, 350)).then(() => fetch(input, { ...init, signal: null }));
        throw new TypeError("connection lost");
      },
    });
    const value = nextKey();
    const correlation = { field: "correlation_id", value };
    const made = await slow.table("problem").create({}, { correlation, recovery: { settleMs: 900 } });
    await late;
    const table = (await opened(world)).table("problem");
    is(await table.count(`correlation_id=${value}`), 1);
    await table.delete(String(made.sys_id));
  },

  "create is not repeated if its key proves nothing": async (world) => {
    let isCarriedOut = true;
    const table = (
      await opened(
        world,
        losing(() => isCarriedOut),
      )
    ).table("problem");
    const honest = (await opened(world)).table("problem");
    const text = nextKey();
    const options = { correlation: { field: "u_none" }, recovery: { settleMs: 300 } };
    const create = () => table.create({ short_description: text }, options);
    const written = () => honest.count(`short_description=${text}`);
    // The instance ignores a condition that it does not understand, or answers it with nothing at all.
    const ignored = await world.thrown(create);
    is(`${ignored.name} ${ignored.known?.sends} ${await written()}`, "UnknownOutcomeError 1 1");
    await world.control("switches", { invalid_field_regime: "no_rows" });
    isCarriedOut = false;
    const unseen = await world.thrown(create);
    await world.control("switches", { invalid_field_regime: "ignore" });
    is(`${unseen.name} ${unseen.known?.records} ${unseen.known?.sends}`, "UnknownOutcomeError 0 1");
    is(await written(), 1);
    // Where it is answered, the instance has dropped the key without a word.
    const dropped = await world.thrown(() => honest.create({ short_description: text }, options));
    is(`${dropped.code} ${dropped.known?.ids.length}`, "write.key-dropped 1");
    for await (const row of honest.rows({ query: `short_description=${text}` })) {
      await honest.delete(String(row.sys_id));
    }
  },

  "create whose key the instance drops is not repeated": async (world) => {
    const dropping = await opened(world, {
      fetch: async (input, init) => {
        if (init?.method !== "POST" || !String(input).includes("/problem")) return fetch(input, init);
        const { correlation_id: _, ...row } = JSON.parse(String(init.body));
        await (await fetch(input, { ...init, body: JSON.stringify(row) })).text();
        throw new TypeError("connection lost");
      },
    });
    const text = nextKey();
    const options = { correlation: { field: "correlation_id" }, recovery: { settleMs: 300 } };
    const create = () => dropping.table("problem").create({ short_description: text }, options);
    const error = await world.thrown(create);
    is(`${error.name} ${error.known?.sends}`, "UnknownOutcomeError 1");
    const table = (await opened(world)).table("problem");
    const { rows } = await table.list({ query: `short_description=${text}` });
    is(rows.length, 1);
    await table.delete(String(rows[0]?.sys_id));
  },

  "record that access rules hide is not created again": async (world) => {
    const table = (
      await opened(
        world,
        losing(() => true),
      )
    ).table("incident");
    const honest = (await opened(world)).table("incident");
    const value = nextKey();
    await world.control("switches", { hidden: 1 });
    const create = () =>
      table.create({}, { correlation: { field: "correlation_id", value }, recovery: { settleMs: 300 } });
    const error = await world.thrown(create);
    await world.control("switches", { hidden: 0 });
    const { rows } = await honest.list({ query: `correlation_id=${value}` });
    for (const { sys_id } of rows) await honest.delete(String(sys_id));
    await world.control("switches", { hidden: 0.04 });
    is(`${error.name} ${error.known?.records} ${error.known?.ids.length}`, "UnknownOutcomeError 1 0");
    is(rows.length, 1);
  },

  "create refused after it was written is reported": async (world) => {
    const table = (await opened(world)).table("problem");
    const value = nextKey();
    const refusing = await world.open({
      fetch: async (input, init) => {
        const reply = await fetch(input, init);
        if (init?.method !== "POST" || !String(input).includes("/problem")) return reply;
        await reply.text();
        const detail = "ACL Exception Insert Failed due to security constraints";
        return Response.json({ error: { message: "Operation Failed", detail }, status: "failure" }, { status: 403 });
      },
    });
    const create = () => refusing.table("problem").create({}, { correlation: { field: "correlation_id", value } });
    const error = await world.thrown(create);
    is(`${error.name} ${error.known?.records}`, "UnknownOutcomeError 1");
    is(await table.count(`correlation_id=${value}`), 1);
    await table.delete(error.known?.ids[0] ?? "");
  },

  "outcome that cannot be looked up stays unknown": async (world) => {
    const table = (await opened(world, { pace: { attempts: 1, breaker: false } })).table("problem");
    const correlation = { field: "correlation_id", value: nextKey() };
    await world.control("switches", { faults: [{ path: "/api/now/", kind: { status: { status: 500 } } }] });
    const error = await world.thrown(() => table.create({}, { correlation, recovery: { settleMs: 300 } }));
    is(`${error.name} ${error.code}`, "UnknownOutcomeError write.unknown-outcome");
    is(
      error.diagnosis.evidence.some((line) => line.startsWith("The look failed")),
      true,
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 200);
    const aborted = await table
      .create({}, { correlation, signal: controller.signal })
      .catch((thrown: unknown) => thrown);
    await world.control("switches", { faults: [] });
    is(aborted, "enough");
    is(await table.count(`correlation_id=${correlation.value}`), 0);
  },

  "create that surely never happens ends after its attempts": async (world) => {
    const table = (await opened(world, { pace: { breaker: false } })).table("problem");
    const correlation = { field: "correlation_id", value: nextKey() };
    await world.control("switches", { faults: [{ path: PATH, kind: "lose" }] });
    const error = await world.thrown(() => table.create({}, { correlation, recovery: { settleMs: 100, attempts: 2 } }));
    await world.control("switches", { faults: [] });
    is(`${error.name} ${error.known?.records} ${error.known?.sends}`, "UnknownOutcomeError 0 2");
    is(await table.count(`correlation_id=${correlation.value}`), 0);
  },

  "update is written only to the version that it expects": async (world) => {
    const instance = await opened(world);
    const table = instance.table("problem");
    const made = await table.create({ short_description: "one" });
    const id = String(made.sys_id);
    const expect = { sys_mod_count: String(made.sys_mod_count) };
    const changed = await table.update(id, { short_description: "two" }, { expect, fields: ["short_description"] });
    is(JSON.stringify(changed), '{"short_description":"two"}');
    const error = await world.thrown(() => table.update(id, { short_description: "three" }, { expect }));
    is(`${error.name} ${error.code}`, "RecordError record.changed");
    is(JSON.stringify(error.known?.sys_mod_count), '{"before":0,"after":1}');
    is((await table.get(id)).short_description, "two");
    is((await world.thrown(() => table.delete(id, { expect }))).code, "record.changed");
    // Between the look and the write nothing keeps another out: it is noticed afterwards.
    const overtaking = await world.open({
      fetch: async (input, init) => {
        if (init?.method === "PATCH") await table.update(id, { workaround: "other" });
        return fetch(input, init);
      },
    });
    const late = overtaking.table("problem");
    const write = () => late.update(id, { short_description: "three" }, { expect: { sys_mod_count: 1 } });
    is((await world.thrown(write)).code, "record.overtaken");
    const { short_description: text, workaround } = await table.get(id);
    is(`${text} ${workaround}`, "three other");
    is((await world.thrown(() => table.update(id, {}, { expect: { sys_mod_count: "" } }))).code, "options.type");
    await table.delete(id, { expect: { sys_mod_count: 3 } });
  },

  "update with a lost answer is found done, or repeated": async (world) => {
    const table = (await opened(world)).table("problem");
    const made = await table.create({ short_description: "one" });
    const id = String(made.sys_id);
    let count = Number(made.sys_mod_count);
    for (const [place, kind] of FEWER.entries()) {
      // The look before the write is the first request; in a page each has a preflight.
      const after = IN_PAGE ? 3 : 1;
      await world.control("switches", { faults: [{ path: PATH, kind, count: 1, after }] });
      const text = `version ${place}`;
      const row = await table.update(id, { short_description: text, active: place % 2 === 0 }, { recovery: QUICK });
      count += 1;
      is(`${row.short_description} ${row.sys_mod_count}`, `${text} ${count}`);
      await world.control("switches", { faults: [] });
    }
    // Somebody else writes too, so that the count no longer tells whose write it was.
    const other = await opened(world);
    const contended = await world.open({
      fetch: async (input, init) => {
        if (init?.method !== "PATCH") return fetch(input, init);
        await fetch(input, init);
        await other.table("problem").update(id, { short_description: "other" });
        throw new TypeError("connection lost");
      },
    });
    const write = () => contended.table("problem").update(id, { short_description: "mine" }, { recovery: QUICK });
    const error = await world.thrown(write);
    is(error.name, "UnknownOutcomeError");
    is(JSON.stringify(error.known?.sys_mod_count), JSON.stringify({ before: count, after: count + 2 }));
    is((await table.get(id)).short_description, "other");
    await table.delete(id);
  },

  "delete with a lost answer is found done, or repeated": async (world) => {
    const table = (await opened(world)).table("problem");
    for (const kind of FEWER) {
      const id = String((await table.create({})).sys_id);
      await strike(world, kind);
      await table.delete(id, { recovery: QUICK });
      await world.control("switches", { faults: [] });
      is(await table.count(`sys_id=${id}`), 0);
    }
    const gone = await world.thrown(() => table.delete("0".repeat(32), { recovery: QUICK }));
    is(gone.code, "record.not-found");
  },

  "unusable recovery or key is refused before anything is sent": whereNoRowIsHidden(async (world) => {
    const table = (await opened(world)).table("problem");
    const refused = async (options: Sysparm.CreateOptions, row: Sysparm.Written = {}) =>
      (await world.thrown(() => table.create(row, options))).code;
    const field = "correlation_id";
    is(await refused({ correlation: { field: "a^b" } }), "options.correlation");
    is(await refused({ correlation: { field, value: "a^ORactive=true" } }), "options.correlation");
    is(await refused({ correlation: { field, value: "javascript:gs.now()" } }), "options.correlation");
    is(await refused({ correlation: { field, value: "a" } }, { [field]: "b" }), "options.correlation");
    is(await refused({ correlation: { field }, recovery: { settleMs: -1 } }), "options.recovery");
    is(await refused({ correlation: { field }, recovery: { attempts: 0 } }), "options.recovery");
    is(await table.count("short_description=sysparm recovers"), 0);
  }),
};
