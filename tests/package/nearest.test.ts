/** The names that are proposed for a misspelt one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../../www/glue/src/shared/nearest.js";

const NAMES = ["active", "activity_due", "short_description", "description", "state", "stage", "number", "priority"];

test("nearest names come first, and far ones not at all", () => {
  const cases: [misspelt: string, expected: string[]][] = [
    ["actve", ["active"]],
    ["short_descripton", ["short_description"]],
    ["hsort_description", ["short_description"]],
    ["stat", ["state", "stage"]],
    ["nubmer", ["number"]],
    ["proirity", ["priority"]],
    ["caller", []],
  ];
  for (const [misspelt, expected] of cases) assert.deepEqual(nearest(misspelt, NAMES), expected, misspelt);
});

test("no more than three names are proposed", () => {
  assert.deepEqual(nearest("aa", ["ab", "ac", "ad", "ae", "aa1"]), ["aa1", "ab", "ac"]);
});
