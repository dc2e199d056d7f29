import assert from "node:assert/strict";
import { test } from "node:test";
import { absentFields, FieldCollector, fieldList } from "../src/tables/columns";
import { csvLine } from "../src/tables/csv";
import { moved } from "../src/tables/move";
import { cellText } from "../src/tables/values";
import { endingWords, progressShare, progressWords } from "../src/tables/words";

test("progress shows rows read, the count, and hidden rows", () => {
  assert.equal(progressWords({ seen: 412, total: 890, hidden: 38 }), "412 of 890, 38 hidden by access rules");
  assert.equal(progressWords({ seen: 10_000, total: 10_000, hidden: 0 }), "10,000 of 10,000");
  assert.equal(progressWords({ seen: 1, total: null, hidden: null }), "1 row");
});

test("hidden rows count as read, so that the bar reaches its end", () => {
  assert.equal(progressShare({ seen: 852, total: 890, hidden: 38 }), 1);
  assert.equal(progressShare({ seen: 445, total: 890, hidden: 0 }), 0.5);
  assert.equal(progressShare({ seen: 5, total: null, hidden: null }), null);
  assert.equal(progressShare({ seen: 0, total: 0, hidden: 0 }), 1);
});

test("read without proof never says complete", () => {
  const others = [
    endingWords({ seen: 5, total: null, hidden: null }, { how: "unverified" }, ""),
    endingWords({ seen: 5, total: 7, hidden: 0 }, { how: "unverified" }, ""),
    endingWords({ seen: 5, total: 7, hidden: 0 }, { how: "limit" }, ""),
    endingWords({ seen: 5, total: 7, hidden: 0 }, { how: "cancelled" }, ""),
    endingWords({ seen: 5, total: 7, hidden: 0 }, { how: "failed" }, ""),
  ];
  for (const words of others) assert.doesNotMatch(words, /^Complete/);
  assert.match(others[0] ?? "", /did not report a count/);
  assert.match(others[1] ?? "", /Possibly incomplete/);
  assert.match(others[2] ?? "", /limit you set/);
});

test("read that ended before its first row says so", () => {
  const nothing = { seen: 0, total: null, hidden: null };
  assert.equal(endingWords(nothing, { how: "failed" }, ""), "Stopped by an error before any row came.");
  assert.equal(endingWords(nothing, { how: "cancelled" }, ""), "Cancelled before any row came.");
});

test("complete read shows how many rows are hidden", () => {
  const words = endingWords({ seen: 852, total: 890, hidden: 38 }, { how: "complete" }, "");
  assert.equal(
    words,
    "Complete: the instance counts 890 rows; 852 were read and 38 are hidden from this user by access rules.",
  );
});

test("empty result shows why, or that the reason is unknown", () => {
  const complete = { how: "complete" } as const;
  assert.match(endingWords({ seen: 0, total: 0, hidden: 0 }, complete, "active=true"), /Nothing matches the query, or/);
  assert.match(endingWords({ seen: 0, total: 0, hidden: 0 }, complete, ""), /The table is empty, or/);
  assert.match(endingWords({ seen: 0, total: 12, hidden: 12 }, complete, ""), /all of them are hidden/);
  assert.match(
    endingWords({ seen: 0, total: null, hidden: null }, { how: "unverified" }, ""),
    /may be empty, or its rows may be hidden/,
  );
});

test("typed fields are listed once each", () => {
  assert.deepEqual(fieldList("number, state ,,state\nassigned_to.name"), ["number", "state", "assigned_to.name"]);
  assert.deepEqual(fieldList("  "), []);
});

test("columns are all fields of all rows, identifying fields first", () => {
  const collector = new FieldCollector([]);
  assert.equal(collector.add([{ zeta: "1", number: "INC1" }]), true);
  assert.equal(collector.add([{ number: "INC2" }]), false);
  assert.equal(collector.add([{ alpha: "2" }]), true);
  assert.deepEqual(collector.columns(), ["number", "alpha", "zeta"]);
});

test("chosen field that no row holds is named", () => {
  assert.deepEqual(absentFields(["number", "colour"], [{ number: "INC1" }, { number: "INC2" }]), ["colour"]);
  assert.deepEqual(absentFields(["number"], []), []);
});

test("cell shows a reference's display value, else its value", () => {
  assert.equal(cellText({ display_value: "Fred", value: "6816f79c" }), "Fred");
  assert.equal(cellText({ value: "6816f79c" }), "6816f79c");
  assert.equal(cellText(undefined), "");
});

test("CSV quotes cells and disarms spreadsheet formulas", () => {
  const rows = [
    { number: "INC1", text: 'He said "no", twice' },
    { number: "INC2", text: "two\nlines" },
    { number: "INC3", text: '=HYPERLINK("http://x")' },
    { number: "INC4", text: "-5.5" },
  ];
  assert.equal(
    [["number", "text"], ...rows.map(({ number, text }) => [number, text])].map(csvLine).join(""),
    'number,text\r\nINC1,"He said ""no"", twice"\r\nINC2,"two\nlines"\r\nINC3,"\'=HYPERLINK(""http://x"")"\r\nINC4,-5.5\r\n',
  );
  const hidden = ["\n=1+1", "\uff1dSUM(A1)", "a;=1+1", "a\n@x", "a; -5;b", "a;b=c", "+49 170 1"];
  const shown = ["'\n'=1+1", "'\uff1dSUM(A1)", "a;'=1+1", "a\n'@x", "a; -5;b", "a;b=c", "'+49 170 1"];
  const lines = shown.map((text) => (/[;\n]/.test(text) ? `"${text}"` : text)).map((text) => `${text}\r\n`);
  assert.equal(hidden.map((text) => csvLine([text])).join(""), lines.join(""));
});

test("keys move the active cell and stop at the edges", () => {
  const extent = { rowCount: 100, columnCount: 3, rowsAPage: 20 };
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });
  assert.deepEqual(moved({ row: 0, column: 0 }, key("ArrowUp"), extent), { row: 0, column: 0 });
  assert.deepEqual(moved({ row: 0, column: 0 }, key("PageDown"), extent), { row: 20, column: 0 });
  assert.deepEqual(moved({ row: 90, column: 1 }, key("PageDown"), extent), { row: 99, column: 1 });
  assert.deepEqual(moved({ row: 5, column: 1 }, key("End"), extent), { row: 5, column: 2 });
  assert.deepEqual(moved({ row: 5, column: 1 }, key("End", true), extent), { row: 99, column: 2 });
  assert.equal(moved({ row: 5, column: 1 }, key("Tab"), extent), null);
});
