import assert from "node:assert/strict";
import { test } from "node:test";
import type { AggregateGroup, Instance } from "sysparm";
import { Query } from "sysparm/query";
import type { Field } from "sysparm/schema";
import {
  chartOf,
  createCharting,
  firstGroup,
  groupFields,
  measuredFields,
  measuredOf,
} from "../src/tables/chart/charting";

const source = "dictionary" as const;
const fields: Record<string, Field> = {
  active: { type: "boolean", source },
  number: { label: "Number", type: "string", maxLength: 40, source },
  short_description: { label: "Short description", type: "string", maxLength: 20, source },
  state: { label: "State", type: "integer", choices: [{ value: "1", label: "New" }], source },
  urgency: { label: "Urgency", type: "integer", source },
  caller_id: { label: "Caller", type: "reference", reference: "sys_user", source },
  opened_at: { label: "Opened", type: "glide_date_time", source },
  sys_updated_on: { label: "Updated", type: "glide_date_time", source },
  sys_id: { label: "Sys ID", type: "GUID", source },
};

test("chart of a query that cannot be read names the query", async () => {
  const charting = createCharting(async () => Query);
  const request = { table: "incident", query: "active=true^weird", fields: [], values: "raw" as const };
  await charting.read({} as Instance, request, "state", { of: "count" });
  const state = charting.state.value;
  assert.match(state.phase === "failed" ? state.failure.repeat : "", /^Correct the query/);
});

test("chart has the largest groups first and counts the others", () => {
  const groups = Array.from({ length: 15 }, (_, index) => ({
    by: { state: index === 0 ? "" : String(index) },
    labels: { state: index === 0 ? "" : `State ${index}` },
    count: index + 1,
    sum: { effort: index === 3 ? null : String(100 - index) },
  })) as unknown as AggregateGroup[];
  const chart = chartOf(groups, "state", { of: "count" });
  assert.equal(chart.bars.length, 12);
  assert.deepEqual(chart.bars[0], { value: "14", label: "State 14", amount: 15, rows: 15 });
  assert.deepEqual([chart.others, chart.rows], [3, 120]);
  const sums = chartOf(groups, "state", { of: "sum", field: "effort" });
  assert.deepEqual([sums.bars[0]?.amount, sums.bars[0]?.label], [100, ""]);
  assert.equal(chartOf(groups.slice(2, 4), "state", { of: "sum", field: "effort" }).bars[1]?.amount, null);
  assert.deepEqual(measuredOf("avg effort"), { of: "avg", field: "effort" });
  assert.deepEqual(measuredOf("avgeffort"), { of: "count" });
  assert.deepEqual(
    groupFields(fields, ["urgency"]).map(({ name }) => name),
    ["urgency", "active", "caller_id", "state"],
  );
  assert.equal(firstGroup(fields, ["number", "state"]), "state");
  assert.deepEqual(
    measuredFields(fields).map(({ name }) => name),
    ["urgency"],
  );
});
