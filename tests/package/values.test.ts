/** Values, by their properties: what is written is read again, any text is read without harm, and nothing is guessed or lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Schema, SchemaField } from "sysparm/query";
import type { AnyRow, JournalEntry, ReadingOptions } from "sysparm/values";
import { fieldOf, forms, read, ValueError, write } from "../../www/glue/src/values/index.js";

const TYPES = [
  "boolean integer longint decimal float currency price glide_date_time due_date glide_date glide_time glide_duration timer",
  "reference glide_list journal journal_input json password2 string GUID conditions sys_class_name translated_text strange",
]
  .join(" ")
  .split(" ");

const only = (type: string, more: object = {}): Schema => ({
  table: "t",
  tables: { t: { fields: { f: { type, ...more } } } },
});
const readAs = (type: string, text: string, more: object = {}) => read({ f: text }, only(type, more));
const labelOnly = (type: string, label: string, options: ReadingOptions = {}) =>
  read({ f: label }, only(type), { displayValue: true, ...options });

const digits = fc.tuple(fc.maxSafeInteger(), fc.nat(99_999)).map(([whole, part]) => `${whole}.${part}`);
const second = (from: string, to: string) =>
  fc.integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 }).map((seconds) => seconds * 1000);
const instant = second("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z").map((time) => new Date(time));
const item = fc.string({ minLength: 1 }).filter((text) => !text.includes(","));
/** JSON has no -0. */
const json = fc
  .jsonValue()
  .map((value) => JSON.parse(JSON.stringify(value)))
  .filter((value) => value !== null);

const WRITABLE: Record<string, fc.Arbitrary<unknown>> = {
  boolean: fc.boolean(),
  integer: fc.maxSafeInteger(),
  longint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  decimal: digits,
  float: digits,
  price: digits.map((amount) => ({ amount })),
  currency: fc.tuple(digits, fc.constantFrom("USD", "EUR", "JPY")).map(([amount, currency]) => ({ amount, currency })),
  glide_date_time: instant,
  due_date: instant,
  glide_date: instant.map((date) => date.toISOString().slice(0, 10)),
  glide_time: instant.map((date) => date.toISOString().slice(11, 19)),
  glide_duration: second("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
  timer: fc.nat(10_000_000).map((seconds) => seconds * 1000),
  reference: fc.stringMatching(/^[0-9a-f]{32}$/).map((id) => ({ id })),
  glide_list: fc.array(item),
  json,
  string: fc.string({ unit: "binary" }),
  conditions: fc.string(),
  sys_class_name: fc.string(),
  strange: fc.string(),
};

for (const [type, values] of Object.entries(WRITABLE)) {
  test(`${type} round-trips, also if empty`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const { values: again, problems } = read(write({ f: value }, only(type)), only(type));
        assert.deepEqual(problems, []);
        assert.deepEqual(JSON.stringify(again.f, bigint), JSON.stringify(value, bigint));
        assert.deepEqual(again, { f: value });
      }),
    );
    const written = write({ f: null }, only(type));
    assert.deepEqual(written, { f: "" });
    assert.deepEqual(write(read(written, only(type)).values, only(type)), written);
  });
}

const bigint = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

test("any text of any type is a value or a problem that keeps it", () => {
  const near = fc.constantFrom("1970-01-01 00:00:00", "2026-02-30 00:00:00", "true", "1e5", "{", "USD;", "a,,b", "-0");
  const text = fc.oneof(fc.string(), near, fc.string({ unit: "binary" }), fc.json());
  fc.assert(
    fc.property(
      fc.constantFrom(...TYPES.filter((type) => type !== "password2")),
      text,
      fc.constantFrom(true, false, "all" as const),
      (type, stored, how) => {
        const cell = how === "all" ? { value: stored, display_value: stored } : stored;
        const { values, problems } = read({ f: cell }, only(type), { displayValue: how });
        assert.equal(Number(Object.hasOwn(values, "f")) + problems.length, 1);
        for (const problem of problems) {
          assert.equal(`${problem.field} ${problem.type}`, `f ${type}`);
          assert.equal(problem.text, stored);
          assert.ok(problem.message.includes("f ("));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("object with any field names is read safely", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), fc.jsonValue()), (row) => {
      const { values, problems } = read(row as AnyRow);
      const named = [...Object.keys(values), ...problems.map(({ field }) => field)];
      assert.deepEqual(named.sort(), Object.keys(row).sort());
      assert.deepEqual(Object.keys(forms(row as AnyRow)), Object.keys(row));
    }),
  );
});

test("any value is written as text or refused with its field", () => {
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), fc.anything({ withBigInt: true, withDate: true }), (type, value) => {
      try {
        for (const text of Object.values(write({ f: value }, only(type)))) assert.equal(typeof text, "string");
      } catch (thrown) {
        assert.ok(thrown instanceof ValueError, String(thrown));
        assert.equal(thrown.problems[0]?.field, "f");
      }
    }),
    { numRuns: 1000 },
  );
});

test("values the instance would lose are refused before sending", () => {
  const refusal = (value: unknown, type: string, more: object = {}) => {
    try {
      return write({ f: value }, only(type, more));
    } catch (thrown) {
      assert.ok(thrown instanceof ValueError);
      return thrown.problems[0]?.code;
    }
  };
  assert.equal(refusal(new Date(1500), "glide_date_time"), "value.fraction");
  assert.equal(refusal(new Date(Number.NaN), "glide_date_time"), "value.instant");
  assert.equal(refusal("2026-01-01 00:00:00", "glide_date_time"), "value.type");
  assert.equal(refusal(new Date(0), "glide_date"), "value.type");
  assert.equal(refusal("2026-02-29", "glide_date"), "value.date");
  assert.equal(refusal(1500, "glide_duration"), "value.fraction");
  assert.equal(refusal("true", "boolean"), "value.type");
  assert.equal(refusal(2 ** 53, "integer"), "value.number");
  assert.equal(refusal(2n ** 63n, "longint"), "value.number");
  assert.equal(refusal(1e-7, "decimal"), "value.number");
  for (const name of ["Fred Luddy", "admin", "fred.luddy", "INC0010001", "global", "62826bf03710200044e0bfc8bcbe5df"]) {
    assert.equal(refusal(name, "reference"), "value.reference", name);
    assert.equal(refusal(name, "domain_id"), "value.reference", name);
  }
  for (const named of [{ id: "global" }, { id: "global", table: "sys_scope" }]) {
    assert.deepEqual(refusal(named, "reference"), { f: "global" });
  }
  assert.deepEqual(refusal("incident", "reference", { referenceKey: "name" }), { f: "incident" });
  assert.equal(refusal(["a,b"], "glide_list"), "value.separator");
  assert.equal(refusal({ a: Number.NaN }, "json"), "value.type");
  assert.equal(refusal("p4ss", "password2"), "value.secret");
  assert.equal(refusal("x", "journal_list"), "value.read-only");
  assert.equal(refusal("abcd", "string", { maxLength: 3 }), "value.too-long");
  const choices = [{ value: "1", label: "New" }];
  assert.equal(refusal("New", "string", { choices }), "value.choice");
  assert.equal(refusal(2, "integer", { choices }), "value.choice");
  assert.deepEqual(refusal(1, "integer", { choices }), { f: "1" });
  assert.deepEqual(write({ f: 2 }, only("integer", { choices }), { otherChoices: true }), { f: "2" });
  assert.deepEqual(write({ f: new Date(1500) }, only("due_date"), { wholeSeconds: true }), {
    f: "1970-01-01 00:00:01",
  });
  assert.throws(
    () => write({ g: "x", sys_id: "x", "f.g": "x" }, only("string")),
    (thrown: ValueError) => {
      const codes = thrown.problems.map(({ code }) => code);
      assert.deepEqual(codes, ["value.unknown-field", "value.system-field", "value.unknown-field"]);
      return thrown.code === "value.refused" && !(thrown instanceof TypeError) && thrown.name === "ValueError";
    },
  );
  assert.deepEqual(write({ g: "x" }, { ...only("string"), complete: false } as Schema), { g: "x" });
  const hidden = { ...only("integer", { choices }), unread: [{ what: "choices" }] };
  assert.deepEqual(write({ f: 2 }, hidden), { f: "2" });
  assert.deepEqual(write({ f: undefined }, only("string")), {});
});

test("row has the same values in every display mode", () => {
  const link = "https://dev1.service-now.com/api/now/table/sys_user/abc";
  const fields: Record<string, SchemaField> = {
    state: { type: "integer", choices: [{ value: "2", label: "In Progress" }] },
    opened_by: { type: "reference", reference: "sys_user" },
    note: { type: "string" },
  };
  const schema: Schema = { table: "t", tables: { t: { fields } } };
  const raw = read({ state: "2", opened_by: { link, value: "abc" }, note: "n" }, schema);
  const both = read(
    {
      state: { value: "2", display_value: "In Progress" },
      opened_by: { link, value: "abc", display_value: "Ada" },
      note: { value: "n", display_value: "n" },
    },
    schema,
  );
  const expected = { state: 2, opened_by: { id: "abc", table: "sys_user" }, note: "n" };
  assert.deepEqual([raw.values, both.values], [expected, expected]);
  assert.deepEqual(raw.labels, { state: "In Progress" });
  assert.deepEqual(both.labels, { state: "In Progress", opened_by: "Ada", note: "n" });
  const labels = read({ state: "In Progress", opened_by: { link, display_value: "Ada" }, note: "n" }, schema);
  assert.deepEqual(labels.values, { note: "n" });
  const codes = labels.problems.map(({ field, code, text }) => `${field} ${code} ${text}`);
  assert.deepEqual(codes, ["state value.display-only In Progress", "opened_by value.display-only Ada"]);
  assert.deepEqual(forms({ a: "x" }, { displayValue: true }), { a: { value: null, label: "x" } });
  assert.deepEqual(forms({ a: { value: "x" } }), { a: { value: "x", label: null } });
});

test("invalid values and ambiguous labels are problems", () => {
  const code = (type: string, text: string) => readAs(type, text).problems[0]?.code;
  assert.equal(code("integer", "9007199254740993"), "value.number");
  assert.deepEqual(readAs("longint", "9007199254740993").values, { f: 9007199254740993n });
  assert.equal(code("boolean", "TRUE"), "value.boolean");
  assert.equal(code("glide_date_time", "2026-02-30 00:00:00"), "value.instant");
  assert.equal(code("currency", "$12.00"), "value.money");
  const choices = [{ value: "n", label: "New" }];
  const shown = read({ f: "New" }, only("string", { choices }), { displayValue: true });
  assert.deepEqual([shown.values, shown.problems[0]?.code], [{}, "value.display-only"]);
});

test("without a schema only certain values are given", () => {
  const link = "https://dev1.service-now.com/api/now/v2/table/sys_user/abc";
  const row = {
    sys_id: "i",
    sys_updated_on: "2026-03-01 12:00:00",
    sys_mod_count: "3",
    active: "true",
    who: { link, value: "abc" },
  };
  assert.deepEqual(read(row).values, {
    sys_id: "i",
    sys_updated_on: new Date("2026-03-01T12:00:00Z"),
    sys_mod_count: 3,
    active: "true",
    who: { id: "abc", table: "sys_user" },
  });
});

test("password's text is nowhere", () => {
  const shown = JSON.stringify([readAs("password2", "{planted}"), labelOnly("password2", "planted")]);
  assert.ok(!shown.includes("planted"));
  assert.deepEqual(labelOnly("password2", "planted").values, { f: { set: true } });
  assert.deepEqual(readAs("password2", "").values, { f: { set: false } });
});

test("field behind dots is found through references and parents", () => {
  const schema: Schema = {
    table: "incident",
    tables: {
      incident: { extends: "task", fields: {} },
      task: { extends: "incident", fields: { opened_by: { type: "reference", reference: "sys_user" } } },
      sys_user: { fields: { vip: { type: "boolean" } } },
    },
  };
  assert.equal(fieldOf(schema, "opened_by.vip")?.type, "boolean");
  assert.equal(fieldOf(schema, "opened_by.vip.x"), undefined);
  assert.equal(fieldOf(schema, "constructor"), undefined);
  assert.deepEqual(read({ "opened_by.vip": "1" }, schema).values, { "opened_by.vip": true });
});

const BERLIN = { timeZone: "Europe/Berlin", dateFormat: "dd-MM-yyyy", timeFormat: "hh:mm:ss a" };
const written = (time: Date, { timeZone }: { timeZone: string }) => {
  const options = { timeZone, dateStyle: "short", timeStyle: "medium", hourCycle: "h12" } as const;
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(time);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const hour = of.hour === "00" || of.hour === "0" ? "12" : of.hour?.padStart(2, "0");
  return `${of.day}-${of.month}-${of.year} ${hour}:${of.minute}:${of.second} ${of.dayPeriod?.toUpperCase()}`;
};

test("time label is an instant by the given zone and format", () => {
  assert.equal(labelOnly("glide_date_time", "01-03-2026 01:00:00 PM").problems[0]?.code, "value.display-only");
  const by = (label: string) => labelOnly("glide_date_time", label, { display: BERLIN });
  fc.assert(
    fc.property(second("1990-01-01T00:00:00Z", "2035-01-01T00:00:00Z"), (time) => {
      const { values, problems } = by(written(new Date(time), BERLIN));
      if (problems.length === 0) assert.deepEqual(values.f, new Date(time));
      // The hour that clocks show twice, in October (until 1995 in September).
      else assert.match(problems[0]?.message ?? "", /-(09|10)-\d{4} 02:.*twice/);
    }),
    { numRuns: 1000 },
  );
  assert.deepEqual(by("29-03-2026 03:00:00 AM").values.f, new Date("2026-03-29T01:00:00Z"));
  assert.match(by("29-03-2026 02:30:00 AM").problems[0]?.message ?? "", /never/);
  assert.match(by("25-10-2026 02:30:00 AM").problems[0]?.message ?? "", /twice/);
  assert.equal(by("2026-03-01 13:00:00").problems[0]?.code, "value.instant");
  for (const display of [
    { ...BERLIN, timeZone: "Atlantis/Centre" },
    { ...BERLIN, dateFormat: "dd-MMM-yyyy" },
    { ...BERLIN, timeFormat: "hh:mm" },
  ]) {
    assert.throws(
      () => labelOnly("string", "x", { display }),
      (thrown: ValueError) => thrown.code === "value.options",
    );
  }
});

test("journal label yields its entries without losing a line", () => {
  const line = fc.string().map((text) => text.replace(/[\n\r]/g, " "));
  const body = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join("\n").replace(/\n+$/, ""));
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z .-]{0,20}$/);
  const entry = fc.record({ at: instant, author: name, text: body });
  const head = (at: Date) => at.toISOString().slice(0, 19).replace("T", " ");
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
      const label = entries.map(({ at, author, text }) => `${head(at)} - ${author} (Work notes)\n${text}\n\n`).join("");
      const found = labelOnly("journal_input", label).values.f as JournalEntry[];
      const expected = entries.map(({ at, author, text }) => ({ at: head(at), author, kind: "Work notes", text }));
      assert.deepEqual(found, expected);
    }),
  );
  const text = "01-03-2026 01:00:00 PM - Ada (x) Lovelace (Work notes)\nfirst\n\n\nsecond - not (a head)\n\n";
  assert.deepEqual(labelOnly("journal", text, { display: BERLIN }).values.f, [
    {
      at: "01-03-2026 01:00:00 PM",
      instant: new Date("2026-03-01T12:00:00Z"),
      author: "Ada (x) Lovelace",
      kind: "Work notes",
      text: "first\n\n\nsecond - not (a head)",
    },
  ]);
  const hostile = `2026-03-01 12:00:00 - Ada (Work notes)\n\n${" - (".repeat(50_000)}`;
  const began = performance.now();
  for (const options of [{}, { display: BERLIN }]) {
    const [entry] = labelOnly("journal", hostile, options).values.f as JournalEntry[];
    assert.deepEqual([entry?.instant, entry?.text.length], [undefined, 200_001]);
  }
  assert.ok(performance.now() - began < 1000);
  assert.equal(readAs("journal", "").values.f, null);
  assert.deepEqual(labelOnly("journal", "").values.f, []);
  assert.equal(labelOnly("journal", "no head").problems[0]?.text, "no head");
});
