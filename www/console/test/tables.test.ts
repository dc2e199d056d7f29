import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Instance, Row } from "sysparm";
import { Query } from "sysparm/query";
import { conditionOf, narrowed, nextOrder, ordered, ordersIn } from "../src/tables/asked";
import { moved } from "../src/tables/columns";
import { columnText, idsText, rowsText } from "../src/tables/copying";
import { gridKey } from "../src/tables/grid-keys";
import { bounded, createLayouts, INCIDENT_FIELDS, readLayouts } from "../src/tables/layouts";
import { createReader } from "../src/tables/reader";
import { matching, recordTitle, referenceId, shownFields } from "../src/tables/record-fields";
import { cellText, rawText, secondText } from "../src/tables/values";

const QUERY = "active=true^priority<=2^NQstate=6^ORDERBYDESCnumber";

test("head asks for ascending, descending, then no order", () => {
  assert.deepEqual(ordersIn(QUERY), [{ field: "number", descending: true }]);
  assert.deepEqual(nextOrder("active=true", "number"), { field: "number", descending: false });
  assert.deepEqual(nextOrder("ORDERBYnumber", "number"), { field: "number", descending: true });
  assert.equal(nextOrder(QUERY, "number"), null);
  assert.deepEqual(ordered(Query, QUERY, null), { query: "active=true^priority<=2^NQstate=6" });
  assert.deepEqual(ordered(Query, "", { field: "state" }), { query: "ORDERBYstate" });
});

test("condition of a cell holds in every part of the query", () => {
  assert.deepEqual(narrowed(Query, QUERY, conditionOf("category", "network")), {
    query: "active=true^priority<=2^category=network^NQstate=6^category=network^ORDERBYDESCnumber",
  });
  assert.deepEqual(narrowed(Query, "", conditionOf("category", "")), { query: "categoryISEMPTY" });
  assert.deepEqual(narrowed(Query, "", conditionOf("category", "", true)), { query: "categoryISNOTEMPTY" });
  assert.deepEqual(narrowed(Query, "", conditionOf("state", "6", true)), { query: "state!=6" });
});

test("query that is not understood is not changed, and says why", () => {
  const asked = narrowed(Query, "active=true^weird", conditionOf("state", "6"));
  assert.match("problem" in asked ? asked.problem : "", /^The query was not changed\. At 17: expected an operator/);
  // A value with a caret would end the condition.
  assert.ok("problem" in narrowed(Query, "", conditionOf("short_description", "a^b")));
});

test("layout of a table is remembered, others are untouched", async () => {
  const puts: unknown[] = [];
  const store = {
    all: async () => [{ id: "tables", tables: { problem: { fields: "number", widths: { number: 99_999 } } } }],
    put: async (_kind: string, data: unknown) => void puts.push(data),
    watch: () => () => undefined,
  };
  const layouts = createLayouts(store as never);
  await layouts.load();
  assert.equal(layouts.fieldsOf("problem"), "number");
  assert.equal(layouts.of("problem").widths?.number, bounded(99_999));
  assert.equal(layouts.fieldsOf("incident"), INCIDENT_FIELDS);
  assert.equal(layouts.fieldsOf("change_request"), "");
  layouts.resize("incident", "state", 120.4);
  layouts.change("incident", { fields: "state" });
  assert.deepEqual(layouts.of("incident"), { widths: { state: 120 }, fields: "state" });
  assert.deepEqual(Object.keys((puts.at(-1) as { tables: object }).tables), ["problem", "incident"]);
  assert.deepEqual([...readLayouts([1, { fields: 3 }, null])], []);
  assert.deepEqual(readLayouts({ a: { fields: 1, values: "none", widths: { b: "x" } } }).get("a"), {});
});

test("form takes the columns of another table, not over typed ones", () => {
  const layouts = createLayouts();
  layouts.change("problem", { fields: "number, problem_state", values: "both" });
  const reader = createReader(layouts);
  reader.form.table.value = "problem";
  reader.takeTable();
  assert.deepEqual([reader.form.fields.value, reader.form.values.value], ["number, problem_state", "both"]);
  reader.form.fields.value = "number, owner";
  reader.form.table.value = "task";
  reader.takeTable();
  assert.equal(reader.form.fields.value, "number, owner");
  reader.remember();
  assert.equal(layouts.fieldsOf("task"), "number, owner");
});

test("columns that are moved keep every column once", () => {
  const columns = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(columns, fc.nat(20), fc.integer({ min: -3, max: 30 }), (names, from, to) => {
      const field = names[from % names.length] ?? "";
      const result = moved(names, field, to);
      assert.deepEqual([...result].sort(), [...names].sort());
      assert.equal(result.indexOf(field), Math.max(0, Math.min(names.length - 1, to)));
    }),
  );
});

test("copied texts are one line a row, and disarmed", () => {
  const rows: Row[] = [
    { sys_id: "a".repeat(32), text: "two\nlines" },
    { text: "=1+1" },
    { sys_id: { value: "b", display_value: "b" }, text: "" },
  ];
  assert.equal(columnText(rows, "text"), "two lines\n'=1+1\n");
  assert.equal(idsText(rows), `${"a".repeat(32)}\nb`);
  assert.equal(rowsText(rows.slice(0, 2), ["text"]), "text\ntwo lines\n'=1+1");
});

test("letter after G opens a view and is no key of the grid", () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  assert.equal(gridKey(press("f"), true), "filter");
  assert.equal(gridKey(press("f"), false), null);
  assert.equal(gridKey(press("F10", { shiftKey: true }), false), "menu");
  assert.equal(gridKey(press("c", { ctrlKey: true }), false), "copy");
  assert.equal(gridKey(press(" ", { shiftKey: true }), true), "select-to");
  assert.equal(gridKey(press("Enter", { altKey: true }), true), null);
});

test("row of display values alone has no raw value", () => {
  const both = { value: "6", display_value: "Resolved" };
  assert.deepEqual([cellText(both), secondText(both), rawText(both, "both")], ["Resolved", "6", "6"]);
  assert.equal(rawText("Resolved", "display"), null);
  assert.equal(rawText(undefined, "raw"), "");
  assert.equal(secondText({ value: "", display_value: "" }), "");
});

test("panel lists every field, finds by label, name and value", () => {
  const id = "c".repeat(32);
  const record: Row = {
    number: { value: "INC1", display_value: "INC1" },
    caller_id: { value: id, display_value: "Fred" },
    u_extra: { value: "", display_value: "" },
  };
  const fields = shownFields(record, {
    caller_id: { label: "Caller", type: "reference", reference: "sys_user", source: "dictionary" },
    u_extra: { label: "Extra", custom: true, source: "dictionary" },
  });
  assert.deepEqual(
    fields.map(({ name }) => name),
    ["caller_id", "u_extra", "number"],
  );
  const [caller] = fields;
  assert.ok(caller);
  assert.equal(referenceId(caller), id);
  assert.deepEqual([caller.reference, caller.text, caller.raw], ["sys_user", "Fred", id]);
  assert.deepEqual(
    matching(fields, "CALL", false).map(({ name }) => name),
    ["caller_id"],
  );
  assert.equal(matching(fields, "", true).length, 2);
  assert.equal(recordTitle(record), "INC1");
});

test("read with another query during a read adds no row of the former", async () => {
  const settled = () => new Promise((resume) => setImmediate(resume));
  const queries: (string | undefined)[] = [];
  const pages = async function* ({ query }: { query?: string }) {
    queries.push(query);
    for (let seen = 1; ; seen += 1) {
      yield { rows: [{ number: `${query ?? "all"} ${seen}` }], seen, total: 9, hidden: 0, complete: false };
      await settled();
      if (query && seen === 2) return;
    }
  };
  const instance = { table: () => ({ pages }) } as unknown as Instance;
  const reader = createReader();
  void reader.read(instance);
  await settled();
  await reader.ask({ ...instance, schema: () => Promise.reject(new Error("none")) } as Instance, { query: "state=6" });
  assert.deepEqual(queries, [undefined, "state=6"]);
  assert.deepEqual(reader.rows, [{ number: "state=6 1" }, { number: "state=6 2" }]);
  assert.equal(reader.state.value.phase, "ended");
});
