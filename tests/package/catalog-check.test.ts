/** Answers to variables of the Service Catalog, checked without an instance; and which requests are an order that was sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CatalogVariable, CatalogVariableKind } from "sysparm";
import { checkAnswer } from "../../www/glue/src/catalog/answer.js";
import { checkGiven } from "../../www/glue/src/catalog/check.js";
import { variablesOf } from "../../www/glue/src/catalog/variables.js";
import { type FoundLine, matchLine, matchRequest, type OrderedLine } from "../../www/glue/src/recovery/order-match.js";

const ID = "0123456789abcdef0123456789ABCDEF";
const OTHER = "f".repeat(32);

function variable(kind: CatalogVariableKind, more: Partial<CatalogVariable> = {}): CatalogVariable {
  return {
    ...{ id: ID, name: "one", label: "One", kind, type: "", mandatory: false, readOnly: false },
    ...{ defaultValue: "", help: "", maxLength: 0, ...more },
  };
}

/** Each kind with answers that are accepted, and answers that are refused. */
const KINDS: [CatalogVariableKind, unknown[], unknown[]][] = [
  [
    "text",
    ["a", "", null, undefined, 4, 0, true, "x\ny"],
    [{}, ["a"], Number.NaN, Number.POSITIVE_INFINITY, new Date(0)],
  ],
  ["check-box", [true, false, "true", "false", ""], ["yes", 1, "TRUE"]],
  ["date", ["2024-02-29", "0001-01-01"], ["2023-02-29", "2024-2-9", "29.02.2024", "2024-02-29 10:00:00", "0000-01-01"]],
  [
    "date-time",
    ["2024-02-29 23:59:59"],
    ["2024-02-29", "2024-02-29T10:00:00Z", "2024-02-29 24:00:00", "2024-02-30 10:00:00"],
  ],
  ["email", ["a@b", "a.b+c@d.example"], ["a", "a@b, c@d", "a b@c", "@b"]],
  ["url", ["https://x.example/a?b=c"], ["x.example", "/a"]],
  [
    "ip-address",
    ["10.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0"],
    ["10.0.0.256", "10.0.0", "1.2.3.4.5", "10.0.0.1.", "a:b"],
  ],
  ["reference", [ID, OTHER, "global"], ["Joe Doe", "joe@x.example", [ID]]],
  ["references", [[ID, OTHER], `${ID}, ${OTHER}`, [], ID], [["Joe Doe"], `${ID},joe@x.example`, [1]]],
  ["lookup", [ID, "a value of another column"], [{}]],
  ["attachment", [ID], ["scan.pdf"]],
];

test("each kind of variable takes its answers and no others", () => {
  for (const [kind, accepted, refused] of KINDS) {
    for (const value of accepted) {
      assert.ok(!("problem" in checkAnswer(variable(kind), value)), `${kind} ${JSON.stringify(value)}`);
    }
    for (const value of refused) {
      assert.ok("problem" in checkAnswer(variable(kind), value), `${kind} ${JSON.stringify(value)}`);
    }
  }
});

test("sys_ids are sent in small letters", () => {
  const capital = OTHER.toUpperCase();
  for (const kind of ["reference", "references", "attachment"] as const) {
    assert.equal((checkAnswer(variable(kind), capital) as { text: string }).text, OTHER, kind);
  }
});

test("choice is taken by its value, and a label is translated", () => {
  const choices = [
    { value: "", label: "-- None --" },
    { value: "1", label: "Low" },
    { value: "2", label: "High" },
  ];
  const one = variable("choice", { choices });
  assert.deepEqual(checkAnswer(one, 2), { text: "2", keys: [] });
  assert.equal((checkAnswer(one, " high ") as { step: string }).step, "Pass 2");
  assert.equal((checkAnswer(one, "3") as { step: string }).step, "Pass one of: 1, 2");
  assert.deepEqual(checkAnswer(variable("choice"), "anything"), { text: "anything", keys: [] });
});

const item = (variables: CatalogVariable[], hasQuantity = true) => ({
  name: "Item",
  variables,
  rowSets: [],
  hasQuantity,
});
const problems = (...given: Parameters<typeof checkGiven>) =>
  checkGiven(...given).problems.map(({ message }) => message);

test("required answer is demanded, and a default stands in for it", () => {
  const required = variable("text", { mandatory: true });
  const missing = "One (one) is required and has no answer. Pass a value.";
  for (const given of [{}, { one: "" }, { one: null }])
    assert.deepEqual(problems(item([required]), given, {}), [missing]);
  const defaulted = checkGiven(item([{ ...required, defaultValue: "d" }]), {}, {});
  assert.deepEqual(defaulted, { problems: [], values: { one: "d" }, wanted: [] });
  const box = item([variable("check-box", { mandatory: true })]);
  assert.deepEqual(problems(box, { one: false }, {}), ["One (one) is required and is not checked. Pass true."]);
  // Without an answer an optional variable gets its default, with an empty one it stays empty.
  const optional = item([variable("text", { defaultValue: "d" })]);
  assert.deepEqual(checkGiven(optional, {}, {}).values, {});
  for (const one of ["", null]) assert.deepEqual(checkGiven(optional, { one }, {}).values, { one: "" });
  assert.deepEqual(checkGiven(item([variable("text")]), { [`IO:${ID}`]: "x" }, {}).values, { one: "x" });
});

test("variable and set may have the name of any property", () => {
  const named = ["__proto__", "constructor", "toString"].map((name) => variable("text", { name, id: name }));
  assert.deepEqual(checkGiven(item(named), {}, {}), { problems: [], values: {}, wanted: [] });
  const given = JSON.parse('{"__proto__": "a", "constructor": "b"}');
  const { values, problems: none } = checkGiven(item(named), given, {});
  assert.deepEqual([Object.entries(values), none], [Object.entries(given), []]);
  const rowSets = [{ id: ID, name: "toString", label: "Rows", maxRows: 1, variables: named }];
  const whole = { ...item([]), rowSets };
  assert.deepEqual(checkGiven(whole, {}, {}).values, {});
  assert.deepEqual(checkGiven(whole, { toString: '[{"constructor":"c"}]' } as never, {}).values, {
    toString: '[{"constructor":"c"}]',
  });
});

test("problems are at most a hundred", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`name_${at}`, "x"]));
  assert.equal(problems(item([variable("text")]), many, {}).length, 100);
});

test("quantity is a whole number, and 1 where there is none", () => {
  for (const quantity of [1, 10_000]) assert.deepEqual(problems(item([]), {}, { quantity }), []);
  for (const quantity of [0, -1, 1.5, 10_001, "2", Number.NaN]) {
    assert.equal(problems(item([]), {}, { quantity }).length, 1, String(quantity));
  }
  assert.deepEqual(problems(item([], false), {}, { quantity: 2 }), [
    "Quantity (quantity) is 2, and Item has none. Leave it out.",
  ]);
});

test("variables are found in containers, and rows in sets", () => {
  const raw = [
    {
      type: 0,
      friendly_type: "container_start",
      label: "Box",
      children: [{ type: 7, name: "in_box", mandatory: "true" }],
    },
    { type: 11, name: "", label: "Only shown" },
    { type: 6, id: ID, name: "", label: "Unnamed", value: "javascript:gs.now()" },
    { type: 99, name: "later", label: "A type that is not known" },
    {
      type: 0,
      friendly_type: "sc_multi_row",
      id: OTHER,
      name: "rows",
      attributes: "a=b,max_rows=2",
      children: [{ type: 6, name: "cell" }],
    },
    null,
    "text",
  ];
  const { variables, rowSets } = variablesOf(raw);
  assert.deepEqual(
    variables.map(({ name, kind, mandatory, set, defaultValue }) => [name, kind, mandatory, set, defaultValue]),
    [
      ["in_box", "check-box", true, "Box", ""],
      [`IO:${ID}`, "text", false, undefined, ""],
      ["later", "text", false, undefined, ""],
    ],
  );
  const whole = { name: "Item", variables: [], rowSets, hasQuantity: true };
  assert.deepEqual(checkGiven(whole, { rows: [{ cell: 1 }, {}] }, {}).values, { rows: '[{"cell":"1"},{}]' });
  assert.deepEqual(problems(whole, { rows: [{}, {}, {}] }, {}), ["rows has 3 rows. Pass at most 2."]);
  assert.deepEqual(problems(whole, { rows: "[1]" }, {}), [
    "rows is no list of rows. Pass a list of objects, one for each row.",
  ]);
  assert.deepEqual(problems(whole, { rows: [{ cel: 1 }] }, {}), [
    "cel in row 1 of rows is no variable of the set. Did you mean cell?",
  ]);
  assert.deepEqual(variablesOf(undefined), { variables: [], rowSets: [] });
});

const sent: OrderedLine = { item: "i", quantity: 2, requestedFor: "u", answers: new Map([["v", "a\nb"]]) };
const found: FoundLine = { item: "i", quantity: 2, requestedFor: "u", answers: new Map([["v", "a\r\nb "]]) };

test("requested item is a line by item, quantity, user and answers", () => {
  assert.equal(matchLine(sent, found), "yes");
  assert.equal(matchLine(sent, { ...found, item: "j" }), "no");
  // The instance may order for the caller instead, or change what it was sent: the same item is never "no".
  const others: Partial<FoundLine>[] = [{ quantity: 1 }, { requestedFor: "w" }, { quantity: 1, answers: undefined }];
  for (const other of others) assert.equal(matchLine(sent, { ...found, ...other }), "other");
  assert.equal(matchLine({ ...sent, item: "I", requestedFor: "U" }, found), "yes");
  const answered = { ...found, answers: new Map([["v", "c"]]) };
  assert.equal(matchLine(sent, answered), "other");
  assert.equal(matchLine({ ...sent, reworded: new Set(["v"]) }, answered), "unsure");
  // Of two orders with keys, the key decides.
  const keyed: OrderedLine = { ...sent, key: "v" };
  assert.equal(matchLine(keyed, answered), "no");
  for (const kept of ["a", "A\nB", ""]) {
    assert.equal(matchLine(keyed, { ...found, answers: new Map([["v", kept]]) }), "other", kept);
  }
  const hidden: Partial<FoundLine>[] = [
    { item: undefined },
    { quantity: undefined },
    { answers: undefined },
    { answers: new Map() },
  ];
  for (const other of hidden) assert.equal(matchLine(sent, { ...found, ...other }), "unsure");
  assert.equal(matchLine({ ...sent, answers: new Map() }, { ...found, answers: undefined }), "yes");
});

test("request is an order if each line has an item of its own", () => {
  assert.equal(matchRequest([sent, sent], [found, found]), "yes");
  assert.equal(matchRequest([sent], [{ ...found, item: "j" }, found]), "yes");
  assert.equal(matchRequest([sent], [{ ...found, item: "j" }]), "no");
  assert.equal(matchRequest([sent, sent], [found, { ...found, item: "j" }]), "other");
  assert.equal(
    matchRequest(
      [sent, sent],
      [
        { ...found, item: "k" },
        { ...found, item: "j" },
      ],
    ),
    "no",
  );
  assert.equal(matchRequest([sent], [{ ...found, answers: new Map([["v", "c"]]) }]), "other");
  assert.equal(matchRequest([sent], [{ ...found, answers: new Map([["v", "c"]]) }, found]), "yes");
  assert.equal(matchRequest([], [found]), "unsure");
  // The instance is still working on it.
  assert.equal(matchRequest([sent, sent], [found]), "unsure");
  assert.equal(matchRequest([sent], []), "unsure");
  assert.equal(matchRequest([sent, sent], [found, { ...found, answers: undefined }]), "unsure");
});
