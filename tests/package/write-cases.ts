/** What the package promises of writes, and of queries that travel in a body; they run with the cases of the package. */
import { type Case, is, whereNoRowIsHidden } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

export const WRITE_CASES: Record<string, Case> = {
  "query too long for an address loses and repeats no row": async ({ open, control }) => {
    const table = (await open()).table("incident");
    const wanted = new Set<string>();
    for await (const row of table.rows({ fields: ["sys_id"], limit: 700 })) wanted.add(String(row.sys_id));
    const query = `sys_idIN${[...wanted].join(",")}`;
    const found: string[] = [];
    for await (const page of table.pages({ query, fields: ["sys_id"], pageSize: 300 })) {
      is(page.total, 700);
      for (const row of page.rows) found.push(String(row.sys_id));
    }
    is(found.length, 700);
    is(new Set([...found, ...wanted]).size, 700);
    is(await table.count(query), 700);
    const { requests } = (await control("journal")) as { requests: { path: string; query: string }[] };
    is(
      requests.slice(-4).every(({ path, query }) => path === "/api/now/v1/batch" && query.length === 0),
      true,
    );
  },

  "unserved batch is distinguished from a table's failure": async ({ open, thrown, control }) => {
    const table = (await open({ pace: { attempts: 1 } })).table("incident");
    const query = `sys_idIN${"0".repeat(7000)}`;
    is((await table.list({ query })).total, 0);
    await control("switches", { batch_ms: 0 });
    const error = await thrown(() => table.list({ query }));
    await control("switches", { batch_ms: 30_000 });
    is(error.code, "batch.unserviced");
    is((await thrown(async () => (await open()).table("incidnt").list({ query }))).code, "table.unknown");
  },

  "record is created, changed, counted and deleted": whereNoRowIsHidden(async ({ open, thrown, sysparm }) => {
    const table = (await open()).table("incident");
    const created = await table.create(
      { short_description: "sysparm writes", urgency: 2 },
      { fields: ["sys_id", "urgency"] },
    );
    is(Object.keys(created).sort().join(), "sys_id,urgency");
    const id = String(created.sys_id);
    is(await table.count("short_description=sysparm writes"), 1);
    const changed = await table.update(id, { urgency: 1, active: false });
    is(`${changed.urgency} ${changed.active} ${changed.short_description}`, "1 false sysparm writes");
    await table.delete(id);
    is(await table.count("short_description=sysparm writes"), 0);
    is((await thrown(() => table.delete(id))) instanceof sysparm.RecordError, true);
    is((await thrown(() => table.update(id, undefined as never))).code, "request.body");
    is((await thrown(() => table.get(""))).code, "request.reading");
    is((await thrown(() => table.delete(""))).code, "request.reading");
  }),

  "record is created by a raw request, sent as JSON": whereNoRowIsHidden(async ({ open }) => {
    const body = JSON.stringify({ short_description: "printer on fire" });
    const instance = await open();
    const reply = await instance.request("/api/now/table/incident", { method: "POST", body });
    is(reply.status, 201);
    const { result } = (await reply.json()) as { result: { sys_id: string } };
    const gone = await instance.request(`/api/now/table/incident/${result.sys_id}`, { method: "DELETE" });
    is(gone.status, 204);
  }),

  "delete that a full session queue turned away is sent again": whereNoRowIsHidden(async ({ open, control }) => {
    const table = (await open()).table("problem");
    const id = String((await table.create({})).sys_id);
    const path = "/api/now/table/problem";
    const after = IN_PAGE ? 1 : 0;
    await control("switches", { faults: [{ path, kind: { status: { status: 202 } }, count: 1, after }] });
    await table.delete(id);
    is(await table.count(`sys_id=${id}`), 0);
  }),

  "write without an answer has an unknown outcome": async ({ open, thrown, sysparm, control }) => {
    const instance = await open({ timeLimits: { callMs: 300 } });
    await instance.token();
    await control("switches", { delay_ms: 1500 });
    const error = await thrown(() => instance.request("/api/now/table/incident/none", { method: "DELETE" }));
    const read = await thrown(() => instance.request("/api/now/table/incident?sysparm_limit=1"));
    await control("switches", { delay_ms: 0 });
    is(error instanceof sysparm.UnknownOutcomeError, true);
    is(error.diagnosis.retry.when, "look-first");
    is(read.code, "network.timeout");
  },
};
