/** One family of errors: what any entry throws is an instance of the classes that `sysparm` exports. */
import type * as Sysparm from "sysparm";
import { SchemaError, schema } from "sysparm/schema";
import { read, ValueError } from "sysparm/values";
import { type Case, is, type World } from "./cases.js";

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

export const ERROR_CASES: Record<string, Case> = {
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
