/**
 * What is given wrongly is refused before anything is sent, by an error of the package that names it: it is never passed over, never
 * a TypeError from inside, and never reads or writes something else than was meant.
 */
import type * as Sysparm from "sysparm";
import { type Case, is } from "./cases.js";

type Wrong = readonly [what: string, code: string, call: () => unknown, word: string];
type Refusal = { code?: unknown; name?: unknown; message?: unknown };

const given = (value: unknown) => value as never;

/** Each is refused with its code, in words that hold `word`; a TypeError or RangeError of the engine has no code. */
async function refuses(wrongs: readonly Wrong[]): Promise<void> {
  const passed: string[] = [];
  for (const [what, code, call, word] of wrongs) {
    try {
      await call();
      passed.push(`${what}: not refused`);
    } catch (thrown) {
      const { code: actual, message } = thrown as Refusal;
      if (actual !== code || !String(message).includes(word)) passed.push(`${what}: ${actual}, ${message}`);
    }
  }
  is(passed.join("\n"), "");
}

async function first<T>(iterable: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of iterable) return one;
  return undefined;
}

const requests = async (control: (path: string) => Promise<Record<string, unknown>>) =>
  ((await control("journal")).requests as { path: string }[]).filter(({ path }) => path.startsWith("/api/")).length;

export const ARGUMENT_CASES: Record<string, Case> = {
  "connect() refuses callbacks that cannot be called": async ({ open }) => {
    const wrong = (options: object, name: string): Wrong => [name, "options.type", () => open(given(options)), name];
    await refuses([
      wrong({ fetch: "fetch" }, "fetch"),
      wrong({ onEvent: 1 }, "onEvent"),
      wrong({ store: {} }, "`store`. Pass an object with the functions get and set"),
      wrong({ store: { get: async () => null } }, "`store`. Pass an object with the functions get and set"),
      wrong({ lock: {} }, "`lock`. Pass an object with the function request"),
    ]);
    is((await open(given({ store: null, lock: null }))).status().token.state, "absent");
  },

  "options of readings are looked at before anything is read": async ({ open, control }) => {
    const table = (await open()).table("incident");
    const before = await requests(control);
    const both = (options: unknown, code: string, word: string): Wrong[] => {
      const what = JSON.stringify(options);
      return [
        [`list ${what}`, code, () => table.list(given(options)), word],
        [`pages ${what}`, code, () => first(table.pages(given(options))), word],
        [`rows ${what}`, code, () => first(table.rows(given(options))), word],
      ];
    };
    await refuses([
      ...both({ displayValue: "both" }, "options.display-value", "all"),
      ...both({ displayValue: 1 }, "options.display-value", "all"),
      ...both({ pageSize: 1.5 }, "options.type", "pageSize"),
      ...both({ limit: -1 }, "options.type", "limit"),
      ...both({ limit: Number.NEGATIVE_INFINITY }, "options.type", "limit"),
      ...both({ by: "constructor" }, "options.by", "keyset"),
      // A list's text is empty: the whole table would come.
      ...both({ query: [] }, "options.type", "query"),
      ...both({ signal: {} }, "options.type", "AbortSignal"),
      ["count by a list", "options.type", () => table.count(given([])), "query"],
      ["count with an option", "options.unknown", () => table.count("", given({ limit: 1 })), "limit"],
      ["count with null", "options.type", () => table.count("", given(null)), "object"],
      ["get with null", "options.type", () => table.get("a", given(null)), "object"],
      ["get with a limit", "options.unknown", () => table.get("a", given({ limit: 1 })), "limit"],
    ]);
    is((await requests(control)) - before, 0);
  },

  "options given as undefined mean their defaults": async ({ open, control }) => {
    const none = undefined;
    const instance = await open({ store: none, lock: none, pace: none, timeLimits: { callMs: none }, onEvent: none });
    const table = instance.table("incident");
    const asked = async (options: Sysparm.ReadOptions) => {
      const before = await requests(control);
      const { rows } = await table.list({ pageSize: 50, ...options });
      return [rows, (await requests(control)) - before];
    };
    const all = { query: none, fields: none, displayValue: none, limit: none, by: none, ahead: none, signal: none };
    is(JSON.stringify(await asked(all)), JSON.stringify(await asked({})));
    const problems = instance.table("problem");
    const { sys_id: id } = await problems.create({ state: 1 }, { fields: none, correlation: none, recovery: none });
    await problems.delete(String(id), { expect: none, recovery: none });
  },

  "record is written as it is meant, or not at all": async ({ open, control }) => {
    const instance = await open();
    const table = instance.table("problem");
    const { sys_id: id } = await table.create({ short_description: "as it was" });
    const before = await requests(control);
    const wrongs = [new Date(), Number.NaN, 1n, {}, ["a"], Symbol("a"), () => "a"].flatMap((value): Wrong[] => [
      [`create ${typeof value}`, "request.body", () => table.create(given({ due_date: value })), "due_date"],
      [
        `update ${typeof value}`,
        "request.body",
        () => table.update(String(id), given({ due_date: value })),
        "due_date",
      ],
    ]);
    await refuses([
      ...wrongs,
      ["a Map", "request.body", () => table.create(given(new Map([["a", 1]]))), "object"],
      ["options of null", "options.type", () => table.update(String(id), {}, given(null)), "object"],
      [
        "delete with an unknown option",
        "options.unknown",
        () => table.delete(String(id), given({ really: 1 })),
        "really",
      ],
      ["recovery without a key", "options.correlation", () => table.create({}, { recovery: {} }), "correlation.field"],
      [
        "a version of null",
        "options.type",
        () => table.update("a", {}, given({ expect: { sys_mod_count: null } })),
        "expect",
      ],
      ["recovery of 1", "options.recovery", () => table.delete("a", given({ recovery: 1 })), "recovery"],
      ["an unknown recovery", "options.unknown", () => table.delete("a", given({ recovery: { settle: 1 } })), "settle"],
      [
        "a JSON body that is none",
        "request.body",
        () => instance.request("/api/x", given({ method: "POST", body: {} })),
        "JSON",
      ],
    ]);
    is((await requests(control)) - before, 0);
    await table.delete(String(id));
  },

  "other APIs name what they are given wrongly": async ({ open, control }) => {
    const instance = await open();
    const staging = instance.importSet("imp_user");
    const { attachments } = instance;
    const file = { table: "incident", record: "a", name: "a.txt", body: new Uint8Array(2) };
    const before = await requests(control);
    const aggregate = (options: unknown) => () => instance.aggregate("incident", given(options));
    const upload = (options: object) => () => attachments.upload(given({ ...file, ...options }));
    await refuses([
      ["aggregate of null", "options.type", aggregate(null), "options"],
      ["aggregate by no list", "options.type", aggregate({ having: 1 }), "having"],
      ["an order of text", "options.order-by", aggregate({ groupBy: ["priority"], orderBy: ["priority"] }), "orderBy"],
      ["an order of null", "options.order-by", aggregate({ orderBy: [null] }), "orderBy"],
      ["labels of a kind", "options.display-value", aggregate({ displayValue: "both" }), "displayValue"],
      ["a batch of null", "request.path", () => instance.batch(given([null])), "Request 0"],
      ["batch options", "options.unknown", () => instance.batch([], given({ sise: 1 })), "sise"],
      ["a batch's signal", "options.type", () => instance.batch([], given({ signal: 1 })), "AbortSignal"],
      ["a cell of NaN", "request.body", () => staging.insert(given({ a: Number.NaN })), "column `a`"],
      ["import options", "options.unknown", () => staging.insert({ a: 1 }, given({ at: 1 })), "at"],
      ["results of nothing", "options.type", () => staging.results(given(undefined)), "sys_id"],
      ["a list of nothing", "options.type", () => attachments.list(given(undefined)), "table"],
      [
        "a list of two kinds",
        "options.type",
        () => attachments.list(given({ table: "incident", record: "a", query: "" })),
        "not both",
      ],
      ["an import of no rows", "options.type", () => staging.insertMultiple([]), "one at least"],
      ["an upload of nothing", "options.type", () => attachments.upload(given(undefined)), "table"],
      ["a progress that is none", "options.type", upload({ progress: 1 }), "progress"],
      ["a size that is none", "options.type", upload({ maxBytes: "1 GB" }), "maxBytes"],
      ["a type of two lines", "options.type", upload({ type: "a\nb" }), "type"],
      ["a misspelt option", "options.unknown", upload({ contentType: "a/b" }), "contentType"],
      ["download with null", "options.type", () => attachments.download("a", given(null)), "options"],
    ]);
    is((await requests(control)) - before, 0);
    const text = new ReadableStream({ start: (at) => at.enqueue("text") });
    const { rows } = await instance.table("incident").list({ limit: 1, fields: ["sys_id"] });
    const record = String(rows[0]?.sys_id);
    await refuses([
      ["a stream of text", "request.body", upload({ record, body: text }), "bytes"],
      ["an import set that is not there", "import-set.empty", () => staging.results("f".repeat(32)), "imp_user"],
    ]);
  },

  "syncs and writes by query refuse the whole table": async ({ open, syncs, queries, control }) => {
    const instance = await open();
    const table = instance.table("incident");
    const schema: Parameters<typeof queries.deleteWhere>[2]["schema"] = {
      table: "incident",
      tables: { incident: { fields: { number: { type: "string" } } } },
    };
    const none = queries.Query.where("number").is("none");
    const before = await requests(control);
    const sync = (options: unknown) => () => first(syncs.sync(table, given(options)));
    const reconcile = (options: unknown) => () => first(syncs.reconcile(table, given(options)));
    const remove = (options: unknown) => () => queries.deleteWhere(table, none, given(options));
    const confirm = () => true;
    await refuses([
      ["sync by an object", "options.type", sync({ query: {} }), "query"],
      ["sync by a list", "options.type", sync({ query: [] }), "query"],
      ["sync of null", "options.type", sync(null), "options"],
      ["sync's signal", "options.type", sync({ signal: 1 }), "AbortSignal"],
      ["reconcile by an object", "options.type", reconcile({ copy: [], query: {} }), "query"],
      ["reconcile of nothing", "options.type", reconcile(undefined), "copy"],
      ["a delete of no options", "query.schema", remove(undefined), "schema"],
      ["a delete with a misspelt limit", "query.option", remove({ schema, confirm, limits: 1 }), "limits"],
      ["a delete of less than nothing", "query.limit", remove({ schema, confirm, limit: -1 }), "limit"],
      [
        "an update of nothing",
        "query.patch",
        () => queries.updateWhere(table, none, {}, { schema, confirm }),
        "fields",
      ],
      [
        "an update of a field that is not there",
        "query.patch",
        () => queries.updateWhere(table, none, { nmber: "1" }, { schema, confirm }),
        "nmber",
      ],
      ["a field that is none", "field.name", () => queries.Query.where(given(undefined)), "field"],
      ["a schema that is none", "query.schema", () => none.lint(given({})), "schema"],
    ]);
    is((await requests(control)) - before, 0);
  },

  "schemas are asked for in a way that can be answered": async ({ open }) => {
    const instance: Sysparm.Instance = await open();
    await refuses([
      ["options of null", "schema.options", () => instance.schema("incident", given(null)), "object"],
      ["a signal that is none", "schema.options", () => instance.schema("incident", given({ signal: 1 })), "signal"],
      ["a store that is none", "schema.options", () => instance.schema("incident", given({ store: {} })), "store"],
    ]);
  },
};
