/** Checkpoints as version 0.1.0 wrote them: a copy that was kept with them goes on, and nothing of it is read again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import type * as Syncs from "sysparm/sync";
import { installInto, type Project } from "./installed.ts";

let project: Project;
let sysparm: typeof Sysparm;
let syncs: typeof Syncs;
before(async () => {
  project = installInto("older-checkpoints");
  const entry = (name: string) => import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist", name)).href);
  [sysparm, syncs] = await Promise.all([entry("node.js"), entry("sync-node.js")]);
});
after(() => project?.remove());

const id = (number: number) => String(number).padStart(32, "0");

/** Of `sync(incident, { query: "active=true", fields: ["number"] })` behind two rows of three. */
const HALF_WAY = `{"form":1,"query":"9baeafa1172d4009","rows":{"value":"2026-03-01 11:00:02","id":"00000000000000000000000000000002"},
  "unstampedRead":false,"deletions":"2026-03-01 11:59:59","rowKeys":[{"id":"00000000000000000000000000000001","at":"2026-03-01 11:00:01",
  "changes":"1"},{"id":"00000000000000000000000000000002","at":"2026-03-01 11:00:02","changes":"2"}],"deletionKeys":[]}`;

/** Of the same, before the first row. */
const AT_THE_START = `{"form":1,"query":"9baeafa1172d4009","rows":null,"unstampedRead":false,"deletions":"2026-03-01 11:59:59",
  "rowKeys":[],"deletionKeys":[]}`;

/** Of the same, when it was over; one deletion was delivered. */
const AT_THE_END = `{"form":1,"query":"9baeafa1172d4009","rows":{"value":"2026-03-01 11:00:03","id":"00000000000000000000000000000003"},
  "unstampedRead":true,"deletions":"2026-03-01 11:59:59","rowKeys":[{"id":"00000000000000000000000000000003","at":"2026-03-01 11:00:03",
  "changes":"3"}],"deletionKeys":[{"id":"0000000000000000000000000000000a","at":"2026-03-01 11:59:59","changes":"deleted"}]}`;

/** Of `reconcile(incident, { query: "active=true" })` behind two rows of three. */
const COMPARED = `{"form":1,"query":"f0f5fce4f6c78da6","after":"00000000000000000000000000000002","total":3,"rows":2,"missing":2,"stale":0,
  "surplus":0,"pending":0,"unknown":0,"sourceAside":[],"copyAside":[]}`;

const ROWS = [1, 2, 3].map((number) => ({
  sys_id: id(number),
  number: `INC000000${number}`,
  sys_updated_on: `2026-03-01 11:00:0${number}`,
  sys_mod_count: `${number}`,
}));

/** A table of three rows at noon, and the queries that it was asked. */
async function table(): Promise<{ incident: Sysparm.Table; asked: string[] }> {
  const asked: string[] = [];
  const fetch = async (address: string) => {
    const { pathname, searchParams } = new URL(address);
    const query = searchParams.get("sysparm_query") ?? "";
    const isOfRows = pathname.endsWith("/incident") && query !== "" && !query.includes("ISEMPTY");
    if (isOfRows) asked.push(query);
    const from = /sys_updated_on>=([\d: -]+)/.exec(query)?.[1] ?? "";
    const behind = /^active=true\^sys_id>(\w+)/.exec(query)?.[1] ?? "";
    const found = isOfRows ? ROWS.filter((row) => row.sys_updated_on >= from && row.sys_id > behind) : [];
    const headers = { date: "Sun, 01 Mar 2026 12:00:00 GMT", "x-total-count": `${found.length}` };
    return Response.json({ result: found }, { headers });
  };
  const instance = await sysparm.connect({
    url: "https://x.example",
    auth: { token: "t" },
    fetch,
  } as Sysparm.ConnectOptions);
  return { incident: instance.table("incident"), asked };
}

async function synced(
  checkpoint: string,
): Promise<{ numbers: unknown[]; asked: string[]; last: Syncs.SyncCheckpoint }> {
  const { incident, asked } = await table();
  const numbers: unknown[] = [];
  let last = JSON.parse(checkpoint);
  for await (const batch of syncs.sync(incident, { query: "active=true", fields: ["number"], checkpoint: last })) {
    numbers.push(...batch.rows.map((row) => row.number));
    last = batch.checkpoint;
  }
  return { numbers, asked, last };
}

test("sync goes on behind the last row of a checkpoint of 0.1.0", async () => {
  const { numbers, asked, last } = await synced(HALF_WAY);
  assert.deepEqual(numbers, ["INC0000003"], "the rows that its keys remember come no second time");
  assert.match(asked[0] ?? "", /sys_updated_on>=2026-03-01 11:00:00/, "two seconds of overlap");
  assert.deepEqual(last.rows, { value: "2026-03-01 11:00:03", id: id(3) });
});

test("sync begins, and ends, with a checkpoint of 0.1.0", async () => {
  assert.deepEqual((await synced(AT_THE_START)).numbers, ["INC0000001", "INC0000002", "INC0000003"]);
  assert.deepEqual(
    (await synced(AT_THE_END)).numbers,
    ["INC0000001", "INC0000002"],
    "in the overlap, and not in its keys",
  );
});

test("comparison goes on behind the last row of one of 0.1.0", async () => {
  const { incident, asked } = await table();
  const missing: string[] = [];
  let progress: unknown;
  const options = { query: "active=true", copy: [], compared: JSON.parse(COMPARED) };
  for await (const batch of syncs.reconcile(incident, options)) {
    missing.push(...batch.missing);
    progress = batch.compared.rows;
  }
  assert.deepEqual([missing, progress], [[id(3)], 3]);
  assert.match(asked[0] ?? "", new RegExp(`^active=true\\^sys_id>${id(2)}`));
});
