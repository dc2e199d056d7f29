/** The history of a record, the requests behind it, its files, and another environment's record. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Row } from "sysparm";
import { findCounterpart } from "../src/records/counterpart.ts";
import { differenceOf } from "../src/records/difference.ts";
import { readJournal } from "../src/records/entries.ts";
import type { FieldFact } from "../src/records/facts.ts";
import { createFiles, MOST_BYTES } from "../src/records/files.ts";
import { isCut, readHistory, updatesOf } from "../src/records/history.ts";
import { findRequests, likeliestFirst, requestsQuery, shifted } from "../src/records/requests.ts";

const ID = "46d44a23a9fe19810012d100cca80666";
const { signal } = new AbortController();

test("lines of one write are one update, the newest first", () => {
  const line = (name: string, at: string, version: string) => ({ name, from: "1", to: "2", at, user: "ada", version });
  const first = "2026-01-01 00:00:00";
  const second = "2026-01-01 00:00:01";
  const updates = updatesOf(
    [line("state", second, "4"), line("urgency", second, "4"), line("state", first, "2"), line("state", first, "3")],
    (name) => name.toUpperCase(),
  );
  assert.deepEqual(
    updates.map(({ version, changes }) => [version, changes.map(({ title }) => title)]),
    [
      ["4", ["STATE", "URGENCY"]],
      ["3", ["STATE"]],
      ["2", ["STATE"]],
    ],
  );
});

/** Tables by name; an error is thrown by their reading. */
function instanceWith(tables: Record<string, Row[] | Error>) {
  const asked: string[] = [];
  const table = (name: string) => ({
    list: async ({ query }: { query: string }) => {
      asked.push(`${name}?${query}`);
      const rows = tables[name];
      if (rows instanceof Error) throw rows;
      return { rows: rows ?? [], hidden: 0, total: rows?.length ?? 0 };
    },
  });
  return { asked, instance: { table } as never };
}

test("history set is read where the audit may not be, and said", async () => {
  const line = { field: "state", old_value: "1", new_value: "2", update_time: "2026-01-01 00:00:00", user_id: "ada" };
  const { instance } = instanceWith({ sys_audit: new Error("denied"), sys_history_line: [line] });
  const found = await readHistory(instance, { table: "incident", id: ID }, [], signal);
  assert.deepEqual([found.source, found.updates[0]?.changes[0]?.to, found.audited], ["sys_history_line", "2", null]);
  assert.match(found.notes.join(" "), /sys_audit could not be read[\s\S]*newer changes may be missing/);
  const none = instanceWith({ sys_dictionary: [{ audit: "false" }] });
  const empty = await readHistory(none.instance, { table: "u_x", id: ID }, [], signal);
  assert.deepEqual([empty.audited, empty.updates, none.asked.length], [false, [], 2], "no other log is asked for");
});

test("requests are asked for around the change, of user or record", async () => {
  const update = { at: "2026-01-31 23:59:58", user: "ada" };
  assert.equal(
    requestsQuery(ID, update),
    `sys_created_on>=2026-01-31 23:59:53^sys_created_on<=2026-02-01 00:01:08^urlLIKE${ID}^ORsys_created_by=ada^ORDERBYsys_created_on`,
  );
  assert.doesNotMatch(requestsQuery(ID, { ...update, user: "a^ORb=c" }), /ORb/, "a name is no condition");
  const row = (method: string, url: string) => ({ sys_id: method + url, http_method: method, url });
  const rows = [row("GET", `/x/${ID}`), row("", "/incident.do"), row("PATCH", `/x/${ID}`)];
  const { requests } = await findRequests(instanceWith({ syslog_transaction: rows }).instance, ID, update, signal);
  assert.deepEqual(
    likeliestFirst(requests).map(({ method }) => method),
    ["PATCH", "", "GET"],
  );
  const time = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(time, fc.integer({ min: -90, max: 90 }), (date, seconds) => {
      const stamp = date.toISOString().slice(0, 19).replace("T", " ");
      assert.equal(shifted(shifted(stamp, seconds), -seconds), stamp);
    }),
  );
});

const fact = (name: string, raw: string | null, shown = raw ?? ""): FieldFact => ({
  ...{ name, raw, shown, label: "", type: "", attributes: "" },
});

test("two records differ by what is stored, stamps apart", () => {
  const one = [fact("a", "1"), fact("ref", "x", "Ada"), fact("sys_mod_count", "1"), fact("gone", "1"), fact("b", null)];
  const other = [
    fact("a", "1"),
    fact("ref", "y", "Ada"),
    fact("sys_mod_count", "2"),
    fact("more", "2"),
    fact("b", null),
  ];
  const { differences, equal, stamps } = differenceOf(one, other);
  assert.deepEqual(
    differences.map(({ name, shownAlike }) => [name, shownAlike]),
    [
      ["ref", true],
      ["gone", false],
      ["more", false],
    ],
  );
  assert.deepEqual([differences[1]?.values[1], differences[2]?.values[0]], [null, null]);
  assert.deepEqual([equal.map(({ name }) => name), stamps.map(({ name }) => name)], [["a"], ["sys_mod_count"]]);
});

test("journals differ by the entries that they show", () => {
  const journal = (shown: string): FieldFact => ({ ...fact("work_notes", "", shown), type: "journal_input" });
  const of = (one: string, other: string) => differenceOf([journal(one)], [journal(other)]);
  assert.deepEqual([of("Called", "").differences.length, of("Called", "Called").equal.length], [1, 1]);
});

test("log that was read in part is said", async () => {
  assert.deepEqual(
    [isCut(500, 500, null), isCut(499, 500, null), isCut(500, 500, 500), isCut(400, 500, 501)],
    [...[true, false, false, true]],
  );
  const line = { field: "state", update_time: "2026-01-01 00:00:00", user_id: "ada" };
  const lines = Array.from({ length: 500 }, () => line);
  const instance = (total: number | null) => ({
    table: (name: string) => ({
      list: async () => {
        if (name === "sys_audit") throw new Error("denied");
        return { rows: lines, hidden: 3, total };
      },
    }),
  });
  const notes = async (total: number | null) =>
    (await readHistory(instance(total) as never, { table: "incident", id: ID }, [], signal)).notes.join(" ");
  assert.match(await notes(700), /hide 3 lines of sys_history_line\. Only the newest 500 of 700 lines are shown/);
  assert.match(await notes(null), /Only the newest 500 lines are shown/);
  const row = { sys_id: ID, url: "/x" };
  const busy = instanceWith({ syslog_transaction: Array.from({ length: 50 }, () => row) });
  const update = { at: "2026-01-01 00:00:00", user: "ada" };
  assert.equal((await findRequests(busy.instance, ID, update, signal)).isCut, false, "all of them were read");
});

test("journal says why it is that of the record", async () => {
  const { instance } = instanceWith({ sys_journal_field: new Error("asleep") });
  assert.match((await readJournal(instance, ID, { sys_id: ID }, [], signal)).note, /could not be read\..*asleep/);
});

test("every field is in one part of a comparison, or hidden in both", () => {
  const facts = fc.uniqueArray(
    fc.record({ name: fc.constantFrom(..."abcdef"), raw: fc.option(fc.constantFrom("", "1")) }),
    {
      selector: ({ name }) => name,
    },
  );
  fc.assert(
    fc.property(facts, facts, (left, right) => {
      const [one, other] = [left, right].map((all) => all.map(({ name, raw }) => fact(name, raw)));
      const { differences, equal, stamps } = differenceOf(one ?? [], other ?? []);
      const visible = new Set([...left, ...right].filter(({ raw }) => raw !== null).map(({ name }) => name));
      assert.equal(differences.length + equal.length + stamps.length, visible.size);
    }),
  );
});

test("file that is too large is neither read nor sent", async () => {
  const called: string[] = [];
  const attachments = new Proxy({}, { get: (_, name) => async () => called.push(String(name)) });
  const environment = { id: "a", name: "DEV", kind: "dev", readOnly: false } as never;
  const allowed = { allowWrite: async () => true };
  const files = createFiles({ environment, instance: { attachments } as never, table: "incident", id: ID }, allowed);
  await files.download({ sys_id: ID, name: "dump.bin", size: MOST_BYTES + 1 } as never);
  assert.match(files.work.value.phase === "refused" ? files.work.value.why : "", /dump\.bin has 200 MB/);
  await files.upload([{ name: "up.bin", size: MOST_BYTES + 1 } as File]);
  assert.match(files.work.value.phase === "refused" ? files.work.value.why : "", /up\.bin has 200 MB/);
  const refusing = createFiles(
    { environment, instance: { attachments } as never, table: "incident", id: ID },
    { allowWrite: async () => false },
  );
  await refusing.upload([{ name: "up.bin", size: 1 } as File]);
  assert.deepEqual(called, [], "a no of the guard sends nothing");
});

test("uploads that are cancelled send no further file", async () => {
  const sent: string[] = [];
  const upload = ({ name, signal }: { name: string; signal: AbortSignal }) => {
    sent.push(name);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const attachments = { upload, list: async () => ({ attachments: [], hidden: 0 }) };
  const environment = { id: "a", name: "DEV", kind: "dev", readOnly: false } as never;
  const files = createFiles(
    { environment, instance: { attachments } as never, table: "incident", id: ID },
    { allowWrite: async () => true },
  );
  const uploading = files.upload([{ name: "one.txt", size: 1 } as File, { name: "two.txt", size: 1 } as File]);
  await new Promise(setImmediate);
  files.cancel();
  await uploading;
  assert.deepEqual(sent, ["one.txt"]);
  assert.match(
    files.work.value.phase === "ended" ? files.work.value.what : "",
    /one\.txt: cancelled\. .*read the list/,
  );
});

test("record that is found by a name of several is said", async () => {
  const { SysparmError } = await import("sysparm");
  const missing = Object.defineProperty(Object.create(SysparmError.prototype), "kind", { value: "record" });
  const other = { sys_id: "other", name: "printer" };
  const table = { get: () => Promise.reject(missing), findBy: async () => other, count: async () => 3 };
  const instance = { table: () => table } as never;
  const row = { sys_id: ID, name: "printer" };
  assert.deepEqual(await findCounterpart(instance, "cmdb_ci", row, signal), { row: other, by: "name", among: 3 });
  assert.equal(await findCounterpart(instance, "u_log", { sys_id: ID }, signal), null);
});
