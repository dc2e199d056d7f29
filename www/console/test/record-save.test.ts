/** Saving a record: what is sent, and what is said where others changed it or no answer came. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Row } from "sysparm";
import { createGuard } from "../src/environments/guard.ts";
import { createRecord } from "../src/records/record.ts";
import { createRecords, missedWords } from "../src/records/records.ts";
import type { Environment } from "../src/workspace/model.ts";

const ID = "46d44a23a9fe19810012d100cca80666";
const { SysparmError, UnknownOutcomeError } = await import("sysparm");

/** An error as the package throws it, without its constructor, which is not public. */
function errorOf(code: string, base: { prototype: object } = SysparmError): Error {
  const error = Object.create(base.prototype) as Error;
  return Object.defineProperties(error, {
    code: { value: code },
    message: { value: code },
    diagnosis: { value: { retry: { when: "never" }, causes: [], evidence: [] } },
  });
}

const environment = { id: "a", name: "DEV", kind: "dev", readOnly: false } as Environment;
const schema = {
  table: "incident",
  tables: {
    incident: {
      fields: {
        state: { type: "string", label: "State", source: "dictionary" },
        work_notes: { type: "journal_input" },
      },
    },
  },
  ancestry: [{ name: "incident" }],
};
const known = { schema: () => ({ phase: "read", data: schema, note: "" }) } as never;
const version = (state: string, count: string): Row => ({ sys_id: ID, state, sys_mod_count: count, number: "INC1" });

/** A record in state 1; `answer` is what the update gives, or throws. */
async function opened(answer: Row | Error, kind: Environment["kind"] = "dev") {
  const sent: unknown[][] = [];
  let now: Row | Error = version("1", "4");
  const table = {
    get: async () => {
      if (now instanceof Error) throw now;
      return now;
    },
    list: async () => ({ rows: [], hidden: 0 }),
    update: async (...given: unknown[]) => {
      sent.push(given);
      if (answer instanceof Error) throw answer;
      now = answer;
      return answer;
    },
  };
  const guard = createGuard();
  const instance = { table: () => table } as never;
  const record = createRecord(
    { environment: { ...environment, kind }, instance, table: "incident", id: ID },
    known,
    guard,
  );
  await record.load();
  record.draft("state", "2");
  const others = (state: string) => {
    now = version(state, "5");
  };
  const unreachable = () => {
    now = errorOf("network.unreachable");
  };
  return { record, sent, guard, others, unreachable };
}

test("save sends the changes with the version that was read", async () => {
  const { record, sent } = await opened(version("2", "5"));
  await record.save();
  const [[id, patch, options] = []] = sent as [string, object, { expect: object }][];
  assert.deepEqual([id, patch, options?.expect], [ID, { state: "2" }, { sys_mod_count: "4" }]);
  assert.deepEqual([record.saved.value?.outcome, record.drafts.value.size], ["done", 0]);
});

test("value that the instance changed is said", async () => {
  const { record } = await opened(version("7", "5"));
  await record.save();
  const saved = record.saved.value;
  assert.deepEqual(saved?.outcome === "done" && saved.notKept.map(({ to, now }) => [to, now]), [["2", "7"]]);
});

test("record changed by others keeps the drafts and shows both", async () => {
  const { record, others } = await opened(errorOf("record.changed"));
  others("6");
  await record.save();
  const saved = record.saved.value;
  assert.deepEqual(saved?.outcome === "changed" && saved.conflicts.map(({ from, now, to }) => [from, now, to]), [
    ["1", "6", "2"],
  ]);
  assert.deepEqual([...record.drafts.value], [["state", "2"]]);
  assert.equal(record.row.value?.sys_mod_count, "5", "saving again means this version");
});

test("write without an answer is not called failed, and is kept", async () => {
  const { record, sent } = await opened(errorOf("network.unreachable", UnknownOutcomeError));
  await record.save();
  assert.deepEqual([record.saved.value?.outcome, record.drafts.value.size, sent.length], ["unknown", 1, 1]);
});

test("entry that may have been saved is not offered as unsaved", async () => {
  const { record, others } = await opened(errorOf("network.unreachable", UnknownOutcomeError));
  record.draft("work_notes", "Called");
  await record.save();
  await record.load();
  assert.equal(record.saved.peek(), null, "the record was not changed, so nothing was saved");
  await record.save();
  others("2");
  await record.load();
  await record.load();
  const saved = record.saved.value;
  assert.deepEqual(saved?.outcome === "looked" && saved.entries.map(({ to }) => to), ["Called"]);
});

test("production is asked with the fields, and a no sends nothing", async () => {
  const { record, sent, guard } = await opened(version("2", "5"), "prod");
  const saving = record.save();
  const question = guard.question.value;
  assert.equal(question?.change?.action, "Update INC1");
  assert.deepEqual(
    question?.change?.changes.map(({ title, from, to }) => [title, from, to]),
    [["State", "1", "2"]],
  );
  question?.answer(false);
  await saving;
  assert.deepEqual([sent.length, record.drafts.value.size, record.saving.value], [0, 1, false]);
});

test("record that cannot be read again stays, and so do its drafts", async () => {
  const { record, others, unreachable } = await opened(version("2", "5"));
  unreachable();
  await record.load();
  const reading = record.reading.value;
  assert.equal(reading.phase === "read" && reading.failure?.message, "network.unreachable");
  assert.deepEqual([record.row.value?.state, record.changes.value.length], ["1", 1]);
  others("6");
  await record.load();
  assert.equal(record.reading.value.phase === "read" && record.reading.value.failure, undefined);
  assert.equal(record.saved.value?.outcome, "changed", "what others changed meanwhile is said");
});

test("record is read anew after its environment was connected again", async () => {
  const instanceOf = (state: string) => ({ table: () => ({ get: async () => version(state, "4"), list: never }) });
  const never = () => new Promise(() => undefined);
  let instance: object | null = instanceOf("1");
  const parts = {
    environments: { current: { peek: () => environment }, find: () => ({ ...environment, readOnly: true }) },
    connections: { of: () => (instance ? { name: "open", instance } : { name: "none" }) },
    guard: createGuard(),
  };
  const records = createRecords(
    parts as never,
    () => known,
    () => undefined,
  );
  const taken = async () => {
    records.take("incident", ID);
    await new Promise(setImmediate);
    return records.shown.value;
  };
  const first = await taken();
  assert.equal(await taken(), first, "once for one connection");
  instance = null;
  assert.equal(await taken(), first);
  instance = instanceOf("2");
  const again = await taken();
  assert.equal(again?.row.value?.state, "2");
  assert.equal(again?.place.environment.readOnly, true, "locked since it was opened");
  first?.cancel();
});

test("address of another environment is not looked up in this one", () => {
  const at = (id: string, instanceUrl: string) => ({
    ...environment,
    id,
    name: id,
    route: { way: "direct", instanceUrl },
  });
  const [dev, prod] = [at("DEV", "https://dev.example"), at("PROD", "https://prod.example")];
  const parts = {
    environments: { current: signal(dev), list: signal([dev, prod]) },
    connections: { of: () => ({ name: "none" }) },
    guard: createGuard(),
  };
  const records = createRecords(
    parts as never,
    () => known,
    () => undefined,
  );
  const refusal = (typed: string) => {
    records.cancel();
    records.typed.value = typed;
    records.jump("task");
    return records.search.value.phase === "refused" ? records.search.value.why : "";
  };
  const path = `/incident.do?sys_id=${ID}`;
  assert.match(refusal(`https://prod.example${path}`), /address of PROD.*Choose PROD/);
  for (const typed of [`https://dev.example${path}`, `https://other.example${path}`, ID])
    assert.equal(refusal(typed), "");
});

test("search that leaves out tables does not say it is not there", async () => {
  const missed = async (roots: number) => {
    const batch = async (requests: readonly unknown[]) => requests.map(() => ({ ok: true, result: [] }));
    const names = Array.from({ length: roots }, (_, at) => ({ name: `table_${at}`, label: "", extends: "" }));
    const parts = {
      environments: { current: signal(environment), list: signal([environment]) },
      connections: { of: () => ({ name: "open", instance: { batch } }) },
      guard: createGuard(),
    };
    const tables = () => ({ phase: "read", data: names, note: "" });
    const records = createRecords(
      parts as never,
      () => ({ tables }) as never,
      () => undefined,
    );
    records.findEverywhere({ key: ID, isId: true, tables: ["task"] });
    while (records.search.value.phase === "searching") await new Promise(setImmediate);
    return records.search.value.phase === "missed" ? missedWords(records.search.value) : records.search.value.phase;
  };
  assert.match(await missed(4_100), /^was not found in 4,000 of 4,100 tables\. The others were not searched/);
  assert.match(await missed(60), /^was not found in any of 60 tables\. It is not there, or/);
});
