/**
 * Proposals of maps for changed instances. Nine of ten lines are right, the others are marked unsure, and of those that are sure 99 of
 * 100 are right. SYSPARM_MODEL_FINAL=1 draws the seeds that were kept for the end.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Model, ModelMap, Plan, SuggestedLine } from "sysparm/model";
import type { Field, TableSchema } from "sysparm/schema";
import { CHANGES, type Changed, changed, FINAL_SEEDS, type Right, SEEDS } from "./model-changes.js";
import { Draw } from "./model-rows.js";
import { TABLES } from "./model-stock.js";

let model: Model;
before(async () => {
  const entry = new URL("../../pkg/dist/model-node.js", import.meta.url).href;
  model = await ((await import(entry)) as typeof import("sysparm/model")).load();
});

/** Lines of proposals by what became of them. */
class Tally {
  all = 0;
  right = 0;
  sure = 0;
  sureAndRight = 0;
  readonly wrong: string[] = [];

  add(isRight: boolean, isSure: boolean, words: string): void {
    this.all += 1;
    if (isRight) this.right += 1;
    if (isSure) this.sure += 1;
    if (isSure && isRight) this.sureAndRight += 1;
    if (!isRight) this.wrong.push(`${isSure ? "SURE " : ""}${words}`);
  }

  toString(): string {
    const share = (part: number, whole: number) =>
      `${part} of ${whole} (${((100 * part) / (whole || 1)).toFixed(1)} %)`;
    return `right ${share(this.right, this.all)}, sure ${share(this.sure, this.all)}, sure and right ${share(this.sureAndRight, this.sure)}`;
  }
}

function isRight(line: SuggestedLine | undefined, right: Right, map: ModelMap, table: string): boolean {
  if (!line) return right.column === null;
  if (line.column !== right.column) return false;
  if (right.shape !== undefined) return map.tables?.[table]?.extra?.[line.field]?.type === right.shape;
  const sorted = (values: Record<string, string> | undefined) => JSON.stringify(Object.entries(values ?? {}).sort());
  return right.column === null || right.values === undefined || sorted(line.values) === sorted(right.values);
}

async function tally(instance: Changed, all: Tally, touched: Tally): Promise<void> {
  const { table, schema, samples, fields, own, done } = instance;
  const { map, lines } = await model.suggest(schema, { samples });
  const count = (line: SuggestedLine | undefined, right: Right, name: string) => {
    const words = `${table} [${done.join("; ")}] ${name}: ${JSON.stringify(right)} but ${JSON.stringify(line)}`;
    const fits = isRight(line, right, map, table);
    for (const one of right.changed ? [all, touched] : [all]) one.add(fits, line?.confidence === "sure", words);
  };
  for (const [field, right] of Object.entries(fields))
    count(
      lines.find((line) => line.field === field && !line.extra),
      right,
      field,
    );
  for (const [column, right] of Object.entries(own))
    count(
      lines.find((line) => line.column === column),
      right,
      column,
    );
  // A line for a column that nobody would map.
  for (const line of lines.filter(({ extra, column }) => extra && !(`${column}` in own)))
    count(line, { column: null, changed: true }, `${line.column}`);
  // The proposal can be used as it is.
  assert.equal(model.plan(table, map).table, table);
  for (const { severity, message } of await model.check(map, schema)) assert.notEqual(severity, "new", message);
}

/** A dictionary of any names, labels and types, close to those of the base map. */
function anySchema(draw: Draw, plan: Plan): TableSchema {
  const columns = plan.lines.map(({ column }) => column).filter((column) => !column.includes("."));
  const types = "string integer boolean reference glide_date_time due_date glide_list journal_input strange".split(" ");
  const fields: Record<string, Field> = {};
  for (let count = draw.below(60); count > 0; count -= 1) {
    const column = draw.of(["", "", "u_", "x_acme_", "u_contact_", "u_sys_"]) + draw.of(columns);
    const type = draw.percent(90) ? draw.of(types) : undefined;
    fields[column] = {
      ...(type === undefined ? {} : { type }),
      ...(draw.percent(20)
        ? {}
        : { label: draw.of(["State", "Opened", "1 - ", "", draw.of(columns).replace(/_/g, " ")]) }),
      ...(type === "reference" && draw.percent(80) ? { reference: draw.of(["sys_user", "task", "core_company"]) } : {}),
      ...(draw.percent(20)
        ? { choices: [{ value: draw.of(["1", "7", "", "x"]), label: draw.of(["New", "Closed", ""]) }] }
        : {}),
      source: draw.of(["dictionary", "row"]),
    };
  }
  const custom = Object.keys(fields).filter((name) => /^[ux]_/.test(name));
  return {
    ...{ table: plan.table, tables: { [plan.table]: { fields } }, ancestry: [], custom, indexes: [], unread: [] },
    ...{ complete: draw.percent(80), language: "en", readAt: 0, changedAt: null },
  };
}

test("proposal for any dictionary can be used as it is", async () => {
  const draw = new Draw(11);
  let columns = 0;
  for (let count = 0; count < 300; count += 1) {
    const base = model.plan(draw.of(model.tables)) as Plan;
    const schema = anySchema(draw, base);
    const fields = schema.tables[base.table]?.fields ?? {};
    const row = () => Object.fromEntries(Object.keys(fields).map((name) => [name, draw.of(["", "", "", "1"])]));
    const { map, lines } = await model.suggest(schema, { samples: Array.from({ length: draw.below(8) }, row) });
    const plan = model.plan(base.table, map) as Plan;
    for (const { field, column, extra = false } of lines) {
      const used = plan.lines.find((line) => line.field === field && (line.extra ?? false) === extra);
      assert.equal(used?.column ?? null, column, `${base.table}.${field}`);
      if (column === null) continue;
      columns += 1;
      assert.ok(column === "sys_id" || Object.hasOwn(fields, column.split(".")[0] ?? ""), column);
    }
    if (!schema.complete) assert.ok(lines.every(({ confidence }) => confidence === "unsure"));
    await model.check(map, schema);
  }
  assert.ok(columns > 2000, `${columns}`);
});

test("number whose label says another status is unsure", async () => {
  const labels = { 1: "New", 2: "In Progress", 3: "Geschlossen", 6: "Resolved", 7: "Closed", 8: "Canceled" };
  const choices = Object.entries(labels).map(([value, label]) => ({ value, label }));
  const status = async (list: typeof choices) => {
    const state: Field = { type: "integer", label: "State", source: "dictionary", choices: list };
    const schema: TableSchema = {
      ...{ table: "incident", tables: { incident: { fields: { state } } }, ancestry: [], custom: [], indexes: [] },
      ...{ unread: [], complete: true, language: "en", readAt: 0, changedAt: null },
    };
    return (await model.suggest(schema)).lines.find(({ field }) => field === "status");
  };
  const doubtful = await status(choices);
  assert.equal(doubtful?.confidence, "unsure");
  assert.match(doubtful?.reason ?? "", /3 \(Geschlossen\) as waiting, and its label says closed/);
  const plain = await status(choices.map((one) => (one.value === "3" ? { ...one, label: "On Hold" } : one)));
  assert.equal(plain?.confidence, "sure");
});

test("proposals for twelve kinds of change are right or unsure", async (t) => {
  const [all, touched] = [new Tally(), new Tally()];
  for (const change of CHANGES) {
    const own = new Tally();
    for (const seed of process.env.SYSPARM_MODEL_FINAL ? FINAL_SEEDS : SEEDS) {
      const before = touched.wrong.length;
      const instance = changed(change, seed, (table) => model.plan(table) as Plan, TABLES);
      const part = new Tally();
      await tally(instance, all, part);
      for (const total of [touched, own]) {
        for (const key of ["all", "right", "sure", "sureAndRight"] as const) total[key] += part[key];
        total.wrong.push(...part.wrong);
      }
      if (process.env.SYSPARM_MODEL_SHOW) for (const words of touched.wrong.slice(before)) t.diagnostic(words);
    }
    t.diagnostic(`${change}: ${own}`);
  }
  t.diagnostic(`all lines: ${all}`);
  t.diagnostic(`changed lines: ${touched}`);
  for (const total of [all, touched]) {
    assert.ok(total.right >= 0.9 * total.all, `${total}\n${total.wrong.join("\n")}`);
    assert.ok(
      total.sureAndRight >= 0.99 * total.sure,
      `${total}\n${total.wrong.filter((it) => it.startsWith("SURE")).join("\n")}`,
    );
  }
});
