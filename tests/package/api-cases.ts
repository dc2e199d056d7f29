/** What the package promises of aggregates, batches, import sets and attachments. */
import type * as Sysparm from "sysparm";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const AFTER = IN_PAGE ? 1 : 0;
const requestsOf = async (control: (path: string) => Promise<Record<string, unknown>>) =>
  (await control("journal")).requests as { path: string; method: string }[];

export const API_CASES: Record<string, Case> = {
  "aggregate gives numbers, for the whole and for each group": async ({ open, thrown }) => {
    const instance = await open();
    const [whole] = await instance.aggregate("incident", { avg: ["priority"], min: ["opened_at"], max: ["priority"] });
    is(`${whole?.count} ${typeof whole?.avg.priority} ${typeof whole?.min.opened_at}`, "2500 number string");
    const groups = await instance.aggregate("incident", {
      groupBy: ["priority", "active"],
      sum: ["reassignment_count"],
      having: [{ of: "count", field: "priority", operator: ">", value: 0 }],
      orderBy: [{ of: "count", descending: true }],
      displayValue: "all",
    });
    is(
      groups.reduce((sum, { count }) => sum + count, 0),
      2500,
    );
    is(
      groups.every(({ count }, place) => place === 0 || count <= (groups[place - 1]?.count ?? 0)),
      true,
    );
    is(/^\d$/.test(groups[0]?.by.priority ?? "") && groups[0]?.labels?.priority?.includes(" - "), true);
    is(typeof groups[0]?.sum.reassignment_count, "number");
    const [few] = await instance.aggregate("incident", { query: "number=none", avg: ["priority"] });
    is(`${few?.count} ${few?.avg.priority}`, "0 null");
    is((await instance.aggregate("incident", { groupBy: ["priority"], query: "number=none" })).length, 0);
    for (const options of [{ avg: ["prioritty"] }, { groupBy: ["prioritty"], query: "active=true" }]) {
      is((await thrown(() => instance.aggregate("incident", options))).code, "aggregate.field");
    }
    is((await thrown(() => instance.aggregate("incidnt"))).code, "table.unknown");
    is((await thrown(() => instance.aggregate("incident", { group: ["a"] } as never))).code, "options.unknown");
  },

  "batch requests have their own outcomes, in the order given": whereNoRowIsHidden(async ({ open, sysparm }) => {
    const instance = await open();
    const text = "ünïcode & more";
    const [made, rows, missing, table, method, count] = await instance.batch<Sysparm.Row>([
      { method: "POST", path: "/api/now/table/problem", body: { short_description: text } },
      { path: "/api/now/table/incident?sysparm_limit=2" },
      { path: "/api/now/table/incident/none" },
      { path: "/api/now/table/incidnt" },
      { method: "DELETE", path: "/api/now/table/problem/none" },
      { path: "/api/now/stats/incident?sysparm_count=true" },
    ]);
    is(made?.ok && `${made.status} ${made.result.short_description}`, `201 ${text}`);
    is(rows?.ok && (rows.result as unknown as unknown[]).length, 2);
    is(rows?.ok && rows.headers.get("x-total-count"), "2500");
    const codes = [missing, table, method].map((one) => one && !one.ok && `${one.status} ${one.error.code}`);
    is(codes.join(), "404 record.not-found,400 table.unknown,404 record.not-found");
    is(missing?.ok === false && missing.error instanceof sysparm.RecordError, true);
    is(missing?.ok === false && (missing.error.diagnosis.causes[0]?.fix.length ?? 0) > 0, true);
    is(JSON.stringify(count?.ok && count.result), '{"stats":{"count":"2500"}}');
    if (made?.ok) await instance.table("problem").delete(String(made.result.sys_id));
  }),

  "aggregate, batch and importSet are bound to their instance": async ({ open }) => {
    const { aggregate, batch, importSet } = await open();
    is((await aggregate("incident"))[0]?.count, 2500);
    is((await batch([{ path: "/api/now/table/incident?sysparm_limit=1" }]))[0]?.ok, true);
    is(importSet("imp_user").name, "imp_user");
  },

  "requests a Batch does not reach go into the next one": async ({ open, control }) => {
    const instance = await open();
    await instance.token();
    await control("switches", { batch_ms: 3 });
    const text = `batched ${Date.now()}`;
    const requests = Array.from(
      { length: 10 },
      (_, place): Sysparm.BatchRequest =>
        place % 2 === 0
          ? { method: "POST", path: "/api/now/table/problem", body: { short_description: text } }
          : { path: `/api/now/table/incident?sysparm_limit=${place}` },
    );
    const before = (await requestsOf(control)).filter(({ method }) => method === "POST").length;
    const outcomes = await instance.batch(requests);
    const calls = (await requestsOf(control)).filter(({ method }) => method === "POST").length - before;
    await control("switches", { batch_ms: 30_000 });
    is(calls, 4);
    is(
      outcomes.map((one) => one.ok && Array.isArray(one.result) && one.result.length).join(),
      "false,1,false,3,false,5,false,7,false,9",
    );
    is(
      outcomes.every((one) => one.ok),
      true,
    );
    const table = instance.table("problem");
    is(await table.count(`short_description=${text}`), 5);
    for await (const row of table.rows({ query: `short_description=${text}` })) await table.delete(String(row.sys_id));
  },

  "unserved batch ends, and its reads are sent alone": async ({ open, control }) => {
    const instance = await open();
    await instance.token();
    await control("switches", { batch_ms: 0 });
    const read = { path: "/api/now/table/incident?sysparm_limit=1" };
    const write = { method: "POST", path: "/api/now/table/problem", body: {} } as const;
    const outcomes = await instance.batch([read, read, read, read, write, read]);
    const [unknown] = await instance.batch([write]);
    await control("switches", { batch_ms: 30_000 });
    is(outcomes.map((one) => (one.ok ? one.status : one.error.code)).join(), "200,200,200,200,batch.unserviced,200");
    // Alone in its call it may have been begun.
    is(unknown?.ok === false && unknown.error.name, "UnknownOutcomeError");
  },

  "lost Batch call repeats reads and leaves writes unknown": async ({ open, control }) => {
    const instance = await open();
    await instance.token();
    const kind = { status: { status: 504 } };
    await control("switches", { faults: [{ path: "/api/now/v1/batch", kind, count: 1, after: AFTER }] });
    const text = `lost ${Date.now()}`;
    const [read, write] = await instance.batch([
      { path: "/api/now/table/incident?sysparm_limit=1" },
      { method: "POST", path: "/api/now/table/problem", body: { short_description: text } },
    ]);
    await control("switches", { faults: [] });
    is(`${read?.ok} ${write?.ok === false && write.error.name}`, "true UnknownOutcomeError");
    is(await instance.table("problem").count(`short_description=${text}`), 0);
  },

  "batch is split by count, and unsendable requests are refused": async ({ open, thrown, control }) => {
    const instance = await open();
    const path = "/api/now/table/incident?sysparm_limit=1";
    const before = (await requestsOf(control)).filter(({ path }) => path.endsWith("/batch")).length;
    is((await instance.batch(Array(7).fill({ path }), { size: 3 })).filter(({ ok }) => ok).length, 7);
    const calls = (await requestsOf(control)).filter(
      ({ path, method }) => path.endsWith("/batch") && method === "POST",
    );
    is(calls.length >= 3 && before >= 0, true);
    is((await instance.batch([])).length, 0);
    const refused = async (request: unknown) => (await thrown(() => instance.batch([request as never]))).code;
    is(await refused({ path: "https://elsewhere.example/" }), "request.path");
    is(await refused({ path: "/api/now/a b" }), "request.path");
    is(await refused({ path, method: "TRACE" }), "request.method");
    is(await refused({ path, body: "x" }), "request.body");
    is(await refused({ path, method: "POST", body: "x".repeat(5_300_000) }), "request.body");
  },

  "joinReads joins the reads of one tick into one Batch call": async ({ open, thrown, control }) => {
    const instance = await open({ joinReads: true });
    const table = instance.table("incident");
    const { rows } = await table.list({ limit: 20, fields: ["sys_id", "number"] });
    const before = (await requestsOf(control)).length;
    const [records, count, missing] = await Promise.all([
      Promise.all(rows.map(({ sys_id }) => table.get(String(sys_id), { fields: ["number"] }))),
      table.count("active=true"),
      thrown(() => table.get("none")),
    ]);
    is(records.map(({ number }) => number).join(), rows.map(({ number }) => number).join());
    is(count > 0, true);
    is(missing.code, "record.not-found");
    const sent = (await requestsOf(control)).slice(before).filter(({ method }) => method !== "OPTIONS");
    // What fails in the batch is asked for by itself, which is where its diagnosis comes from.
    is(sent.map(({ path }) => path).join(), "/api/now/v1/batch,/api/now/table/incident/none");
    const controller = new AbortController();
    const reads = [
      table.get(String(rows[0]?.sys_id)),
      table.get(String(rows[1]?.sys_id), { signal: controller.signal }),
    ];
    controller.abort("enough");
    const [kept, gone] = await Promise.allSettled(reads);
    is(`${kept?.status} ${gone?.status === "rejected" && gone.reason}`, "fulfilled enough");
  },

  "long-lived signal keeps no listener of finished reads": async ({ open }) => {
    const instance = await open({ joinReads: true });
    const table = instance.table("incident");
    const { rows } = await table.list({ limit: 2, fields: ["sys_id"] });
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    let heard = 0;
    signal.addEventListener = (_: string, listener: unknown) => {
      listeners.add(listener);
      heard += 1;
    };
    signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
    const read = (place: number) => table.get(String(rows[place]?.sys_id), { fields: ["number"], signal });
    await Promise.all([read(0), read(1)]);
    await read(0);
    await table.get("none", { signal }).catch(() => undefined);
    is(`${heard >= 4} ${listeners.size}`, "true 0");
  },

  "every row of an import says what became of it": async ({ open, thrown }) => {
    const staging = (await open()).importSet("imp_user");
    const name = `import${Date.now()}`;
    const one = await staging.insert({ user_name: name, first_name: "Ada" });
    is(`${one.rows[0]?.status} ${one.complete}`, "inserted true");
    is(one.rows[0]?.results[0]?.table, "sys_user");
    const many = await staging.insert([
      { user_name: name, first_name: "Ada" },
      ...Array.from({ length: 6 }, (_, place) => ({ user_name: `${name}${place}`, first_name: place })),
    ]);
    is(many.rows.map(({ status }) => status).join(), `ignored,${Array(6).fill("inserted").join()}`);
    is(many.counts.inserted, 6);
    is(/^ISET\d+$/.test(many.rows[0]?.results[0]?.importSet ?? ""), true);
    is((await thrown(() => staging.insert([{ user_name: ["a"] } as never]))).code, "request.body");
  },

  "import that the target refuses is no success": async ({ open, control }) => {
    const instance = await open();
    await instance.token();
    const path = "/api/now/import/imp_user";
    await control("switches", { faults: [{ path, kind: { status: { status: 500 } }, count: 1, after: AFTER }] });
    const lost = await instance.importSet("imp_user").insert({ user_name: "lost" });
    is(`${lost.rows[0]?.status} ${lost.rows[0]?.error?.name} ${lost.complete}`, "failed UnknownOutcomeError false");
    await control("switches", { faults: [{ path, kind: "truncate", count: 1, after: AFTER }] });
    const cut = await instance.importSet("imp_user").insert({ user_name: "cut" });
    await control("switches", { faults: [] });
    is(`${cut.rows[0]?.status} ${cut.rows[0]?.error?.name}`, "failed UnknownOutcomeError");
    const missing = await instance.importSet("imp_none").insert({ a: "b" });
    is(`${missing.counts.failed} ${missing.rows[0]?.error?.code}`, "1 table.unknown");
  },

  "asynchronous import is polled until no row is pending": async ({ open }) => {
    const staging = (await open()).importSet("imp_user");
    const name = `later${Date.now()}`;
    const rows = Array.from({ length: 30 }, (_, place) => ({ user_name: `${name}${place}` }));
    const { importSetId, multiImportSetId } = await staging.insertMultiple(rows);
    is(`${importSetId.length} ${multiImportSetId.length}`, "32 32");
    const early = await staging.results(importSetId);
    is(`${early.rows.length} ${early.counts.pending} ${early.complete}`, "30 30 false");
    await new Promise((wake) => setTimeout(wake, 2500));
    const late = await staging.results(importSetId);
    is(`${late.counts.inserted} ${late.complete} ${late.hidden}`, "30 true 0");
  },

  "file goes up and comes down as it was, with its progress": whereNoRowIsHidden(async ({ open, thrown, control }) => {
    const instance = await open();
    const { attachments } = instance;
    const record = String((await instance.table("problem").create({})).sys_id);
    const bytes = Uint8Array.from({ length: 1_500_000 }, (_, place) => (place * 7) % 251);
    const pieces = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 100_000) controller.enqueue(bytes.slice(at, at + 100_000));
          controller.close();
        },
      });
    const bodies = [new Blob([bytes], { type: "image/png" }), bytes, bytes.buffer, pieces()];
    for (const [place, body] of bodies.entries()) {
      const up: number[] = [];
      const made = await attachments.upload({
        table: "problem",
        record,
        name: `plän & ${place}.png`,
        body,
        progress: (sent) => up.push(sent),
      });
      is(`${made.name} ${made.size} ${made.record}`, `plän & ${place}.png 1500000 ${record}`);
      is(made.type, place === 0 ? "image/png" : "application/octet-stream");
      is(`${up.at(-1)} ${up.every((sent, at) => at === 0 || sent >= (up[at - 1] ?? 0))}`, "1500000 true");
      const down: string[] = [];
      const { response, attachment } = await attachments.download(made.sys_id, {
        progress: (read, total) => down.push(`${read} of ${total}`),
      });
      const read = new Uint8Array(await response.arrayBuffer());
      is(`${read.length} ${read.every((byte, at) => byte === bytes[at])}`, "1500000 true");
      is(`${attachment.sys_id} ${down.at(-1)}`, `${made.sys_id} 1500000 of 1500000`);
    }
    // Kept under the record's own class, and asked for under the one that it extends.
    is((await attachments.list({ table: "task", record })).attachments.length, 4);
    const listed = await attachments.list({ table: "problem", record });
    is(`${listed.attachments.length} ${listed.hidden}`, "4 0");
    const [first] = listed.attachments;
    await attachments.delete(first?.sys_id ?? "");
    is((await attachments.list({ query: `table_sys_id=${record}` })).attachments.length, 3);
    is((await thrown(() => attachments.download(first?.sys_id ?? ""))).code, "record.not-found");
    const upload = (given: object) =>
      attachments.upload({ table: "problem", record, name: "a.txt", body: bytes, ...given });
    is((await thrown(() => upload({ maxBytes: 1000 }))).code, "attachment.too-large");
    is((await thrown(() => upload({ maxBytes: 1000, body: pieces() }))).code, "attachment.too-large");
    let pulls = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => (++pulls < 4 ? controller.enqueue(bytes) : controller.error("disk gone")),
    });
    const pulled = await upload({ body: broken }).catch((thrown: unknown) => thrown);
    is(String((pulled as Error).cause ?? pulled).includes("disk gone"), true);
    is((await thrown(() => upload({ record: "0".repeat(32) }))).kind, "record");
    is((await thrown(() => upload({ body: "text" }))).code, "request.body");
    is((await attachments.list({ table: "problem", record })).attachments.length, 3);

    // Refused before it was read: a Blob is sent again, and its bytes are counted again.
    for (const kind of [{ status: { status: 429 } }, { status: { status: 202 } }, "revoke_tokens"]) {
      await control("switches", { faults: [{ path: "/api/now/attachment/file", kind, count: 1, after: AFTER }] });
      const again = await upload({ body: new Blob([bytes]), progress: () => undefined });
      is(again.size, bytes.length);
      await attachments.delete(again.sys_id);
    }
    await control("switches", {
      faults: [{ path: "/api/now/attachment/file", kind: { status: { status: 504 } }, count: 1, after: AFTER }],
    });
    is(
      (await thrown(() => upload({ body: new Blob([bytes]), progress: () => undefined }))).name,
      "UnknownOutcomeError",
    );
    is((await attachments.list({ table: "problem", record })).attachments.length, 3);

    const id = String(listed.attachments[1]?.sys_id);
    const path = `/api/now/attachment/${id}/file`;
    await control("switches", { faults: [{ path, kind: "truncate", count: 1, after: AFTER }] });
    const { response } = await attachments.download(id);
    const cut = await thrown(() => response.arrayBuffer());
    is(`${cut.code} ${cut.known?.ids}`, `attachment.cut ${id}`);
    const controller = new AbortController();
    const aborted = await attachments.download(id, {
      signal: controller.signal,
      progress: () => controller.abort("enough"),
    });
    is(await aborted.response.arrayBuffer().catch((thrown: unknown) => thrown), "enough");
    await control("switches", { faults: [] });
    await instance.table("problem").delete(record);
  }),
};
