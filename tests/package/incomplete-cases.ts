/** What the package promises of a success that lacks what it is read for: a coded error, or the value from where else it is known. */
import type * as Sysparm from "sysparm";
import type { QueryError } from "sysparm/query";
import { type Case, is, type World } from "./cases.js";

const ID = "0123456789abcdef0123456789abcdef";
const KEY = { field: "correlation_id", value: "order-1" };

interface Asked {
  method: string;
  path: string;
  query: string;
  body: string;
}
type Reply = (asked: Asked) => { result: unknown; status?: number; headers?: Record<string, string> };

/** An instance whose every reply is made up. */
function answering({ sysparm, url }: World, reply: Reply): Promise<Sysparm.Instance> {
  const answer: typeof fetch = async (input, init) => {
    const { pathname: path, searchParams } = new URL(String(input));
    const [method, query] = [init?.method ?? "GET", searchParams.get("sysparm_query") ?? ""];
    const { result, status = 200, headers } = reply({ method, path, query, body: String(init?.body) });
    const body = path.endsWith("/batch") || path.endsWith("/insertMultiple") ? result : { result };
    return Response.json(body, { status, ...(headers && { headers }) });
  };
  return sysparm.connect({ url, auth: { token: "t" }, fetch: answer, pace: { attempts: 1, breaker: false } });
}

const created = (result: unknown, headers?: Record<string, string>): ReturnType<Reply> => {
  return { result, status: 201, ...(headers && { headers }) };
};
const located = (result: unknown) =>
  created(result, { Location: `https://dev1.service-now.com/api/now/table/incident/${ID}` });

/** JSON that no API of the platform answers with, or not for a user who may read everything. */
const ODD = [
  null,
  [],
  {},
  "text",
  7,
  [null],
  [{}],
  { stats: null },
  { stats: {} },
  { stats: { count: "4,381" } },
  { stats: { count: "" } },
  { stats: { count: null } },
  { stats: { count: "-1" } },
  { stats: { count: {} } },
  { sys_id: null },
  { sys_id: { value: "" } },
  { serviced_requests: [null] },
  { serviced_requests: [{ id: "1" }] },
  { serviced_requests: [{ id: "1", status_code: 200, body: "%" }] },
  { import_set_id: "" },
];

export const INCOMPLETE_CASES: Record<string, Case> = {
  "success of any shape is a value or a coded error": async (world) => {
    for (const result of ODD) {
      const instance = await answering(world, () => ({ result }));
      const table = instance.table("incident");
      const { attachments } = instance;
      const staging = instance.importSet("imp_user");
      const upload = { table: "incident", record: ID, name: "a.txt", body: new Uint8Array(3) };
      const calls: Record<string, () => Promise<unknown>> = {
        count: () => table.count("active=true"),
        aggregate: async () => (await instance.aggregate("incident"))[0]?.count,
        grouped: async () => (await instance.aggregate("incident", { groupBy: ["state"] }))[0]?.count ?? 0,
        get: async () => (await table.get(ID)).sys_id,
        create: async () => (await table.create({ state: 1 })).sys_id,
        update: async () => (await table.update(ID, { state: 1 }, { displayValue: "all" })).sys_id,
        upload: async () => (await attachments.upload(upload)).sys_id,
        list: async () => (await attachments.list({ table: "incident", record: ID })).attachments[0]?.sys_id ?? "none",
        download: async () => (await attachments.download(ID)).attachment.sys_id,
        insert: async () => {
          const { rows } = await staging.insert({ user_name: "a" });
          if (rows[0]?.error) throw rows[0].error;
          return rows[0]?.status;
        },
        insertMultiple: async () => (await staging.insertMultiple([{ user_name: "a" }])).importSetId,
        batch: async () => {
          const [read] = await instance.batch([{ path: "/api/now/table/incident" }]);
          if (read?.ok === false) throw read.error;
          return read?.status;
        },
      };
      for (const [name, call] of Object.entries(calls)) {
        const outcome = await call().catch((thrown: unknown) => thrown);
        const isCoded = outcome instanceof world.sysparm.SysparmError && /^[a-z]+\.[a-z-]+$/.test(outcome.code);
        const isValue = (typeof outcome === "string" && outcome !== "") || Number.isSafeInteger(outcome);
        const isCell = Object(outcome).value === ID;
        const said = `${name} of ${JSON.stringify(result)}: ${outcome}`;
        is(isCoded || isValue || isCell ? "" : said, "");
      }
      instance.close();
    }
  },

  "count that did not come is no number": async (world) => {
    for (const stats of [{}, { count: "4,381" }, { count: null }, null]) {
      const instance = await answering(world, () => ({ result: { stats } }));
      for (const call of [() => instance.table("incident").count(), () => instance.aggregate("incident")]) {
        const error = await world.thrown(call);
        is(`${error.name} ${error.code} ${error.kind}`, "InstanceError reply.incomplete instance");
      }
    }
    const instance = await answering(world, () => ({ result: { stats: { count: 12 } } }));
    is(await instance.table("incident").count(), 12);
  },

  "created record with hidden fields is named by its Location": async (world) => {
    const table = (await answering(world, () => located({ number: "INC77" }))).table("incident");
    is(JSON.stringify(await table.create({ state: 1 })), JSON.stringify({ number: "INC77", sys_id: ID }));
    is(JSON.stringify(await table.create({}, { fields: ["number"] })), '{"number":"INC77"}');
    const both = await table.create({}, { displayValue: "all" });
    is(JSON.stringify(both.sys_id), JSON.stringify({ value: ID, display_value: ID }));
    const silent = (await answering(world, () => located({}))).table("incident");
    for (const options of [{}, { fields: ["number"] }, { correlation: { ...KEY, verify: false }, fields: ["number"] }])
      is(JSON.stringify(await silent.create({ state: 1 }, options)), JSON.stringify({ sys_id: ID }));
    const blind = (await answering(world, () => created({}))).table("incident");
    const Location = `https://dev1.service-now.com/api/now/table/incident/${ID}`;
    const empty = async () => new Response("", { status: 201, headers: { Location } });
    const { url, sysparm } = world;
    const bodiless = await sysparm.connect({ url, auth: { token: "t" }, fetch: empty });
    is((await bodiless.table("incident").create({ state: 1 })).sys_id, ID);
    const error = await world.thrown(() => blind.create({ state: 1 }));
    is(`${error.code} ${error.message.includes("created")}`, "reply.incomplete true");
    is((await blind.update(ID, { state: 1 })).sys_id, ID);
  },

  "key hidden in the reply is looked up before it is dropped": async (world) => {
    const outcome = async (found: (asked: Asked) => ReturnType<Reply>) => {
      const instance = await answering(world, (asked) =>
        asked.method === "POST" ? located({ number: "INC77" }) : found(asked),
      );
      const correlation = { ...KEY, verify: false };
      return instance
        .table("incident")
        .create({}, { correlation })
        .then(
          ({ sys_id }) => sys_id,
          (thrown: Sysparm.SysparmError) => `${thrown.code} ${thrown.known?.ids}`,
        );
    };
    const page = (rows: number, total: number) => ({
      result: Array.from({ length: rows }, (_, row) => ({ sys_id: `${row}`.padStart(32, "0") })),
      headers: { "X-Total-Count": `${total}` },
    });
    const isCount = ({ path }: Asked) => path.includes("/stats/");
    is(await outcome(() => page(1, 1)), ID);
    is(await outcome(() => page(0, 1)), ID);
    // No such field: the condition is passed over, or nothing has the key although the field can be asked for.
    is(await outcome(() => page(10, 2500)), `write.key-dropped ${ID}`);
    const stats = (count: number) => ({ result: { stats: { count: `${count}` } } });
    is(await outcome((asked) => (isCount(asked) ? stats(2500) : page(0, 0))), `write.key-dropped ${ID}`);
    // The field cannot be asked for: nothing is known.
    is(await outcome((asked) => (isCount(asked) ? stats(asked.query ? 0 : 9) : page(0, 0))), ID);
    is(await outcome(() => ({ result: {}, status: 403 })), ID);
  },

  "create without an answer's sys_id is found by its key": async (world) => {
    const row = { sys_id: ID, [KEY.field]: KEY.value };
    const found = await answering(world, ({ method, path }) => {
      if (method === "POST") return created({});
      return path.includes("/stats/") ? { result: { stats: { count: "1" } } } : { result: [row] };
    });
    const made = await found.table("incident").create({}, { correlation: { ...KEY, verify: false } });
    is(made.sys_id, ID);
    const lost = await answering(world, ({ method }) => (method === "POST" ? created({}) : { result: {} }));
    const error = await world.thrown(() => lost.table("incident").create({}, { correlation: KEY }));
    is(`${error.code} ${error.known?.key?.value}`, `reply.incomplete ${KEY.value}`);
  },

  "rows without a name are not written by a query": async (world) => {
    await world.queries.load();
    const { Query, deleteWhere } = world.queries;
    const sent: string[] = [];
    const instance = await answering(world, ({ method }) => {
      sent.push(method);
      return { result: [{ number: "INC1" }], headers: { "X-Total-Count": "1" } };
    });
    const schema = { table: "incident", tables: { incident: { fields: { number: { type: "string" } } } } };
    const options = { schema, confirm: () => true };
    const code = await deleteWhere(instance.table("incident"), Query.where("number").is("INC1"), options).then(
      () => "done",
      (thrown: QueryError) => thrown.code,
    );
    is(`${code} ${sent.includes("DELETE")}`, "query.row-unnamed false");
  },

  "imported row whose state is hidden is not called pending": async (world) => {
    const rows = [{ sys_import_row: "1" }, { sys_import_row: "2", sys_import_state: "" }];
    const instance = await answering(world, () => ({ result: rows, headers: { "X-Total-Count": "2" } }));
    const { counts } = await instance.importSet("imp_user").results(ID);
    is(`${counts.unreadable} ${counts.pending}`, "1 1");
  },

  "attachment is named by the address it was given": async (world) => {
    const headers = { Location: `https://dev1.service-now.com/api/now/attachment/${ID}` };
    const instance = await answering(world, () => created({ file_name: "a.txt" }, headers));
    const body = new Uint8Array(3);
    const made = await instance.attachments.upload({ table: "incident", record: ID, name: "a.txt", body });
    is(`${made.sys_id} ${made.size}`, `${ID} 3`);
  },
};
