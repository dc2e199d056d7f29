import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, askText, questions } from "../src/kit/ask";

test("question waits for the answer of the one before it", async () => {
  const first = ask({ title: "Remove A?", yes: "Remove A" });
  const second = askText({ title: "Name of B", label: "Name", yes: "Rename" });
  assert.deepEqual(
    questions.value.map((question) => ("request" in question ? question.request.title : question.decision.title)),
    ["Remove A?", "Name of B"],
  );
  questions.value[0]?.refuse();
  assert.equal(await first, false);
  const [left] = questions.value;
  assert.ok(left && "request" in left && questions.value.length === 1);
  left.agree("C");
  assert.equal(await second, "C");
  assert.deepEqual(questions.value, []);
});

test("text that is refused is null, and not empty", async () => {
  const given = askText({ title: "Name", label: "Name", yes: "Rename" });
  questions.value[0]?.refuse();
  assert.equal(await given, null);
});
