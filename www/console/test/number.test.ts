import assert from "node:assert/strict";
import { test } from "node:test";
import { count, countProblem } from "../src/number";

test("typed number confirms only the number that is meant", () => {
  for (const typed of ["12000", "12,000", " 12000 ", count(12_000)])
    assert.equal(countProblem(typed, 12_000, "row"), "");
  for (const typed of ["1200", "12000x", "1.2e4", "0x2ee0", "12000.5", "-12000", "12 000"])
    assert.equal(countProblem(typed, 12_000, "row"), `“${typed}” is not the number of rows. Enter 12000.`);
});

test("empty field confirms nothing, not even none", () => {
  for (const typed of ["", "  "]) {
    assert.equal(countProblem(typed, 3, "write"), "Enter 3 to confirm.");
    assert.equal(countProblem(typed, 0, "write"), "Enter 0 to confirm.");
  }
  assert.match(countProblem(",", 0, "write"), /is not the number of writes/);
});
