/**
 * Rows into objects of the unified model and back: what is written is what the row stores, or is listed as left out. `make slow` draws
 * 10,000 rows for each table (SYSPARM_MODEL_ROWS). With SYSPARM_EVENT_LOG the rows of a real instance pass, too.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Model, ModelMap, Plan } from "sysparm/model";
import { Draw, map, row, storedIn } from "./model-rows.js";

const ROWS = Number(process.env.SYSPARM_MODEL_ROWS ?? 1000);

let model: Model;
before(async () => {
  const entry = new URL("../../pkg/dist/model-node.js", import.meta.url).href;
  model = await ((await import(entry)) as typeof import("sysparm/model")).load();
});

/** Fails unless every column of the row is written as it was, or is listed. Returns how many were written. */
function assertLossless(plan: Plan, given: Record<string, unknown>): number {
  const before = JSON.stringify(given);
  const object = plan.read(given);
  const { fields, left } = plan.write(object, { readOnly: "leave" });
  const listed = new Set(left.map(({ column }) => column));
  const writable = new Set(plan.lines.filter(({ readOnly }) => !readOnly).map(({ column }) => column));
  for (const [column, content] of Object.entries(given)) {
    const written = Object.hasOwn(fields, column) ? fields[column] : undefined;
    if (written === undefined) assert.ok(listed.has(column), `${plan.table}.${column} is neither written nor listed`);
    else assert.equal(written, storedIn(content), `${plan.table}.${column} of ${JSON.stringify(content)}`);
  }
  for (const column of Object.keys(fields)) assert.ok(Object.hasOwn(given, column), `${column} was not in the row`);
  for (const { column, reason } of left)
    assert.ok(reason !== "read-only" || !writable.has(column), `${plan.table}.${column} can be written`);
  assert.equal(JSON.stringify(given), before, "the row was changed");
  return Object.keys(fields).length;
}

test("rows of every table are written back as they were", () => {
  const draw = new Draw(1);
  for (const table of model.tables) {
    const plan = model.plan(table) as Plan;
    let written = 0;
    for (let count = 0; count < ROWS; count += 1) written += assertLossless(plan, row(draw, plan));
    const isWritable = plan.lines.some(({ readOnly }) => !readOnly);
    assert.ok(written > ROWS * (isWritable ? 2 : 0), `${table}: ${written} values written`);
  }
});

test("objects survive JSON between reading and writing", () => {
  const draw = new Draw(2);
  for (const table of model.tables) {
    const plan = model.plan(table) as Plan;
    for (let count = 0; count < ROWS / 50; count += 1) {
      const object = plan.read(row(draw, plan));
      const copy = JSON.parse(JSON.stringify(object));
      assert.deepEqual(plan.write(copy, { readOnly: "leave" }), plan.write(object, { readOnly: "leave" }));
    }
  }
});

test("published JSON Schema takes maps that can be used", () => {
  const schema = JSON.parse(readFileSync(new URL("../../pkg/model-map.schema.json", import.meta.url), "utf8"));
  const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const draw = new Draw(6);
  for (let count = 0; count < ROWS / 10; count += 1) {
    const own = map(draw, model.plan(draw.of(model.tables)) as Plan);
    assert.ok(accepts(own), JSON.stringify(accepts.errors));
  }
  const fields = (given: object) => ({ version: 1, tables: { incident: { fields: given } } });
  const refused = [{ version: 2 }, fields({ dueDate: null }), fields({ status: { values: { "1": "open" } } })];
  for (const own of [...refused, { version: 1, tables: { u_ticket: {} } }]) {
    assert.ok(!accepts(own), JSON.stringify(own));
    assert.throws(() =>
      model.plan(JSON.stringify(own).includes("u_ticket") ? "u_ticket" : "incident", own as ModelMap),
    );
  }
});

test("rows are written back as they were under random maps", () => {
  const draw = new Draw(3);
  for (let count = 0; count < ROWS / 4; count += 1) {
    const base = model.plan(draw.of(model.tables)) as Plan;
    const own = map(draw, base);
    const plan = model.plan(base.table, own) as Plan;
    for (let rows = 0; rows < 4; rows += 1) assertLossless(plan, row(draw, plan));
    for (const column of own.tables?.[base.table]?.custom ?? []) assert.ok(plan.fields.includes(column));
    assert.equal(new Set(plan.fields).size, plan.fields.length);
  }
});

test("values written under random maps are read as given", () => {
  const draw = new Draw(4);
  for (let count = 0; count < ROWS / 4; count += 1) {
    const base = model.plan("incident") as Plan;
    const plan = model.plan("incident", map(draw, base)) as Plan<never> as Plan;
    for (const { field, shape, values = [], written = [], readOnly } of plan.lines) {
      if (shape !== "choice" || readOnly) continue;
      for (const value of new Set(values.map(([, name]) => name))) {
        const part = { [field]: value } as Parameters<typeof plan.write>[0];
        if (!written.some(([name]) => name === value)) {
          assert.throws(() => plan.write(part), { code: "model.refused" });
          continue;
        }
        const again = plan.read(plan.write(part).fields) as unknown as Record<string, { value: string }>;
        assert.equal(again[field]?.value, value);
      }
    }
  }
});

test("damaged map is refused with problems and without a trap", () => {
  const draw = new Draw(5);
  let refused = 0;
  for (let count = 0; count < ROWS / 4; count += 1) {
    const text = JSON.stringify(map(draw, model.plan("incident") as Plan));
    const at = draw.below(text.length);
    const damaged = text.slice(0, at) + draw.of(["u", '"', "{", "}", "null", "1", ",", "\\u0000"]) + text.slice(at + 1);
    let own: ModelMap;
    try {
      own = JSON.parse(damaged);
    } catch {
      continue;
    }
    try {
      model.plan("incident", own);
    } catch (error) {
      refused += 1;
      const { code, problems } = error as { code: string; problems?: { path: string }[] };
      assert.ok(code === "model.map" ? (problems?.length ?? 0) > 0 : code === "model.options", `${damaged}: ${error}`);
    }
  }
  assert.ok(refused > 0);
});

const LOG = process.env.SYSPARM_EVENT_LOG;

/** The map of the instance that the event log comes from: its states are words. */
const LOG_MAP: ModelMap = {
  version: 1,
  tables: {
    incident: {
      fields: {
        status: {
          column: "incident_state",
          values: {
            New: "new",
            Active: "in_progress",
            "Awaiting User Info": "waiting",
            "Awaiting Problem": "waiting",
            "Awaiting Vendor": "waiting",
            "Awaiting Evidence": "waiting",
            Resolved: "resolved",
            Closed: "closed",
          },
          write: { waiting: "Awaiting User Info" },
        },
        closeCode: { column: "closed_code" },
      },
      extra: { symptom: { column: "u_symptom" }, madeSla: { column: "made_sla", type: "boolean" } },
    },
  },
};

/** What the instance stores for a text of the log. */
function storedOf(column: string, text: string): [column: string, content: unknown] {
  const name = column.replace("sys_created_at", "sys_created_on").replace("sys_updated_at", "sys_updated_on");
  const [, day, month, year, time] = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d)$/.exec(text) ?? [];
  const [, number] = /^(\d) - \w+$/.exec(text) ?? [];
  if (text === "?") return [name, ""];
  if (time) return [name, `${year}-${month}-${day} ${time}:00`];
  if (number) return [name, { value: number, display_value: text }];
  return [name, text === "TRUE" || text === "FALSE" ? text.toLowerCase() : text];
}

if (LOG) {
  test("rows of the event log are written back as they were", () => {
    const [head = "", ...lines] = readFileSync(LOG, "utf8").trim().split("\n");
    const plan = model.plan("incident", LOG_MAP);
    const columns = head.trim().split(",");
    let unread = 0;
    const statuses = new Set<unknown>();
    for (const line of lines) {
      const texts = line.trim().split(",");
      const given = Object.fromEntries(columns.map((column, place) => storedOf(column, texts[place] ?? "")));
      assertLossless(plan as Plan, given);
      const ticket = plan.read(given);
      unread += ticket.unread.length;
      statuses.add(ticket.status?.value);
      assert.equal(typeof ticket.openedAt, "string");
    }
    assert.ok(lines.length > 5000 && unread === 0, `${lines.length} lines, ${unread} values unread`);
    assert.ok(statuses.size >= 5 && !statuses.has(null), [...statuses].join());
  });
}
