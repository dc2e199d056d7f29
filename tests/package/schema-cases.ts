/** What the package promises of schemas, against an instance that describes itself as the platform does. */

import { SchemaError, schema } from "sysparm/schema";
import { memory } from "sysparm/stores";
import { type Case, is, type World } from "./cases.js";

/** May read incidents, and nothing of the dictionary but choices. */
const AGENT = { auth: { username: "practice.agent", password: "practice-agent-password" } } as const;

export const SCHEMA_CASES: Record<string, Case> = {
  "schema has every field with type, class, choices and index": async ({ open }) => {
    const instance = await open();
    const made = await instance.schema("incident");
    const fields = made.tables.incident?.fields ?? {};
    const [row] = (await instance.table("incident").list({ limit: 1 })).rows;
    is(
      Object.keys(row ?? {})
        .filter((name) => !fields[name])
        .join(),
      "",
    );
    is(`${made.complete} ${made.unread.length} ${made.ancestry.map(({ name }) => name)}`, "true 0 incident,task");
    is(
      `${fields.opened_at?.type} ${fields.opened_at?.declaredIn} ${fields.opened_at?.label}`,
      "glide_date_time task Opened at",
    );
    is(`${fields.caller_id?.reference} ${fields.caller_id?.declaredIn}`, "sys_user incident");
    is(`${fields.priority?.defaultValue} ${fields.priority?.overridden?.defaultValue}`, "5 incident");
    is(fields.state?.choices?.find(({ value }) => value === "3")?.label, "On Hold");
    is(fields.priority?.choices?.[0]?.label, "1 - Critical");
    is(`${fields.number?.indexed} ${fields.description?.indexed}`, "true undefined");
    is(made.custom.join(), "u_symptom,u_priority_confirmation");
  },

  "fields of a scoped application are named with their scope": async ({ open }) => {
    const instance = await open();
    const own = await instance.schema("x_acme_onboard_request");
    const fields = own.tables.x_acme_onboard_request?.fields ?? {};
    is(own.ancestry.map(({ name, scope }) => `${name} of ${scope}`).join(), "x_acme_onboard_request of x_acme_onboard");
    is([...own.custom].sort().join(), "employee,equipment,first_day,number,short_description");
    is(`${fields.employee?.reference} ${fields.employee?.scope}`, "sys_user x_acme_onboard");
    is(`${fields.sys_id?.custom} ${fields.equipment?.choices?.length}`, "undefined 2");
    const problem = await instance.schema("problem");
    const added = problem.tables.problem?.fields.x_acme_onboard_request;
    is(`${added?.scope} ${added?.reference}`, "x_acme_onboard x_acme_onboard_request");
    is(problem.custom.join(), "x_acme_onboard_request");
    is(problem.ancestry.map(({ scope }) => scope).join(), "global,global");
  },

  "lint takes a schema, and those of its references with it": async ({ open, queries }) => {
    await queries.load();
    const instance = await open();
    const incident = await instance.schema("incident");
    const codes = (text: string, tables = incident.tables) =>
      queries.Query.parse(text)
        .lint({ ...incident, tables })
        .map(({ code }) => code)
        .join();
    is(codes("active=true^priority<=2^ORDERBYsys_id"), "");
    is(codes("priorty=1"), "field.unknown");
    is(codes("state=On Hold"), "value.label");
    is(codes("caller_id.vipp=true"), "");
    const user = await instance.schema("sys_user");
    is(codes("caller_id.vipp=true", { ...incident.tables, ...user.tables }), "field.unknown");
    is(queries.Query.parse("caller_id.vip=true").check(incident).toString(), "caller_id.vip=true");
  },

  "unreadable parts are named, and rows show the rest": async ({ open }) => {
    const made = await (await open(AGENT)).schema("incident");
    const fields = made.tables.incident?.fields ?? {};
    is(made.complete, false);
    is(made.unread.map(({ table }) => table).join(), "sys_db_object,sys_dictionary,sys_index");
    is(made.unread[1]?.message.includes("may not be read by this user"), true);
    is(
      `${fields.opened_by?.source} ${fields.opened_by?.type} ${fields.opened_by?.reference}`,
      "row reference sys_user",
    );
    is(`${fields.short_description?.source} ${fields.short_description?.type}`, "row undefined");
    is(fields.state?.choices?.length, 6);
    is(made.indexes, null);
  },

  "hidden records are counted, or the missing count is named": async ({ open }) => {
    const gaps = (change: (rows: unknown[], headers: Headers) => void) =>
      open({
        fetch: async (target, init) => {
          const reply = await fetch(target, init);
          if (!String(target).includes("/table/sys_dictionary?")) return reply;
          const { result } = (await reply.json()) as { result: unknown[] };
          const headers = new Headers(reply.headers);
          change(result, headers);
          return Response.json({ result }, { headers });
        },
      });
    const hiding = await (await gaps((rows) => rows.splice(5, 3))).schema("incident");
    is(hiding.unread.map(({ table, hidden }) => `${table} ${hidden}`).join(), "sys_dictionary 3");
    is(Object.values(hiding.tables.incident?.fields ?? {}).filter(({ source }) => source === "row").length, 3);
    const silent = await (await gaps((_, headers) => headers.delete("x-total-count"))).schema("incident");
    is(`${silent.complete} ${silent.unread[0]?.message.includes("does not say how many")}`, "false true");
    is((await (await gaps(() => undefined)).schema("incident")).complete, true);
  },

  "schemas are read once, and kept in any store": async (world) => {
    const instance = await world.open();
    const store = memory();
    const options = { store, user: "integration" };
    await instance.token();
    const before = await requests(world);
    const [made, other] = await Promise.all([
      schema(instance, "problem", options),
      schema(instance, "problem", options),
    ]);
    is(made, other);
    is((await requests(world)) - before, 6);
    is(await schema(instance, "problem", options), made);
    const later = await schema(await world.open(), "problem", options);
    is((await requests(world)) - before, 6);
    is(JSON.stringify(later), JSON.stringify(made));
  },

  "unknown table is the instance's error, an invalid name ours": async ({ open, thrown }) => {
    const instance = await open();
    is((await thrown(() => instance.schema("incidnt"))).code, "table.unknown");
    const refused = await instance.schema("incident^active=true").catch((reason: unknown) => reason);
    is((refused as SchemaError).code, "schema.options");
    is(await schema(instance, "a b").catch((reason: unknown) => reason instanceof SchemaError), true);
  },
};

async function requests(world: World): Promise<number> {
  const { requests: all } = (await world.control("journal")) as { requests: { method: string; path: string }[] };
  // Not what a browser asks for beforehand.
  return all.filter(({ method, path }) => method === "GET" && path.startsWith("/api/now/table/sys_")).length;
}
