/** What the package promises of batches, imports and uploads whose answer is lost: looked up, and repeated only where nothing arrived. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const BATCH = "/api/now/v1/batch";
const FILE = "/api/now/attachment/file";
const IMPORT = "/api/now/import/imp_user";
const QUICK = { settleMs: 250 };

/** Lost after the instance has done it, and before it has looked at it; as the practice instance does both. */
const LOST = ["drop", "lose"] as const;

let keys = 0;
const nextKey = () => `lost ${Date.now()} ${++keys}`;

/** A network that can be made to lose the answers of some requests: a browser sends by itself again what a server drops. */
class Network {
  /** How many of them, and whether they are carried out. */
  losing: { times: number; carriesOut: boolean } = { times: 0, carriesOut: false };
  readonly #isMeant: (path: string, body: unknown) => boolean;

  constructor(isMeant: (path: string, body: unknown) => boolean) {
    this.#isMeant = isMeant;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const isMeant = init?.method === "POST" && this.#isMeant(new URL(String(input)).pathname, init.body);
    if (!isMeant || this.losing.times === 0) return fetch(input, init);
    this.losing.times -= 1;
    if (this.losing.carriesOut) await (await fetch(input, { ...init, signal: null })).arrayBuffer();
    throw new TypeError("connection lost");
  };
}

const hasWrites = (path: string, body: unknown) => path === BATCH && /"method":"(?!GET)/.test(String(body));

async function opened(world: World, options: Partial<Sysparm.ConnectOptions> = {}): Promise<Sysparm.Instance> {
  const instance = await world.open(options);
  await instance.token();
  return instance;
}

async function cleared(table: Sysparm.Table, query: string): Promise<void> {
  for await (const row of table.rows({ query, fields: ["sys_id"] })) await table.delete(String(row.sys_id));
}

const kinds = (outcomes: Sysparm.BatchOutcome[]) =>
  outcomes.map((one) => (one.ok ? (one.found ? "found" : String(one.status)) : one.error.name)).join();

export const LOST_ANSWER_CASES: Record<string, Case> = {
  "lost Batch call is looked up, missing writes are sent again": whereNoRowIsHidden(async (world) => {
    const honest = (await opened(world)).table("problem");
    const network = new Network(hasWrites);
    const instance = await opened(world, { fetch: network.fetch });
    for (const how of LOST) {
      const [kept, gone] = [await honest.create({ short_description: "one" }), await honest.create({})];
      const key = nextKey();
      const path = "/api/now/table/problem";
      const requests: Sysparm.BatchRequest[] = [
        { path: "/api/now/table/incident?sysparm_limit=1" },
        { method: "POST", path, body: { correlation_id: key, short_description: "by its own key" } },
        {
          method: "POST",
          path: `${path}?sysparm_fields=number,sys_id`,
          body: {},
          correlation: { field: "correlation_id" },
        },
        { method: "PATCH", path: `${path}/${kept.sys_id}`, body: { short_description: "two" } },
        { method: "DELETE", path: `${path}/${gone.sys_id}` },
        { method: "DELETE", path: `${path}/none` },
      ];
      if (IN_PAGE) network.losing = { times: 1, carriesOut: how === "drop" };
      // What identifies updates and deletes is read first.
      else await world.control("switches", { faults: [{ path: BATCH, kind: how, count: 1, after: 1 }] });
      const outcomes = await instance.batch<Sysparm.Row>(requests, { recovery: QUICK });
      await world.control("switches", { faults: [] });
      const done = how === "drop" ? "found,found,found,found" : "201,201,200,204";
      is(kinds(outcomes), `200,${done},RecordError`);
      const [, own, made, changed] = outcomes.map((one) => (one.ok ? one.result : undefined));
      is(`${own?.correlation_id} ${own?.short_description}`, `${key} by its own key`);
      is(
        Object.keys(made ?? {})
          .sort()
          .join(),
        "number,sys_id",
      );
      is(`${changed?.short_description} ${changed?.sys_mod_count}`, "two 1");
      is(await honest.count(`correlation_id=${key}`), 1);
      is(await honest.count(`sys_id=${gone.sys_id}`), 0);
      for (const row of [own, made, kept]) await honest.delete(String(row?.sys_id));
    }
  }),

  "half-done batch repeats only the other half": whereNoRowIsHidden(async (world) => {
    const honest = (await opened(world)).table("problem");
    const values = Array.from({ length: 6 }, nextKey);
    const half = await opened(world, {
      fetch: async (input, init) => {
        if (init?.method !== "POST" || !hasWrites(new URL(String(input)).pathname, init.body))
          return fetch(input, init);
        const sent = JSON.parse(String(init.body)) as { rest_requests: { id: string }[] };
        // Half of it is worked on, and then the connection breaks; what comes later is answered.
        if (sent.rest_requests.length < 6) return fetch(input, init);
        const body = JSON.stringify({ ...sent, rest_requests: sent.rest_requests.slice(0, 3) });
        await (await fetch(input, { ...init, body })).arrayBuffer();
        throw new TypeError("connection lost");
      },
    });
    const outcomes = await half.batch(
      values.map((value) => ({ method: "POST", path: "/api/now/table/problem", body: { correlation_id: value } })),
      { recovery: QUICK },
    );
    is(kinds(outcomes), "found,found,found,201,201,201");
    for (const value of values) {
      is(await honest.count(`correlation_id=${value}`), 1);
      await cleared(honest, `correlation_id=${value}`);
    }
  }),

  "earlier record with the key is not taken for a lost batch's": whereNoRowIsHidden(async (world) => {
    const network = new Network(hasWrites);
    const instance = await opened(world, { fetch: network.fetch });
    const table = instance.table("problem");
    const value = nextKey();
    const old = await table.create({ correlation_id: value, short_description: "another system's" });
    for (const carriesOut of [true, false]) {
      network.losing = { times: 1, carriesOut };
      const body = { correlation_id: value, short_description: `carried out: ${carriesOut}` };
      const request: Sysparm.BatchRequest = { method: "POST", path: "/api/now/table/problem", body };
      const [made] = await instance.batch<Sysparm.Row>([request], { recovery: QUICK });
      is(
        made?.ok && `${made.found} ${made.result.short_description}`,
        `${carriesOut || undefined} ${body.short_description}`,
      );
      is(made?.ok && made.result.sys_id === old.sys_id, false);
    }
    is(await table.count(`correlation_id=${value}`), 3);
    await cleared(table, `correlation_id=${value}`);
  }),

  "lost Batch call reports undecidable requests, repeats none": whereNoRowIsHidden(async (world) => {
    const honest = (await opened(world)).table("problem");
    const made = await honest.create({ short_description: "one" });
    const text = nextKey();
    const patch = (value: string): Sysparm.BatchRequest => {
      return { method: "PATCH", path: `/api/now/table/problem/${made.sys_id}`, body: { short_description: value } };
    };
    const network = new Network(hasWrites);
    network.losing = { times: 1, carriesOut: true };
    const instance = await opened(world, { fetch: network.fetch });
    const outcomes = await instance.batch(
      [
        { method: "POST", path: "/api/now/table/problem", body: { short_description: text } },
        patch("two"),
        patch("three"),
        { method: "POST", path: "/api/now/import/imp_user", body: { user_name: text } },
        ...[1, 2].map((): Sysparm.BatchRequest => {
          return { method: "POST", path: "/api/now/table/problem", body: { correlation_id: text } };
        }),
      ],
      { recovery: QUICK },
    );
    is(kinds(outcomes), Array(6).fill("UnknownOutcomeError").join());
    const [create, first, second] = outcomes.map((one) => (one.ok ? undefined : one.error));
    is(
      create?.diagnosis.evidence.some((line) => line.includes("how to find")),
      true,
    );
    is(JSON.stringify(first?.known?.sys_mod_count), '{"before":0,"after":2}');
    is(second?.known?.ids.join(), made.sys_id);
    is(await honest.count(`short_description=${text}`), 1);
    const { short_description: now, sys_mod_count: count } = await honest.get(String(made.sys_id));
    is(`${now} ${count}`, "three 2");
    is(await honest.count(`correlation_id=${text}`), 2);
    await cleared(honest, `short_description=${text}^ORcorrelation_id=${text}`);
    await honest.delete(String(made.sys_id));
  }),

  "batch of lost writes ends; an unusable key is refused": whereNoRowIsHidden(async (world) => {
    const value = nextKey();
    const create = { method: "POST", path: "/api/now/table/problem", body: { correlation_id: value } } as const;
    const network = new Network(hasWrites);
    const instance = await opened(world, { fetch: network.fetch });
    const recovery = { settleMs: 200, attempts: 2 };
    // Nothing has shown yet that the instance keeps the key: new records have none, and this one may be among them.
    network.losing = { times: 9, carriesOut: false };
    const blank = await instance.table("problem").create({});
    const [unsure] = await instance.batch([create], { recovery });
    is(`${unsure?.ok === false && unsure.error.known?.sends}`, "1");
    network.losing.times = 0;
    const answered = { ...create, body: { correlation_id: nextKey() } };
    const [made] = await instance.batch<Sysparm.Row>([answered], { recovery });
    for (const row of [blank, made?.ok ? made.result : undefined])
      await instance.table("problem").delete(String(row?.sys_id));
    network.losing.times = 9;
    const [lost] = await instance.batch([create], { recovery });
    const known = lost?.ok === false ? lost.error.known : undefined;
    is(`${lost?.ok === false && lost.error.name} ${known?.sends} ${known?.records}`, "UnknownOutcomeError 2 0");
    const refused = async (request: object, options: Sysparm.BatchOptions = {}) =>
      (await world.thrown(() => instance.batch([request as Sysparm.BatchRequest], options))).code;
    is(await refused({ path: "/api/now/table/problem", correlation: { field: "number" } }), "options.correlation");
    is(await refused({ ...create, correlation: { field: "a b" } }), "options.correlation");
    is(await refused({ ...create, correlation: { field: "correlation_id", value: "b" } }), "options.correlation");
    is(await refused(create, { recovery: { attempts: 0 } }), "options.recovery");
  }),

  "import row with a lost answer is found staged, or sent again": async (world) => {
    const network = new Network((path) => path === IMPORT);
    const instance = await opened(world, { fetch: network.fetch });
    const staged = instance.table("imp_user");
    const staging = instance.importSet("imp_user");
    const options: Sysparm.ImportOptions = { correlation: { field: "user_name" }, recovery: QUICK };
    const name = nextKey();
    // The same key was imported before, which is no answer to what is sent now.
    is((await staging.insert({ user_name: name, first_name: "Ada" })).counts.inserted, 1);
    for (const how of LOST) {
      if (IN_PAGE) network.losing = { times: 1, carriesOut: how === "drop" };
      else await world.control("switches", { faults: [{ path: IMPORT, kind: how, count: 1 }] });
      const before = await staged.count(`user_name=${name}`);
      const [row] = (await staging.insert({ user_name: name, first_name: how }, options)).rows;
      await world.control("switches", { faults: [] });
      is(`${row?.status} ${row?.found} ${row?.results[0]?.table}`, `updated ${how === "drop" || undefined} sys_user`);
      is((await staged.count(`user_name=${name}`)) - before, 1);
      const { rows: users } = await instance.table("sys_user").list({ query: `user_name=${name}` });
      is(`${users.length} ${users[0]?.first_name}`, `1 ${how}`);
    }
    const cut = await staging.insert({ first_name: "nobody" }, { correlation: { field: "user_name" } });
    is(cut.counts.inserted, 1);
    const { rows: made } = await staged.list({ query: "first_name=nobody" });
    is(/^[\da-f]{8}-/.test(String(made[0]?.user_name)), true);
  },

  "import of many rows is found whole, or sent again": async (world) => {
    const network = new Network((path) => path === `${IMPORT}/insertMultiple`);
    const instance = await opened(world, { fetch: network.fetch });
    const staging = instance.importSet("imp_user");
    const options: Sysparm.ImportOptions = { correlation: { field: "user_name" }, recovery: QUICK };
    for (const [place, count] of [60, 3].entries()) {
      network.losing = { times: 1, carriesOut: place === 0 };
      const name = nextKey();
      const rows = Array.from({ length: count }, (_, row) => ({ user_name: `${name} ${row}` }));
      const { importSetId } = await staging.insertMultiple(rows, options);
      is((await staging.results(importSetId)).rows.length, count);
      is(await instance.table("imp_user").count(`user_nameSTARTSWITH${name}`), count);
    }
  },

  "import staged in part or twice is reported, not repeated": async (world) => {
    const name = nextKey();
    const rows = Array.from({ length: 4 }, (_, row) => ({ user_name: `${name} ${row}` }));
    let times = 1;
    const instance = await opened(world, {
      fetch: async (input, init) => {
        if (init?.method !== "POST" || !String(input).includes("/api/now/import/")) return fetch(input, init);
        const body = JSON.parse(String(init.body));
        const part = body.records ? { records: body.records.slice(0, 3) } : body;
        for (let sent = 0; sent < times; sent += 1) {
          await (await fetch(input, { ...init, body: JSON.stringify(part) })).arrayBuffer();
        }
        throw new TypeError("connection lost");
      },
    });
    const staging = instance.importSet("imp_user");
    const options: Sysparm.ImportOptions = { correlation: { field: "user_name" }, recovery: QUICK };
    const error = await world.thrown(() => staging.insertMultiple(rows, options));
    is(`${error.name} ${error.known?.records} ${error.known?.ids.length}`, "UnknownOutcomeError 3 1");
    times = 2;
    const [row] = (await staging.insert({ user_name: nextKey() }, options)).rows;
    is(`${row?.status} ${row?.error?.code} ${row?.error?.known?.ids.length}`, "failed write.duplicated 2");
    const refused = async (rows: Sysparm.ImportRow[], options: object) =>
      (await world.thrown(() => staging.insert(rows, options))).code;
    is(await refused([{ user_name: "a" }, { user_name: "a" }], options), "options.correlation");
    is(await refused([{ user_name: "a^b" }], options), "options.correlation");
    is(await refused([{ user_name: "a" }], { recovery: QUICK }), "options.correlation");
  },

  "upload with a lost answer is found, or sent again": whereNoRowIsHidden(async (world) => {
    const network = new Network((path) => path === FILE);
    const instance = await opened(world, { fetch: network.fetch });
    const { attachments } = instance;
    const record = String((await instance.table("problem").create({})).sys_id);
    const bytes = new TextEncoder().encode("what burns is the printer");
    const upload = (given: Partial<Sysparm.Upload> = {}) =>
      attachments.upload({ table: "problem", record, name: "a.txt", body: bytes, recovery: QUICK, ...given });
    const held = async () => (await attachments.list({ table: "problem", record })).attachments.length;
    // One of the same name and content that was there before is no answer.
    const old = await upload();
    const bodies = [() => bytes, () => new Blob([bytes]), () => new Blob([bytes]).stream()];
    let count = 1;
    for (const body of bodies) {
      for (const how of LOST) {
        if (IN_PAGE) network.losing = { times: 1, carriesOut: how === "drop" };
        else await world.control("switches", { faults: [{ path: FILE, kind: how, count: 1 }] });
        const given = { body: body(), progress: () => undefined };
        // A stream is spent: it is found, or reported.
        const isReported = given.body instanceof ReadableStream && how === "lose" && !IN_PAGE;
        if (isReported) {
          const error = await world.thrown(() => upload(given));
          is(`${error.name} ${error.known?.ids.length} ${error.known?.sends}`, "UnknownOutcomeError 0 1");
        } else {
          const made = await upload(given);
          count += 1;
          is(`${made.name} ${made.size} ${made.sys_id !== old.sys_id}`, `a.txt ${bytes.length} true`);
        }
        await world.control("switches", { faults: [] });
        is(await held(), count);
      }
    }
    await instance.table("problem").delete(record);
  }),

  "ambiguous upload reports what was seen and is not repeated": whereNoRowIsHidden(async (world) => {
    let meanwhile = async () => {};
    const instance = await opened(world, {
      fetch: async (input, init) => {
        if (init?.method !== "POST" || !String(input).includes(FILE)) return fetch(input, init);
        await meanwhile();
        throw new TypeError("connection lost");
      },
    });
    const others = await opened(world);
    const record = String((await others.table("problem").create({})).sys_id);
    const upload = (by: Sysparm.Instance, text: string, name = "a.txt") => {
      const body = new TextEncoder().encode(text);
      return by.attachments.upload({ table: "problem", record, name, body, recovery: QUICK });
    };
    const outcomeOf = async (text: string) => {
      const error = await world.thrown(() => upload(instance, text));
      return `${error.name} ${error.code} ${error.known?.ids.length}`;
    };
    const UNKNOWN = "UnknownOutcomeError write.unknown-outcome";
    // Another content of the same size, another size, another name.
    meanwhile = async () => void (await upload(others, "bbbb"));
    is(await outcomeOf("aaaa"), `${UNKNOWN} 1`);
    meanwhile = async () => void (await upload(others, "aa"));
    is(await outcomeOf("aaaa"), `${UNKNOWN} 1`);
    meanwhile = async () => void (await upload(others, "aaaa", "a (1).txt"));
    is(await outcomeOf("aaaa"), `${UNKNOWN} 0`);
    meanwhile = async () => {
      await upload(others, "aaaa");
      await upload(others, "aaaa");
    };
    is(await outcomeOf("aaaa"), "RecordError write.duplicated 2");
    is((await others.attachments.list({ table: "problem", record })).attachments.length, 5);
    await others.table("problem").delete(record);
  }),
};
