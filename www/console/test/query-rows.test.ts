import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Condition, Query } from "sysparm/query";
import { createDrafts } from "../src/query-editor/drafts";
import { editedQuery, queryId, withQuery } from "../src/query-editor/query-parameter";
import { placesOf, type Row, removed, rowProblem, rowsOf, textOf } from "../src/query-editor/rows";
import { createEditedQuery } from "../src/query-editor/state";
import { periods, periodsFor, relativeOf, relativeText } from "../src/query-editor/values";
import { everyOperator, operatorsFor, shapeOf } from "../src/schema/operators";
import { createSchemas } from "../src/schema/schemas";
import { newPair, newRequest } from "../src/workspace/model";

const known = createSchemas(() => Promise.resolve(Query)).of(null, "Not connected.");

function back(text: string): string {
  const read = rowsOf(text, Query);
  assert.ok("rows" in read, JSON.stringify(read));
  return textOf(read.rows);
}

const printed = (text: string) => Query.parse(text, { lenient: true }).toString();

const name = fc.stringMatching(/^[a-z][a-z_]{0,8}(\.[a-z]{1,5})?$/);
const word = fc.stringMatching(/^[A-Za-z0-9 ,@=<>_-]{0,12}$/);
const condition = fc.oneof(
  fc.record({ field: name, operator: fc.constantFrom("=", "!=", "LIKE", "STARTSWITH", ">="), value: word }),
  fc.record({ field: name, operator: fc.constantFrom("ISEMPTY", "ISNOTEMPTY", "ANYTHING") }),
  fc.record({
    field: name,
    operator: fc.constantFrom("IN", "NOT IN"),
    value: fc.array(fc.stringMatching(/^[a-z0-9]{1,4}$/), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ field: name, operator: fc.constant("ON"), value: fc.constantFrom("Today", "Last 7 days") }),
  fc.record({ field: name, operator: fc.constant("RELATIVEGT"), value: fc.constant(["hour", "ago", 3]) }),
  fc.record({ field: name, operator: fc.constant("SAMEAS"), value: fc.record({ field: name }) }),
  fc.constant({ field: "incident.problem_id", operator: "RLQUERY", value: { is: ">=", count: 1 } }),
);
const group = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 3 });
const tree = fc.record({
  any: group(fc.record({ all: group(fc.record({ either: group(condition) })) })),
  orderBy: fc.array(fc.record({ field: name, descending: fc.boolean() }), { maxLength: 2 }),
  groupBy: fc.array(name, { maxLength: 1 }),
});

test("rows of a query print the query again", () => {
  let shown = 0;
  fc.assert(
    fc.property(tree, (given) => {
      let text: string;
      try {
        text = Query.from(given as never).toString();
      } catch {
        // A value that the platform cannot carry, such as one that begins with = behind >.
        return;
      }
      assert.equal(back(text), printed(text));
      shown += 1;
    }),
    { numRuns: 150 },
  );
  assert.ok(shown > 75, `${shown} of 150 were queries`);
});

test("any text keeps its terms as rows", () => {
  const piece = fc.constantFrom(
    "a=1",
    "^",
    "^OR",
    "^NQ",
    "^EQ",
    "ORDERBYx",
    "^GROUPBYy",
    "bISEMPTY",
    "junk",
    "é😀",
    "^^",
    "=",
    "cIN1,2",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const read = rowsOf(pieces.join(""), Query);
      assert.ok("rows" in read || read.problem !== "");
      if ("rows" in read) assert.equal(textOf(read.rows), printed(pieces.join("")));
    }),
    { numRuns: 300 },
  );
});

test("what rows cannot show is a row of text", () => {
  const text = "a=1^ORnot understood^RLQUERYincident.problem_id,>=1^ENDRLQUERY^NQb=2^GROUPBYc^ORDERBYd";
  const read = rowsOf(text, Query);
  assert.ok("rows" in read);
  assert.deepEqual(
    read.rows.conditions.map((row) => [row.join, row.kind]),
    [
      ["and", "condition"],
      ["or", "text"],
      ["and", "text"],
      ["new", "condition"],
    ],
  );
  assert.equal(textOf(read.rows), text);
});

test("address is no query, and the query in it is proposed", () => {
  const read = rowsOf("https://dev.service-now.com/incident_list.do?sysparm_query=active%3Dtrue", Query);
  assert.deepEqual("problem" in read && read.proposal, "active=true");
});

test("row after a removed one takes over its join", () => {
  const read = rowsOf("a=1^NQb=2^ORc=3^d=4", Query);
  assert.ok("rows" in read);
  const without = (index: number) => textOf({ ...read.rows, conditions: removed(read.rows.conditions, index) });
  assert.equal(without(1), "a=1^NQc=3^d=4");
  assert.equal(without(0), "b=2^ORc=3^d=4");
  assert.equal(without(2), "a=1^NQb=2^d=4");
});

test("row of an operator that is not offered has its shape", () => {
  const offered = operatorsFor(Query, everyOperator(Query), undefined).map((operator) => operator.token);
  assert.ok(offered.includes("="));
  for (const token of ["ANYTHING", "VALCHANGES"] as const) {
    const read = rowsOf(`state${token}`, Query);
    const row = "rows" in read ? read.rows.conditions[0] : undefined;
    assert.ok(row?.kind === "condition" && row.operator === token);
    assert.ok(!offered.includes(token));
    assert.equal(shapeOf(row.operator), "nothing", "no field for a value is drawn");
  }
});

test("row that is not finished is left out of the text", () => {
  const edited = createEditedQuery("a=1^NQb=2", "", () => known, Query);
  const empty: Row = { kind: "condition", join: "new", field: "", operator: "=", value: "" };
  edited.editRows({ conditions: [...edited.rows.value.conditions, empty] });
  assert.equal(edited.text.value, "a=1^NQb=2");
  assert.equal(edited.rows.value.conditions.length, 3, "and stays where it is typed");
});

test("row that reads otherwise than it is written is refused", () => {
  const row = (operator: string, value: string): Row =>
    ({ kind: "condition", join: "and", field: "a", operator, value }) as Row & { operator: Condition["operator"] };
  assert.equal(rowProblem(row("=", "x y"), Query), "");
  assert.match(rowProblem(row("=", "x^b=1"), Query), /cannot hold \^/);
  assert.match(rowProblem(row(">", "=5"), Query), /This is read as a is at least 5/);
});

test("edits that were not used are kept for the same query", () => {
  const drafts = createDrafts();
  drafts.keep("p", { from: "a=1", text: "a=1^b=2" });
  assert.equal(drafts.of("p", "a=1"), "a=1^b=2");
  assert.equal(drafts.of("p", "a=2"), undefined, "the request has another query meanwhile");
  drafts.keep("p", { from: "a=1", text: "a=1" });
  assert.equal(drafts.of("p", "a=1"), undefined, "nothing was changed");
  for (let made = 0; made < 60; made += 1) drafts.keep(`p${made}`, { from: "", text: "a=1" });
  assert.deepEqual([drafts.of("p0", ""), drafts.of("p59", "")], [undefined, "a=1"]);
});

test("findings name what is wrong, and a proposal corrects it", () => {
  const fields = { state: { type: "integer", source: "dictionary" as const } };
  const schema = { table: "incident", tables: { incident: { fields } } };
  const knowing = { ...known, schema: () => ({ phase: "read" as const, data: schema as never, note: "" }) };
  const edited = createEditedQuery("stat=1", "incident", () => knowing, Query);
  const [finding] = edited.findings.value;
  assert.equal(finding?.code, "field.unknown");
  assert.ok(finding?.fixes[0]);
  edited.apply(finding.fixes[0]);
  assert.equal(edited.text.value, "state=1");
  assert.deepEqual(edited.findings.value, []);
  assert.match(edited.phrases.value.map(({ text }) => text).join(""), /state is 1/);
});

test("periods and relative times are written by the package", () => {
  const [today] = periods(Query);
  assert.deepEqual(rowsOf(`openedON${today?.value}`, Query), {
    rows: {
      conditions: [{ kind: "condition", join: "and", field: "opened", operator: "ON", value: today?.value }],
      orders: [],
    },
  });
  const written = "Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()";
  assert.equal(periodsFor(written, Query)?.[0]?.value, written, "a period of the platform's lists keeps what it holds");
  assert.equal(periodsFor("Someday@x@y", Query), null);
  const relative = relativeOf("@hour@ago@12");
  assert.deepEqual(relative, { unit: "hour", direction: "ago", count: "12" });
  assert.equal(relative && relativeText(relative), "@hour@ago@12");
  assert.equal(relativeOf("@hour@ago@1@2"), null);
});

test("query editor adds its parameter only when a query is used", () => {
  const request = newRequest({ parameters: [newPair("sysparm_limit", "5")] });
  const edited = queryId(request);
  assert.equal(editedQuery(request, edited)?.value, "", "it opens empty");
  assert.equal(request.parameters.length, 1);
  assert.equal(queryId(request), edited, "the draft is found again");
  const parameters = withQuery(request, edited, "active=true");
  assert.deepEqual(
    parameters.map(({ name, value, on }) => [name, value, on]),
    [
      ["sysparm_limit", "5", true],
      ["sysparm_query", "active=true", true],
    ],
  );
  const off = { ...request, parameters: [newPair("sysparm_query", "a=b", false)] };
  assert.equal(editedQuery(off, queryId(off))?.value, "a=b");
  assert.deepEqual(withQuery(off, queryId(off), "a=c"), [{ ...off.parameters[0], value: "a=c", on: true }]);
  assert.equal(editedQuery({ ...off, parameters: [] }, queryId(off)), undefined, "it was removed");
});

test("places of rows are those of their text, and findings mark them", () => {
  fc.assert(
    fc.property(tree, (given) => {
      let text: string;
      try {
        text = Query.from(given as never).toString();
      } catch {
        return;
      }
      const read = rowsOf(text, Query);
      assert.ok("rows" in read);
      const unfinished: Row = { kind: "condition", join: "new", field: "", operator: "=", value: "" };
      const rows = { ...read.rows, conditions: [unfinished, ...read.rows.conditions] };
      const written = textOf(rows);
      const { conditions, orders } = placesOf(rows);
      assert.equal(conditions[0], null);
      rows.conditions.slice(1).forEach((row, index) => {
        const place = conditions[index + 1] ?? assert.fail();
        const alone = textOf({ conditions: [row], orders: [] });
        assert.equal(written.slice(place.start, place.end), alone);
      });
      rows.orders.forEach(({ by, field }, index) => {
        const place = orders[index] ?? assert.fail();
        assert.equal(written.slice(place.start, place.end), by + field);
      });
    }),
    { numRuns: 100 },
  );
  const edited = createEditedQuery("active=true^gibberish^ORDERBYnumber", "", () => known, Query);
  assert.deepEqual(edited.marks.value, { conditions: [null, "error"], orders: [null] });
});
