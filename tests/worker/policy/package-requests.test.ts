import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect } from "sysparm";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { decider } from "./deciding.ts";

let practice: PracticeInstance;

before(async () => {
  practice = await startPracticeInstance("--quiet", "--rows", "300");
});
after(async () => {
  await practice?.stop();
});

/** A policy that names what the calls below need, and no more. */
const decide = decider({
  batch: true,
  attachments: ["GET", "DELETE"],
  maxRows: 10_000,
  tables: {
    incident: {
      methods: ["GET", "POST", "PATCH", "DELETE"],
      conditions: ["*", "caller_id.name"],
      fields: ["*", "caller_id.name"],
      displayValues: true,
      aggregate: true,
      attachments: ["GET", "POST"],
    },
  },
  importSets: { imp_user: {} },
});

test("requests of the package pass a policy that names what they need", async () => {
  const decided: string[] = [];
  const watching: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith("/api/")) {
      const headers = Object.fromEntries(request.headers);
      const body = request.body ? { body: await request.clone().text() } : {};
      const decision = decide(`${request.method} ${pathname}${search}`, { headers, ...body });
      assert.ok(decision.allowed, `${request.method} ${pathname}${search}: ${decision.allowed ? "" : decision.why}`);
      decided.push(`${request.method} ${pathname.replace(/[0-9a-f]{32}/, "{sys_id}")}`);
    }
    return fetch(request);
  };
  const auth = { username: "practice.admin", password: "practice-admin-password" };
  const instance = await connect({ url: practice.url, auth, fetch: watching });
  const incidents = instance.table("incident");
  let rows = 0;
  const fields = ["number", "caller_id.name"];
  for await (const page of incidents.pages({ query: "active=true", fields, pageSize: 100 })) rows += page.rows.length;
  const shown = { query: "ORDERBYpriority", pageSize: 100, displayValue: "all" } as const;
  for await (const page of incidents.pages(shown)) rows += page.rows.length;
  assert.ok(rows > 300, `${rows} rows`);
  await incidents.count("active=true", { verify: true });
  const having = [{ of: "count", field: "state", operator: ">", value: 1 }] as const;
  const orderBy = [{ of: "count", descending: true }, { of: "avg", field: "priority" }, { field: "state" }] as const;
  await instance.aggregate("incident", { groupBy: ["state"], avg: ["priority"], having, orderBy });
  const created = await incidents.create({ short_description: "new" }, { correlation: { field: "correlation_id" } });
  const id = String(created.sys_id);
  await incidents.get(id);
  await incidents.update(id, { state: "2" }, { recovery: {} });
  const outcomes = await instance.batch([
    { path: "/api/now/table/incident?sysparm_limit=1" },
    { method: "PATCH", path: `/api/now/table/incident/${id}`, body: { state: "3" } },
  ]);
  assert.ok(outcomes.every(({ ok }) => ok));
  const file = await instance.attachments.upload({
    table: "incident",
    record: id,
    name: "a b.txt",
    body: new Blob(["text"]),
  });
  await instance.attachments.list({ table: "incident", record: id });
  await (await instance.attachments.download(file.sys_id)).response.text();
  await instance.attachments.delete(file.sys_id);
  await instance.importSet("imp_user").insert({ email: "somebody@example.com" });
  await incidents.delete(id);
  instance.close();
  for (const kind of [
    "GET /api/now/table/incident",
    "GET /api/now/stats/incident",
    "POST /api/now/table/incident",
    "PATCH /api/now/table/incident/{sys_id}",
  ]) {
    assert.ok(decided.includes(kind), `${kind} is not among ${[...new Set(decided)].join(", ")}`);
  }
});
