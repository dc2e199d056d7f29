import assert from "node:assert/strict";
import { test } from "node:test";
import { hasWords, wordsOf } from "../src/kit/words";

test("text has the words in any order and case", () => {
  const words = wordsOf("  Table  INC ");
  assert.deepEqual(words, ["table", "inc"]);
  assert.equal(hasWords("Incidents of the Table API", words), true);
  assert.equal(hasWords("Table API", words), false, "every word");
  assert.deepEqual(wordsOf(" "), []);
  assert.equal(hasWords("anything", []), true, "no word leaves all");
});
