/** `connect({ schema: "check" })`: misspelt names of fields are refused before anything is sent. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World } from "./cases.js";

/** Paths of the API that were asked for since; a browser's preflights are not counted. */
async function arrivals({ control }: World): Promise<() => Promise<string[]>> {
  const requests = async () => (await control("journal")).requests as { method: string; path: string }[];
  const paths = async () => (await requests()).filter(({ method }) => method !== "OPTIONS").map(({ path }) => path);
  const before = (await paths()).length;
  return async () => (await paths()).slice(before).filter((path) => path.startsWith("/api/"));
}

async function first<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

const given = (value: unknown) => value as never;

export const NAME_CHECK_CASES: Record<string, Case> = {
  "unknown field is refused with the nearest and its place": async (world) => {
    const { open, queries, thrown } = world;
    await queries.load();
    const instance = await open({ schema: "check" });
    const table = instance.table("incident");
    const arrived = await arrivals(world);
    const wrong: [place: string, call: () => Promise<unknown>][] = [
      ["query", () => table.list({ query: "actve=true" })],
      ["query", () => table.list({ query: queries.Query.where("number").is("a").or("actve").is(true) })],
      ["query", () => first(table.pages({ query: "active=true^ORactve=false" }))],
      ["query", () => first(table.rows({ query: "numberSAMEASactve" }))],
      ["query", () => table.list({ query: "active=true^ORDERBYactve" })],
      ["query", () => table.list({ query: queries.Query.parse("active=true^ORDERBYDESCactve") })],
      ["query", () => table.count("actve=true")],
      ["query", () => instance.aggregate("incident", { query: "actve=true" })],
      ["option `fields`", () => table.list({ fields: ["number", "actve"] })],
      ["option `fields`", () => table.get("a", { fields: ["actve.name"] })],
      ["option `groupBy`", () => instance.aggregate("incident", { groupBy: ["actve"] })],
      ["option `sum`", () => instance.aggregate("incident", { sum: ["actve"] })],
      ["option `orderBy`", () => instance.aggregate("incident", { orderBy: [{ field: "actve" }] })],
      ["the record", () => table.create({ short_description: "a", actve: true })],
      ["the record", () => table.update("a", { actve: true }, { recovery: {} })],
      ["option `correlation`", () => table.create({}, { correlation: { field: "actve" } })],
    ];
    for (const [place, call] of wrong) {
      const { code, message, kind } = await thrown(call);
      is(code, "request.unknown-field");
      is(kind, "request");
      is(message.startsWith(`Unknown field \`actve\` of incident in ${place}. Nearest fields: active`), true);
    }
    const paths = await arrived();
    is(paths.filter((path) => /\/(?:incident|batch)\b/.test(path)).join(), "");
    is(paths.filter((path) => path.endsWith("/sys_dictionary")).length, 1);
  },

  "names that the table has pass the check": async (world) => {
    const instance = await world.open({ schema: "check" });
    const table = instance.table("incident");
    const arrived = await arrivals(world);
    const query =
      "active=true^stateIN1,2,3^ORpriority=1^NQcaller_id.active=true^123TEXTQUERY321=a^ORDERBYDESCsys_created_on";
    const { rows } = await table.list({
      query,
      limit: 3,
      fields: ["number", "caller_id.name", "assigned_to.manager.name"],
    });
    is(rows.length > 0, true);
    const schema = await instance.schema("incident");
    is(schema.complete, true);
    is((await instance.aggregate("incident", { query: "active=true", groupBy: ["state"] })).length > 0, true);
    is((await arrived()).filter((path) => path.endsWith("/sys_dictionary")).length, 1);
    const problems = instance.table("problem");
    const made = await problems.create({ short_description: "a" }, { fields: ["number", "sys_id"] });
    await problems.update(made.sys_id, { state: 2 });
    await problems.delete(made.sys_id);
    // What is no query is refused as without the check.
    is((await world.thrown(() => table.list({ query: "incident_list.do?sysparm_query=a=b" }))).code, "query.unread");
    is((await world.thrown(() => table.list(given({ query: "active=true", page: 1 })))).code, "options.unknown");
  },

  "names behind a dot are checked once that schema is there": async ({ open, thrown }) => {
    const instance = await open({ schema: "check" });
    const read = () => instance.table("incident").list({ query: "caller_id.actve=true^ORDERBYnumber", limit: 1 });
    is((await read()).rows.length > 0, true);
    await instance.schema("sys_user");
    is(
      (await thrown(read)).message.startsWith("Unknown field `actve` of sys_user in query. Nearest fields: active"),
      true,
    );
  },

  "table whose dictionary is closed is not checked": async ({ open }) => {
    const events: Sysparm.SysparmEvent[] = [];
    const auth = { username: "practice.agent", password: "practice-agent-password" };
    const instance = await open({ auth, schema: "check", onEvent: (event) => events.push(event) });
    const table = instance.table("incident");
    await table.list({ query: "actve=true", limit: 1 });
    await table.count("actve=true");
    const unread = events.filter(({ type }) => type === "schema.unread");
    is(unread.length, 1);
    is(/^incident: .*sys_dictionary may not be read/.test((unread[0] as { detail: string }).detail), true);
    is(
      events.some(({ type }) => type === "query.condition-dropped"),
      true,
    );
  },

  "schema check is off by default, and takes one word": async ({ open, thrown, control }) => {
    const arrived = await arrivals({ control } as World);
    await (await open()).table("incident").list({ query: "active=true", limit: 1 });
    is((await arrived()).filter((path) => path.includes("sys_dictionary")).length, 0);
    is((await thrown(() => open(given({ schema: true })))).message, 'Invalid option `schema`. Pass "check".');
  },
};
