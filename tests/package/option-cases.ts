/**
 * The options of every call, in one table: an unknown name, a value of a wrong type and a signal that is none are refused alike, before
 * anything is sent, by messages of one pattern: what is wrong, with the option named, then what to pass.
 */
import type { SysparmError } from "sysparm";
import { type Case, is, type World } from "./cases.js";

/** Options by name, and what is wrong for each; with a code where it is not `options.type`. */
type Wrongs = Record<string, unknown | [wrong: unknown, code: string]>;

interface Entry {
  call: (options: unknown) => unknown;
  wrongs: Wrongs;
  /** What the call cannot do without. */
  needed?: object;
  unknown?: string;
  other?: string;
}

const given = (value: unknown) => value as never;
const RECOVERY = [1, "options.recovery"];
const DISPLAY_VALUE = ["both", "options.display-value"];
const CALL = { headers: 1, params: [1], signal: {} };
const RECORD = { fields: "number", displayValue: DISPLAY_VALUE, ...CALL };
const COUNT = Number.NaN;
const NO_SIGNAL = new AbortController();
const ID = "0".repeat(32);

async function first<T>(iterable: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of iterable) return one;
  return undefined;
}

async function entries({ open, sysparm, queries, syncs, doctor, url }: World): Promise<Record<string, Entry>> {
  const instance = await open();
  const { attachments } = instance;
  const table = instance.table("incident");
  const staging = instance.importSet("imp_user");
  const schema = { table: "incident", tables: { incident: { fields: { number: { type: "string" } } } } };
  const none = queries.Query.where("number").is("none");
  const read = {
    query: {},
    ...RECORD,
    pageSize: 1.5,
    limit: -1,
    by: ["key", "options.by"],
    ahead: [9, "options.ahead"],
  };
  const sync = { query: [], pageSize: 0, ahead: [-1, "options.ahead"], ...CALL, signal: NO_SIGNAL };
  const write = { correlation: ["a", "options.correlation"], recovery: RECOVERY };
  const where: Pick<Entry, "wrongs" | "needed" | "unknown"> = {
    wrongs: {
      schema: [1, "query.schema"],
      confirm: [true, "query.unconfirmed"],
      limit: ["1", "query.limit"],
      signal: {},
    },
    needed: { schema, confirm: () => true },
    unknown: "query.option",
  };
  return {
    "connect()": {
      call: (options) => sysparm.connect(given(options)),
      wrongs: {
        url: 1,
        auth: "me",
        timeLimits: 70_000,
        pace: [],
        fetch: "fetch",
        store: {},
        lock: {},
        onEvent: {},
        onRequest: {},
        onResponse: "log",
        release: 7,
        joinReads: "yes",
        maxBodyBytes: COUNT,
      },
      needed: { url, auth: { token: "t" } },
    },
    pace: {
      call: (pace) => sysparm.connect({ url, auth: { token: "t" }, pace: given(pace) }),
      wrongs: { concurrency: "1", attempts: true, budgetMs: {}, maxWaitMs: COUNT, breaker: true },
    },
    timeLimits: {
      call: (timeLimits) => sysparm.connect({ url, auth: { token: "t" }, timeLimits: given(timeLimits) }),
      wrongs: { callMs: "1", tokenMs: null },
    },
    "token()": { call: (options) => instance.token(given(options)), wrongs: { refused: 1, signal: {} } },
    "signIn()": { call: (options) => instance.signIn(given(options)), wrongs: { open: "_blank" } },
    "signOut()": { call: (options) => instance.signOut(given(options)), wrongs: { revoke: "yes" } },
    "pages()": { call: (options) => first(table.pages(given(options))), wrongs: read },
    "rows()": { call: (options) => first(table.rows(given(options))), wrongs: read },
    "list()": { call: (options) => table.list(given(options)), wrongs: read },
    "count()": { call: (options) => table.count("", given(options)), wrongs: { ...CALL, verify: 1 } },
    "get()": { call: (options) => table.get(ID, given(options)), wrongs: RECORD },
    "create()": { call: (options) => table.create({}, given(options)), wrongs: { ...RECORD, ...write } },
    "update()": {
      call: (options) => table.update(ID, {}, given(options)),
      wrongs: { ...RECORD, expect: 1, recovery: RECOVERY },
    },
    "delete()": {
      call: (options) => table.delete(ID, given(options)),
      wrongs: { expect: 1, recovery: RECOVERY, ...CALL },
    },
    "findBy()": { call: (options) => table.findBy("number", "1", given(options)), wrongs: RECORD },
    "upsert()": {
      call: (options) => table.upsert({ number: "1" }, given(options)),
      wrongs: { ...RECORD, by: 1, recovery: RECOVERY },
      needed: { by: "number" },
    },
    recovery: {
      call: (options) => table.delete(ID, { recovery: given({ ...(options as object) }) }),
      wrongs: { settleMs: ["1", "options.recovery"], attempts: [0, "options.recovery"] },
    },
    "aggregate()": {
      call: (options) => instance.aggregate("incident", given(options)),
      wrongs: {
        query: 1,
        avg: "a",
        min: "a",
        max: ["a-b"],
        sum: {},
        groupBy: "a",
        having: 1,
        orderBy: 1,
        displayValue: DISPLAY_VALUE,
        verify: "yes",
        ...CALL,
      },
    },
    "batch()": {
      call: (options) => instance.batch([], given(options)),
      wrongs: { size: [0, "options.size"], recovery: RECOVERY, headers: 1, signal: {} },
    },
    "insert()": { call: (options) => staging.insert({ a: 1 }, given(options)), wrongs: { ...write, ...CALL } },
    "insertMultiple()": {
      call: (options) => staging.insertMultiple([{ a: 1 }], given(options)),
      wrongs: { multiImportSetId: 1, runAfter: 1, ...write, ...CALL },
    },
    "results()": { call: (options) => staging.results(ID, given(options)), wrongs: CALL },
    "attachments.list()": {
      call: (options) => attachments.list(given(options)),
      wrongs: { query: 1, table: 1, record: 1, ...CALL },
      needed: {},
    },
    "attachments.upload()": {
      call: (options) => attachments.upload(given(options)),
      wrongs: {
        table: "",
        record: 1,
        name: null,
        type: "a\nb",
        body: ["text", "request.body"],
        maxBytes: "1 GB",
        recovery: RECOVERY,
        progress: 1,
        ...CALL,
      },
      needed: { table: "incident", record: ID, name: "a.txt", body: new Uint8Array(1) },
    },
    "attachments.download()": {
      call: (options) => attachments.download(ID, given(options)),
      wrongs: { progress: {}, ...CALL },
    },
    "attachments.delete()": { call: (options) => attachments.delete(ID, given(options)), wrongs: CALL },
    "sync()": {
      call: (options) => first(syncs.sync(table, given(options))),
      wrongs: { ...sync, fields: "number", displayValue: [true, "sync.labels"], deletions: true },
    },
    "reconcile()": {
      call: (options) => first(syncs.reconcile(table, given(options))),
      wrongs: sync,
      needed: { copy: [] },
    },
    "updateWhere()": {
      call: (options) => queries.updateWhere(table, none, { number: "1" }, given(options)),
      ...where,
    },
    "deleteWhere()": { call: (options) => queries.deleteWhere(table, none, given(options)), ...where },
    "schema()": {
      call: (options) => instance.schema("incident", given(options)),
      wrongs: { maxAgeMs: -1, store: {}, user: 1, language: "e n", rows: 1, signal: {} },
      unknown: "schema.options",
      other: "schema.options",
    },
    "classify()": {
      call: (options) => sysparm.classify({ status: 200 }, given(options)),
      wrongs: { earlier: 1, release: 1 },
    },
    "examine()": {
      call: async (options) => first(doctor.examine(given(options))),
      wrongs: {
        url: 1,
        auth: "me",
        administrator: "me",
        table: 1,
        query: 1,
        fields: "number",
        operation: 1,
        roles: "itil",
        origin: 1,
        release: 1,
        thorough: 1,
        limits: 1,
        fetch: 1,
        signal: {},
      },
      needed: { url, auth: { token: "t" } },
    },
  };
}

/** Instances whose requests are noted and answered with rows of no table. */
function answeredHere(world: World): { here: World; sent: string[] } {
  const sent: string[] = [];
  const answer: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const method = init?.method ?? "GET";
    sent.push(`${method} ${pathname}${search} ${init?.body}`);
    const isRecord = method !== "GET" || pathname.endsWith(ID);
    const record = { sys_id: ID, sys_mod_count: "1" };
    const result = pathname.includes("/stats/") ? { stats: { count: "0" } } : isRecord ? record : [];
    return Response.json({ result });
  };
  const { url, sysparm } = world;
  const options = { url, auth: { token: "t" }, fetch: answer, pace: { attempts: 1 } };
  return { here: { ...world, open: (more) => sysparm.connect({ ...options, ...more }) }, sent };
}

async function refusal(call: () => unknown): Promise<{ code: unknown; message: string }> {
  try {
    await call();
  } catch (thrown) {
    return thrown as SysparmError;
  }
  return { code: "none", message: "nothing was thrown" };
}

export const OPTION_CASES: Record<string, Case> = {
  "every option of every call is checked by one pattern": async (world) => {
    const requests = async () => ((await world.control("journal")).requests as { path: string }[]).length;
    const all = Object.entries(await entries(world));
    const before = await requests();
    const wrong: string[] = [];
    for (const [name, { call, wrongs, needed = {}, unknown = "options.unknown", other = "options.type" }] of all) {
      const within = name.endsWith(")") ? "" : `${name}.`;
      const expect = async (options: unknown, code: string, pattern: RegExp) => {
        const found = await refusal(() => call(options));
        if (found.code !== code || !pattern.test(found.message)) wrong.push(`${name} ${found.code}: ${found.message}`);
      };
      const list = "(?:[\\w.]+, )*[\\w.]+";
      const strange = new RegExp(`Unknown option \`${within}colour\`\\. Supported options: ${list}\\.$`);
      await expect({ ...needed, colour: 1 }, unknown, strange);
      for (const [option, one] of Object.entries(wrongs)) {
        const [value, code] = Array.isArray(one) && one.length === 2 ? one : [one, other];
        // A body is no option of a type: it is what is sent.
        const pattern =
          code === "request.body"
            ? /./
            : new RegExp(`Invalid option \`${within}${option}\`(: [-\\d.]+|: NaN)?\\. Pass .+\\.$`);
        await expect({ ...needed, [option]: value }, code, pattern);
      }
      for (const option of Object.keys(needed)) {
        const { [option]: _, ...rest } = needed as Record<string, unknown>;
        if (["connect()", "reconcile()"].includes(name) || option === "body") continue;
        const [, code = other] = [wrongs[option]].flat() as string[];
        await expect(
          rest,
          code.includes(".") ? code : other,
          new RegExp(`Missing option \`${option}\`\\. Pass .+\\.$`),
        );
      }
    }
    is(wrong.join("\n"), "");
    is((await requests()) - before, 0);
    is(all.length, 33);
  },

  "every option of every call may be undefined": async (world) => {
    const { here, sent } = answeredHere(world);
    await Promise.all([world.queries.load(), world.syncs.load()]);
    const wrong: string[] = [];
    for (const [name, { call, wrongs, needed = {} }] of Object.entries(await entries(here))) {
      // They leave the page, end the token of the others, and send to another instance.
      if (["signIn()", "signOut()", "examine()"].includes(name)) continue;
      const does = async (options: object) => {
        sent.length = 0;
        const { code } = await refusal(() => call(options));
        return `${code} after ${sent.join()}`;
      };
      const expected = await does(needed);
      for (const option of Object.keys(wrongs).filter((option) => !Object.hasOwn(needed, option))) {
        const found = await does({ ...needed, [option]: undefined });
        if (found !== expected) wrong.push(`${name} ${option}: ${found}, expected ${expected}`);
      }
    }
    is(wrong.join("\n"), "");
  },
};
