/**
 * Proposals of maps for changed instances. Nine of ten lines are right, the others are marked unsure, and of those that are sure 99 of
 * 100 are right. SYSPARM_MODEL_FINAL=1 draws the seeds that were kept for the end.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Model, ModelMap, Plan, SuggestedLine } from "sysparm/model";
import { CHANGES, type Changed, changed, FINAL_SEEDS, type Right, SEEDS } from "./model-changes.js";
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
