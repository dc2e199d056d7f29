/** The unified endpoints in workerd, against a practice instance. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Attachment, Ticket } from "sysparm/model";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { call, type Envelope } from "../worker-under-test.ts";

const TIGHT: Policy = {
  tables: {
    incident: {
      fields: ["sys_id", "number", "state", "u_site", "sys_updated_on"],
      conditions: ["sys_id", "state", "sys_updated_on"],
      writable: ["state"],
      methods: ["GET", "PATCH"],
      maxRows: 20,
    },
  },
};

let instance: PracticeInstance;
let worker: WorkerWithRegistry;

before(async () => {
  [instance, worker] = await Promise.all([startPracticeInstance("--rows", "60", "--quiet"), workerWithRegistry()]);
  await worker.register("acme", instance.url, forTestsKey());
  await worker.register("tight", instance.url, forTestsKey(TIGHT));
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

interface Page {
  items: Ticket[];
  next: string | null;
  more?: boolean;
  omitted: string[];
}

/** The body of a reply with this status. */
async function answer<Body>(status: number, path: string, init: RequestInit = {}): Promise<Body> {
  const reply = await call(worker, path, init);
  const text = await reply.text();
  assert.equal(reply.status, status, `${path}: ${text.slice(0, 800)}`);
  return JSON.parse(text);
}

const json = (method: string, body: unknown): RequestInit => {
  return { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
};

const codeOf = async (status: number, path: string, init?: RequestInit) =>
  (await answer<Envelope>(status, path, init)).error.code;

/** Requests of the Table API that the instance has received since. */
async function tableRequests(work: () => Promise<unknown>) {
  const before = (await instance.journal()).length;
  await work();
  return (await instance.journal()).slice(before).filter(({ path }) => path.includes("/table/"));
}

/** All rows of the instance by its own account. */
async function idsByItself(query = ""): Promise<string[]> {
  const address = `/acme/api/now/table/incident?sysparm_fields=sys_id&sysparm_limit=1000&sysparm_query=${query}`;
  const { result } = await answer<{ result: { sys_id: string }[] }>(200, address);
  return result.map(({ sys_id }) => sys_id).sort();
}

async function walk(path: string, parameter: "cursor" | "since"): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor = "";
  do {
    const page = await answer<Page>(200, `/acme/unified/${path}${cursor}`);
    pages.push(page);
    cursor = page.next === null || page.more === false ? "" : `&${parameter}=${page.next}`;
    assert.ok(pages.length < 100, "it ends");
  } while (cursor);
  return pages;
}

const idsOf = (pages: Page[]) => pages.flatMap(({ items }) => items.map(({ id }) => id));

test("list delivers every record once, in each order", async () => {
  const all = await idsByItself();
  for (const order of ["id", "-createdAt", "updatedAt"]) {
    const pages = await walk(`tickets?limit=17&order=${order}`, "cursor");
    assert.deepEqual(idsOf(pages).sort(), all, order);
    const times = pages.flatMap(({ items }) => items.map(({ createdAt, updatedAt }) => [createdAt, updatedAt]));
    const key = times.map(([created, updated]) => String(order === "updatedAt" ? updated : created));
    if (order !== "id")
      assert.deepEqual(key, order.startsWith("-") ? key.slice().sort().reverse() : key.slice().sort());
  }
});

test("list loses nothing where access rules hide rows", async (t) => {
  t.after(() => instance.set({ hidden: 0 }));
  await instance.set({ hidden: 0.9 });
  const visible = await idsByItself();
  assert.ok(visible.length > 0 && visible.length < 30, `${visible.length} visible`);
  assert.deepEqual(idsOf(await walk("tickets?limit=2", "cursor")), visible);
  assert.deepEqual(idsOf(await walk("tickets/changes?limit=2", "since")).sort(), visible);
});

test("filters find what the instance finds", async () => {
  const { items } = await answer<Page>(200, "/acme/unified/tickets?status=new,resolved&priority=low&limit=200");
  assert.deepEqual(items.map(({ id }) => id).sort(), await idsByItself("stateIN1,6%5Epriority=4"));
  assert.ok(items.length > 0 && items.every(({ status }) => status?.value === "new" || status?.value === "resolved"));
  assert.equal(await codeOf(400, "/acme/unified/tickets?status=open"), "unified.filter");
  assert.equal(await codeOf(400, "/acme/unified/tickets?stauts=new"), "unified.parameter");
  const { error } = await answer<Envelope>(400, "/acme/unified/tickets?limit=1&limit=2");
  assert.deepEqual([error.code, error.causes?.[0]?.title], ["unified.parameter", "a parameter is given twice"]);
  assert.equal(await codeOf(400, "/acme/unified/tickets?limit=201"), "unified.parameter");
  assert.equal(await codeOf(400, "/acme/unified/tickets?limit=51&custom=true"), "unified.parameter");
});

test("cursor of other filters is refused", async () => {
  const { next } = await answer<Page>(200, "/acme/unified/tickets?limit=1&active=true");
  assert.ok(next);
  await answer(200, `/acme/unified/tickets?limit=5&active=true&cursor=${next}`);
  assert.equal(await codeOf(400, `/acme/unified/tickets?limit=1&cursor=${next}`), "unified.cursor");
  const { error } = await answer<Envelope>(400, "/acme/unified/tickets/changes?since=yesterday");
  assert.equal(error.code, "unified.cursor");
  assert.match(error.detail, /`since`.* moment such as 2026-02-28T08:30:00Z/);
});

test("object is created, changed, read, and seen among the changes", async () => {
  const pages = await walk("tickets/changes?limit=50", "since");
  assert.deepEqual(idsOf(pages).sort(), await idsByItself());
  const since = pages.at(-1)?.next;
  const made = await answer<{ item: Ticket }>(
    201,
    "/acme/unified/tickets",
    json("POST", { title: "Disk full", status: "new", urgency: "high" }),
  );
  const { id } = made.item;
  const path = `/acme/unified/tickets/${id}`;
  assert.deepEqual([made.item.title, made.item.status?.raw], ["Disk full", "1"]);
  await answer(200, path, json("PATCH", { status: "in_progress", workNote: "We look at it.", comment: "Hello." }));
  const { item } = await answer<{ item: Ticket }>(200, path);
  assert.deepEqual([item.status?.value, item.revision], ["in_progress", 1]);
  const { items } = await answer<{ items: { text: string; visibility: { value: string } }[] }>(200, `${path}/comments`);
  assert.deepEqual(items.map(({ text, visibility }) => [visibility.value, text]).sort(), [
    ["internal", "We look at it."],
    ["public", "Hello."],
  ]);
  assert.equal(await codeOf(404, `${path}/comments?table=problem`), "record.not-found");
  // Within three seconds a row may still be followed by one with an earlier stamp.
  let seen: string[] = [];
  for (let tries = 0; tries < 50 && seen.length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen = idsOf([await answer<Page>(200, `/acme/unified/tickets/changes?since=${since}`)]);
  }
  assert.deepEqual(seen, [id]);
});

test("files of a record are listed page by page", async () => {
  const [id] = await idsByItself();
  for (const name of ["one.txt", "two.txt", "three.txt"]) {
    const target = `/acme/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=${name}`;
    await answer(201, target, { method: "POST", body: "text", headers: { "content-type": "text/plain" } });
  }
  const names: (string | null | undefined)[] = [];
  let cursor = "";
  do {
    const path = `/acme/unified/tickets/${id}/attachments?limit=1${cursor}`;
    const { items, next } = await answer<{ items: Attachment[]; next: string | null }>(200, path);
    names.push(...items.map(({ name }) => name));
    assert.ok(items.every(({ recordId, bytes }) => recordId === id && bytes === 4));
    cursor = next === null ? "" : `&cursor=${next}`;
  } while (cursor && names.length < 9);
  assert.deepEqual(names.sort(), ["one.txt", "three.txt", "two.txt"]);
});

test("write without a counterpart is refused with every problem", async () => {
  const requests = await tableRequests(async () => {
    const body = { title: "x", status: "waitng", number: "INC1", custom: { state: "2" } };
    const { error } = await answer<Envelope>(400, "/acme/unified/tickets", json("POST", body));
    assert.equal(error.code, "model.refused");
    assert.deepEqual(
      error.causes?.map(({ code }) => code),
      ["write.no-counterpart", "write.read-only", "write.mapped"],
    );
  });
  assert.deepEqual(requests, []);
  assert.equal(await codeOf(400, "/acme/unified/tickets", json("POST", [1])), "unified.body");
  assert.equal(await codeOf(400, "/acme/unified/tickets", { method: "POST", body: "{}" }), "unified.body");
  const changed = { ...json("POST", {}), headers: { "content-type": "application/json", "if-match": "1" } };
  assert.equal(await codeOf(400, "/acme/unified/tickets", changed), "gateway.header");
  // What is compressed is no JSON, and the header is what is wrong.
  const compressed = { method: "POST", body: "\u001f", headers: { ...changed.headers, "content-encoding": "gzip" } };
  assert.match((await answer<Envelope>(400, "/acme/unified/tickets", compressed)).error.detail, /content-encoding/i);
});

test("column that the policy forbids is neither requested nor shown", async () => {
  let id = "";
  const requests = await tableRequests(async () => {
    for (const target of ["tickets?limit=2", "tickets?limit=2&custom=true", "tickets/changes?limit=2"]) {
      const { items, omitted } = await answer<Page>(200, `/tight/unified/${target}`);
      id = items[0]?.id ?? "";
      assert.ok(id && omitted.includes("title") && omitted.includes("requesterEmail"), target);
      for (const item of items) {
        const { kind: _, table: __, custom, extra, unread, ...fields } = item;
        assert.deepEqual(Object.keys(fields).sort(), ["id", "number", "status", "updatedAt"]);
        assert.deepEqual([Object.keys(custom).filter((name) => name !== "u_site"), extra, unread], [[], {}, []]);
      }
    }
    await answer(200, `/tight/unified/tickets/${id}`);
    await answer(200, `/tight/unified/tickets/${id}`, json("PATCH", { status: "in_progress" }));
  });
  assert.ok(requests.length >= 5);
  const allowed = new Set(TIGHT.tables?.incident?.fields);
  for (const { query } of requests) {
    const fields = new URLSearchParams(query).get("sysparm_fields")?.split(",") ?? assert.fail(query);
    assert.deepEqual(
      fields.filter((field) => !allowed.has(field)),
      [],
      query,
    );
  }
});

test("what the policy forbids is refused before the instance is asked", async () => {
  const id = "0".repeat(32);
  const requests = await tableRequests(async () => {
    for (const [code, path, init] of [
      ["policy.condition", "tickets?priority=low"],
      ["policy.field", "tickets?order=-createdAt"],
      ["policy.field", "tickets?custom=u_secret"],
      ["policy.rows", "tickets?limit=21"],
      ["policy.table", "users"],
      ["policy.field", `tickets/${id}/comments`],
      ["policy.field", `tickets/${id}/attachments`],
      ["policy.table", `users/${id}/comments`],
      ["policy.method", "tickets", json("POST", { status: "new" })],
      ["policy.write", `tickets/${id}`, json("PATCH", { title: "x" })],
      ["policy.field", `tickets/${id}/raw?sysparm_fields=priority`],
    ] as const)
      assert.equal(await codeOf(403, `/tight/unified/${path}`, init), code, path);
  });
  assert.deepEqual(requests, []);
});

test("requests of the endpoints count as those of the caller", async () => {
  await worker.register("slow", instance.url, forTestsKey({ unrestricted: ["GET"], requestsPerMinute: 2 }));
  await answer(200, "/slow/unified/tickets?limit=1");
  await answer(200, "/slow/api/now/table/incident?sysparm_limit=1");
  assert.equal(await codeOf(429, "/slow/unified/tickets?limit=1"), "gateway.rate");
  const most = { tables: { incident: { maxBytes: 50 } } };
  await worker.register("short", instance.url, forTestsKey(most));
  const code = await codeOf(403, "/short/unified/tickets?limit=5");
  assert.equal(code, "gateway.reply-too-long");
});

test("calls that reach no instance count as well", async () => {
  for (const [tenant, path, status, code] of [
    ["describing", "openapi.json", 200, undefined],
    ["misnaming", "tickets?table=x", 400, "unified.table"],
    ["mistaking", "tickets?limit=0", 400, "unified.parameter"],
  ] as const) {
    await worker.register(tenant, instance.url, forTestsKey({ unrestricted: ["GET"], requestsPerMinute: 2 }));
    for (let times = 0; times < 2; times += 1) {
      const { error } = await answer<Partial<Envelope>>(status, `/${tenant}/unified/${path}`);
      assert.equal(error?.code, code);
    }
    assert.equal(await codeOf(429, `/${tenant}/unified/${path}`), "gateway.rate");
  }
});

test("refusal of the instance is explained, and raw passes as it is", async () => {
  const path = `/acme/unified/tickets/${"0".repeat(32)}`;
  const { error } = await answer<Envelope>(404, path);
  assert.ok(error.code === "record.not-found" && (error.causes?.length ?? 0) > 0, JSON.stringify(error));
  assert.deepEqual(
    await answer(404, `${path}/raw`),
    await answer(404, path.replace("/unified/tickets/", "/api/now/table/incident/")),
  );
  const [id] = await idsByItself();
  const raw = await answer(200, `/acme/unified/tickets/${id}/raw?sysparm_display_value=all`);
  assert.deepEqual(raw, await answer(200, `/acme/api/now/table/incident/${id}?sysparm_display_value=all`));
});

test("addresses and methods that are none are refused", async () => {
  for (const [status, code, path, init] of [
    [404, "unified.path", "cases"],
    [404, "unified.path", ""],
    [404, "unified.path", "tickets/a/b/c"],
    [400, "unified.id", "tickets/..%252f"],
    [400, "unified.table", "tickets?table=sys_user"],
    [400, "unified.table", "users?table=incident"],
    [405, "unified.method", "tickets", { method: "DELETE" }],
    [405, "unified.method", "tickets/changes", json("POST", {})],
    [405, "unified.method", "tickets/changes", json("PATCH", {})],
    [405, "unified.method", "openapi.json", json("POST", {})],
    [405, "unified.method", "tickets/a/raw", json("PATCH", {})],
  ] as const)
    assert.equal(await codeOf(status, `/acme/unified/${path}`, init), code, path);
  const { error } = await answer<Envelope>(400, `/acme/unified/tickets/${"a".repeat(65)}`);
  assert.match(error.detail, /letters, digits, _ and -, at most 64/);
  for (const headers of [{}, { "if-none-match": "1" }])
    assert.equal((await call(worker, "/acme/unified/tickets?limit=1", { method: "HEAD", headers })).status, 200);
  // Only tenants of the registry have them.
  assert.equal(await codeOf(401, "/unified/tickets"), "caller.unknown");
});
