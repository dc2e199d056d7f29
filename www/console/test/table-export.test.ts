import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance, Row } from "sysparm";
import { Query } from "sysparm/query";
import { batchesIn, type Reached, type RowsRead } from "../src/tables/export/batches";
import { excelOf } from "../src/tables/export/excel";
import { createExporting, type ExportOrder, fileName } from "../src/tables/export/exporting";
import { type Contents, type Format, textOf } from "../src/tables/export/formats";
import type { Sink } from "../src/tables/export/sink";
import { exportProgress, exportResult } from "../src/tables/export/words";

const contents: Contents = { columns: ["number", "text"], values: "raw", numbers: new Set(), table: "incident" };
const whole = (rows: Row[]): RowsRead => ({ rows, hidden: 0, complete: true });
const never = new AbortController().signal;

async function joined(format: "csv" | "ndjson" | "json", rows: Row[], given = contents): Promise<string> {
  let text = "";
  for await (const part of textOf(
    format,
    batchesIn(
      whole(rows),
      () => undefined,
      () => never,
    ),
    given,
  ))
    text += part;
  return text;
}

const many = Array.from({ length: 1_234 }, (_, index) => ({ number: `INC${index}`, text: index % 3 ? "x" : "=1" }));

test("each format holds every row once, in order", async () => {
  const numbers = many.map(({ number }) => number);
  const csv = (await joined("csv", many)).trimEnd().split("\r\n");
  assert.deepEqual(csv, ["number,text", ...many.map(({ number, text }) => `${number},${text === "=1" ? "'=1" : "x"}`)]);
  const lines = (await joined("ndjson", many)).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).number),
    numbers,
  );
  assert.deepEqual(JSON.parse(await joined("json", many)), many);
  assert.deepEqual(JSON.parse(await joined("json", [])), []);
});

test("both forms of a value stand side by side, hidden fields are left out", async () => {
  const rows: Row[] = [{ number: "INC1" }, { number: { value: "2", display_value: "Two" }, text: "t" }];
  const both = { ...contents, values: "both" as const };
  assert.equal(await joined("csv", rows, both), "number,dv_number,text,dv_text\r\nINC1,INC1,,\r\n2,Two,t,t\r\n");
  assert.equal(await joined("ndjson", rows.slice(0, 1)), '{"number":"INC1"}\n');
});

test("Excel file has typed cells and no formula", async () => {
  const { readXlsx } = await import("hucre/xlsx");
  let cut = 0;
  const rows: Row[] = [
    { number: "12", text: "=1+1" },
    { number: "0012345678901234567", text: `a\u0000b${"x".repeat(40_000)}` },
  ];
  const batches = batchesIn(
    whole(rows),
    () => undefined,
    () => never,
  );
  const stream = excelOf(batches, { ...contents, numbers: new Set(["number"]) }, () => (cut += 1));
  const workbook = await readXlsx(new Uint8Array(await new Response(stream).arrayBuffer()));
  const [head, first, second] = workbook.sheets[0]?.rows ?? [];
  assert.deepEqual(head, ["number", "text"]);
  assert.deepEqual(first, [12, "=1+1"]);
  assert.equal(second?.[0], "0012345678901234567");
  assert.equal(String(second?.[1]).length, 32_767);
  assert.ok(String(second?.[1]).startsWith("a\ufffdb"));
  assert.equal(cut, 1);
});

const TABLE = Array.from({ length: 5_000 }, (_, index) => ({
  sys_id: index.toString(16).padStart(32, "0"),
  number: `INC${index}`,
}));

/** An instance whose readings fail after some pages. A reading behind a sys_id begins there. */
function failing(failures: number) {
  const queries: string[] = [];
  let left = failures;
  const pages = async function* ({ query = "", signal }: { query?: string; signal: AbortSignal }) {
    queries.push(query);
    const behind = /sys_id>(\w+)/.exec(query)?.[1] ?? "";
    const rows = TABLE.filter(({ sys_id }) => sys_id > behind);
    if (query.includes("ORDERBYDESC")) rows.reverse();
    for (let start = 0; start < rows.length; start += 1_000) {
      signal.throwIfAborted();
      const page = rows.slice(start, start + 1_000);
      const seen = start + page.length;
      yield { rows: page, seen, total: rows.length, hidden: null, complete: seen === rows.length };
      if (left > 0 && start >= 1_000) {
        left -= 1;
        throw new Error("the network has gone");
      }
    }
  };
  return { queries, instance: { table: () => ({ pages }) } as unknown as Instance };
}

function memorySink() {
  const written: string[] = [];
  const ends: string[] = [];
  const sink: Sink = {
    streams: true,
    write: async (part) => void written.push(new TextDecoder().decode(part as Uint8Array)),
    close: async () => void ends.push("closed"),
    abandon: async () => void ends.push("abandoned"),
  };
  return { sink, ends, text: () => written.join("") };
}

function order(query: string, format: Format = "ndjson"): ExportOrder {
  return {
    request: { table: "incident", query, fields: ["number"], values: "raw" },
    ...{ columns: ["number"], numbers: new Set(), format, rows: null, limit: Number.POSITIVE_INFINITY },
  };
}

const load = { queries: async () => Query, excel: () => import("../src/tables/export/excel") };
const settled = () => new Promise((resume) => setTimeout(resume, 5));

for (const query of ["active=true", "active=true^ORDERBYDESCnumber"])
  test(`failed export resumes without loss: ${query.slice(12) || "no order"}`, async () => {
    const { instance, queries } = failing(2);
    const exporting = createExporting(() => instance, load);
    const { sink, ends, text } = memorySink();
    let stops = 0;
    exporting.state.subscribe((state) => {
      if (state.phase !== "stopped") return;
      stops += 1;
      assert.match(state.failure?.message ?? "", /the network has gone/);
      setTimeout(exporting.resume);
    });
    await exporting.start(order(query), async () => sink);
    const numbers = text()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).number);
    const expected = TABLE.map(({ number }) => number);
    assert.deepEqual(numbers, query.includes("ORDERBY") ? expected.reverse() : expected);
    assert.equal(stops, 2);
    assert.deepEqual(ends, ["closed"]);
    assert.equal(queries.length, 3);
    const state = exporting.state.value;
    assert.ok(state.phase === "ended" && state.facts.complete && state.facts.total === TABLE.length);
  });

test("cancelled export keeps what was read, or discards it", async () => {
  for (const decision of ["finish", "discard"] as const) {
    const { instance } = failing(0);
    const exporting = createExporting(() => instance, load);
    const { sink, ends, text } = memorySink();
    exporting.state.subscribe((state) => {
      if (state.phase === "running" && state.facts.rows >= 1_500) exporting.cancel();
      if (state.phase === "stopped") setTimeout(exporting[decision]);
    });
    await exporting.start(order("active=true"), async () => sink);
    await settled();
    const state = exporting.state.value;
    if (decision === "discard") {
      assert.deepEqual([state.phase, ends, exporting.problem.value], ["none", ["abandoned"], ""]);
      continue;
    }
    assert.ok(state.phase === "ended" && state.facts.partial);
    const lines = text().trimEnd().split("\n");
    assert.equal(lines.length, state.facts.rows);
    assert.ok(lines.length >= 1_500 && lines.length < TABLE.length);
    assert.match(exportResult(state.facts), /^Saved 1,500 rows.* up to where the export was stopped\.$/);
  }
});

test("rows without a sys_id are all exported, and not resumed", async () => {
  const rows = Array.from({ length: 1_200 }, (_, index) => ({ number: `é${index}` }));
  for (const query of ["", "ORDERBYnumber"]) {
    let fails = query === "";
    const pages = async function* () {
      yield { rows, seen: 1_200, total: 1_200, hidden: 0, complete: true };
      if (fails) throw new Error("the network has gone");
    };
    const exporting = createExporting(() => ({ table: () => ({ pages }) }) as unknown as Instance, load);
    const { sink, text } = memorySink();
    exporting.state.subscribe((state) => {
      if (state.phase !== "stopped") return;
      assert.equal(state.facts.resumable, false);
      fails = false;
      setTimeout(exporting.resume);
    });
    await exporting.start(order(query), async () => sink);
    assert.equal(text().trimEnd().split("\n").length, 1_200);
    if (query === "") assert.match(exporting.problem.value, /^Nothing was saved\. No reading can begin behind/);
    else {
      const state = exporting.state.value;
      assert.ok(state.phase === "ended");
      assert.equal(state.facts.bytes, new TextEncoder().encode(text()).length);
    }
  }
});

test("query that cannot be narrowed is exported, and not resumed", async () => {
  const { instance } = failing(1);
  const exporting = createExporting(() => instance, load);
  const { sink, ends } = memorySink();
  exporting.state.subscribe((state) => {
    if (state.phase !== "stopped") return;
    assert.equal(state.facts.resumable, false);
    setTimeout(exporting.finish);
  });
  await exporting.start(order("active=true^weird"), async () => sink);
  assert.deepEqual(ends, ["closed"]);
});

test("export of the rows that were read says what is missing", async () => {
  const exporting = createExporting(() => null, load);
  const rows = { rows: [{ number: "INC1" }], hidden: 3, complete: false };
  await exporting.start({ ...order(""), rows }, async () => memorySink().sink);
  const state = exporting.state.value;
  assert.ok(state.phase === "ended");
  assert.match(exportResult(state.facts), /query may find more.* hide 3 rows from this user\.$/);
});

test("file that cannot be written ends the export with its reason", async () => {
  const { instance } = failing(0);
  const exporting = createExporting(() => instance, load);
  const { sink, ends } = memorySink();
  const full = { ...sink, write: () => Promise.reject(new Error("the disk is full")) };
  await exporting.start(order(""), async () => full);
  assert.match(exporting.problem.value, /^Nothing was saved\. the disk is full/);
  assert.deepEqual(ends, ["abandoned"]);
  await exporting.start(order(""), async () => null);
  assert.equal(exporting.state.value.phase, "none");
});

test("no second export begins while the place of one is chosen", async () => {
  const { instance } = failing(0);
  const exporting = createExporting(() => instance, load);
  const [first, second] = [memorySink(), memorySink()];
  let choose: (sink: Sink | null) => void = () => undefined;
  const chosen = () =>
    new Promise<Sink | null>((resolve) => {
      choose = resolve;
    });
  const started = exporting.start(order(""), chosen);
  await exporting.start(order(""), async () => second.sink);
  await exporting.start(order(""), () => Promise.reject(new Error("a dialog is open")));
  choose(first.sink);
  await started;
  assert.deepEqual([first.ends, second.ends, exporting.problem.value], [["closed"], [], ""]);
  assert.equal(first.text().trimEnd().split("\n").length, TABLE.length);
  const dismissed = exporting.start(order(""), chosen);
  choose(null);
  await dismissed;
  await exporting.start(order(""), async () => second.sink);
  assert.deepEqual(second.ends, ["closed"], "a dismissed dialog keeps no further export from beginning");
});

test("progress tells rate and remaining time, the name the minute", () => {
  const reached: Reached = { rows: 12_000, total: 100_000, hidden: 4_000, complete: false, resumable: true };
  const written = { bytes: 1, tookMs: 4_000, streams: true, cut: 0, partial: false, fromMemory: false };
  const facts = { ...reached, ...written, format: "csv" } as const;
  assert.equal(exportProgress(facts), "12,000 of 100,000 rows, 3,000 rows a second, 0:28 left");
  assert.equal(exportProgress({ ...facts, total: null, tookMs: 10 }), "12,000 rows");
  assert.equal(fileName("x/y", "xlsx", new Date(2026, 10, 3, 4, 5)), "x_y 2026-11-03 0405.xlsx");
});
