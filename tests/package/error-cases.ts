/** One family of errors: what any entry throws is an instance of the classes that `sysparm` exports. */
import type * as Sysparm from "sysparm";
import { SchemaError, schema } from "sysparm/schema";
import { read, ValueError } from "sysparm/values";
import { type Case, is, type World } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const given = (value: unknown) => value as never;

async function first<T>(iterable: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of iterable) return one;
  return undefined;
}

async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}

/** What each entry throws, and the class and code that it should be. */
async function refusals({ open, sysparm, queries, syncs, doctor, url }: World) {
  const instance = await open();
  const table = instance.table("incident");
  const { RequestError } = sysparm;
  return [
    ["sysparm", RequestError, "options.unknown", () => first(table.pages(given({ colour: 1 })))],
    ["sysparm, by the core", RequestError, "options.url", () => open({ url: "ftp://x" })],
    ["sysparm, by the instance", RequestError, "table.unknown", () => instance.table("no_such_table").list()],
    ["other APIs", RequestError, "options.unknown", () => instance.batch([], given({ colour: 1 }))],
    ["writes", RequestError, "options.correlation", () => table.create({}, { correlation: { field: "a b" } })],
    ["classify()", RequestError, "options.type", () => sysparm.classify(given({ status: "none" }))],
    ["sysparm/query", queries.QueryError, "query.syntax", () => queries.Query.parse("a=1^b")],
    ["sysparm/query, by its glue", queries.QueryError, "field.name", () => queries.Query.where(given(1))],
    ["sysparm/sync", syncs.SyncError, "sync.labels", () => first(syncs.sync(table, given({ displayValue: true })))],
    [
      "sysparm/sync, by the core",
      syncs.SyncError,
      "request.reading",
      () => first(syncs.sync(table, { fields: ["a b"] })),
    ],
    ["sysparm/schema", SchemaError, "schema.options", () => schema(instance, "a b")],
    ["sysparm/values", ValueError, "value.options", () => read(given(null))],
    ["sysparm/doctor", RequestError, "options.unknown", () => doctor.examine(given({ url, colour: 1 }))],
    [
      "sysparm/doctor, by the core",
      RequestError,
      "options.type",
      () => first(doctor.examine({ url: "ftp://x", auth: { token: "t" } })),
    ],
  ] as const;
}

const NO_ID = "0".repeat(32);

/** The stack of what the call throws, awaited by a function whose name a minifier keeps. */
async function stackThrough(call: () => Promise<unknown>): Promise<string> {
  const callers = {
    async namedCaller() {
      return await call();
    },
  };
  const { stack } = (await thrownBy(callers.namedCaller)) as Error;
  return String(stack);
}

async function throwsLater() {
  await undefined;
  throw new Error("thrown later");
}

/** Every way to a failure that the instance answers. */
async function stacks({ open, syncs, url }: World): Promise<string[]> {
  const instance = await open();
  const incident = instance.table("incident");
  const none = instance.table("no_such_table");
  const refused = await open({ auth: { grant: "client_credentials", clientId: "a", clientSecret: "b" } });
  const unanswered = await open({
    auth: { token: "t" },
    fetch: () => Promise.reject(new TypeError("Failed to fetch")),
  });
  const attachment = { table: "no_such_table", record: NO_ID, name: "a.txt", body: new Uint8Array(1) };
  const calls: Record<string, () => Promise<unknown>> = {
    get: () => incident.get(NO_ID),
    list: () => none.list(),
    create: () => none.create({}),
    "create with a correlation": () => none.create({}, { correlation: { field: "correlation_id" } }),
    update: () => incident.update(NO_ID, {}),
    delete: () => incident.delete(NO_ID),
    count: () => none.count(),
    pages: () => first(none.pages({ ahead: 2 })),
    rows: () => first(none.rows()),
    request: () => instance.request("/api/now/table/no_such_table"),
    aggregate: () => instance.aggregate("no_such_table"),
    schema: () => instance.schema("no_such_table"),
    upload: () => instance.attachments.upload(attachment),
    sync: () => first(syncs.sync(none)),
    reconcile: () => first(syncs.reconcile(none, { copy: [] })),
    "a refused token": () => refused.token(),
    "a call without token": () => refused.table("incident").count(),
    "no answer": () => unanswered.request("/api/now/table/incident", { method: "DELETE" }),
    "an option": () => open({ url, auth: { token: 1 } as never }),
  };
  const unnamed: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const stack = await stackThrough(call);
    if (!stack.includes("namedCaller")) unnamed.push(`${name}: ${stack}`);
  }
  return unnamed;
}

export const ERROR_CASES: Record<string, Case> = {
  "message names a second cause that is about as likely": async ({ sysparm, url, thrown }) => {
    const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "wrong" } as const;
    const instance = await sysparm.connect({ url, auth });
    const { message, diagnosis } = await thrown(() => instance.token());
    const [likeliest, next] = diagnosis.causes;
    is(message.endsWith(`${likeliest?.fix[0]} About as likely: ${next?.title}.`), true);
    const missing = await thrown(async () => (await sysparm.connect({ url, auth: { token: "" } })).token());
    is(missing.message.includes("About as likely"), false);
  },

  // As far as the engine follows promises to the functions that await them, which V8 does.
  "stack of an error names the calling function": async (world) => {
    if ((await stackThrough(throwsLater)).includes("namedCaller")) is((await stacks(world)).join("\n"), "");
  },

  "JSON of an error has its message and diagnosis": async ({ open, queries }) => {
    const refused = await thrownBy(async () => (await open()).table("no_such_table").count());
    const { name, message, code, kind, status, diagnosis } = refused as Sysparm.SysparmError;
    const json = JSON.parse(JSON.stringify(refused));
    is(JSON.stringify(json), JSON.stringify({ name, message, code, kind, status, diagnosis }));
    is(json.code === "table.unknown" && json.diagnosis.causes.length > 0, true);
    const query = JSON.parse(JSON.stringify(await thrownBy(() => queries.Query.parse("a=1^b"))));
    is(query.position > 0 && query.message.length > 0, true);
  },

  "number out of range is named with its value": async ({ open, syncs, url }) => {
    const table = (await open()).table("incident");
    const refused = {
      "`pace.maxWaitMs`: 0": () => open({ url, pace: { maxWaitMs: 0 } }),
      "`timeLimits.callMs`: -1": () => open({ url, timeLimits: { callMs: -1 } }),
      "`pageSize`: 10001": () => table.list({ pageSize: 10_001 }),
      "`limit`: -1": () => table.list({ limit: -1 }),
      "`ahead`: 9": () => first(table.pages({ ahead: 9 })),
      "`ahead`: 1.5": () => first(syncs.sync(table, { ahead: 1.5 })),
    };
    for (const [words, call] of Object.entries(refused)) {
      const { message } = (await thrownBy(call)) as Error;
      is(message.includes(`Invalid option ${words}. Pass a`), true);
    }
  },

  "missing address is named as missing": async ({ sysparm }) => {
    const { message } = (await thrownBy(() => sysparm.connect(given({ auth: { token: "t" } })))) as Error;
    is(message.startsWith("Missing option `url`. Pass the instance's address."), true);
  },

  "record that is asked for by its number is explained": async ({ open }) => {
    const asked = await thrownBy(async () => (await open()).table("incident").get("INC0010001"));
    const { code, message, diagnosis } = asked as Sysparm.SysparmError;
    is(`${code} ${diagnosis.causes[0]?.code}`, "record.not-found record.number-for-sys-id");
    is(message.includes("a query such as number=INC0010001"), true);
  },

  "names are refused alike for a record, a count and pages": async ({ open }) => {
    const instance = await open();
    const said = async (run: () => Promise<unknown>) => (await thrownBy(run)) as Sysparm.SysparmError;
    const alike = async (...runs: (() => Promise<unknown>)[]) => {
      const [first, ...others] = await Promise.all(runs.map(said));
      is(first?.code, "request.reading");
      for (const { message } of others) is(message, first?.message);
    };
    for (const name of ["../sys_user", "a b", "x".repeat(256)]) {
      const table = instance.table(name);
      await alike(
        () => table.list(),
        () => table.get("a"),
        () => table.count("a=1"),
      );
    }
    const table = instance.table("incident");
    for (const fields of [["number", "", "state"], ["a b"], ["number,,state"]]) {
      await alike(
        () => table.list({ fields }),
        () => table.get("a", { fields }),
      );
    }
    await alike(
      () => table.list({ query: "a=1\n^b=2" }),
      () => table.count("a=1\n^b=2"),
    );
    for (const id of ["..", ".", "", "a/b", "a".repeat(256)])
      is((await said(() => table.get(id))).code, "request.reading");
  },

  "only a page's errors name CORS": async ({ open }) => {
    const silent = () => Promise.reject(new TypeError("Failed to fetch"));
    const instance = await open({ fetch: silent, pace: { attempts: 1 }, auth: { token: "t" } });
    for (const call of [() => instance.table("incident").count(), () => instance.table("incident").create({})]) {
      const { diagnosis } = (await thrownBy(call)) as Sysparm.SysparmError;
      const named = diagnosis.causes.some(({ code }) => code.startsWith("cors."));
      is(named, IN_PAGE);
    }
  },

  "printed error leaves its diagnosis out": async ({ open }) => {
    const refused = await thrownBy(async () => (await open()).table("no_such_table").count());
    is(Object.keys(refused as object).join(), "name,code,kind,status");
  },

  "errors of all entries are instances of one class": async (world) => {
    const { SysparmError, RequestError } = world.sysparm;
    const wrong: string[] = [];
    for (const [entry, Class, code, call] of await refusals(world)) {
      const thrown = await thrownBy(call);
      const isOne = thrown instanceof SysparmError && thrown instanceof RequestError && thrown instanceof Class;
      const { name, kind, diagnosis, message } = thrown as Sysparm.SysparmError;
      const facts = [isOne, name === Class.name, (thrown as { code?: string }).code === code, kind === "request"];
      const own = diagnosis?.code === code && diagnosis.kind === kind && Array.isArray(diagnosis.causes);
      if (![...facts, own].every(Boolean)) wrong.push(`${entry}: ${name} ${facts} ${own} ${message}`);
    }
    is(wrong.join("\n"), "");
  },
};
