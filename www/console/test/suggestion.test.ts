import assert from "node:assert/strict";
import { test } from "node:test";
import { spoken } from "../src/kit/suggestion";

test("number of proposals and the footer are said", () => {
  const completion = { from: 0, to: 0, footer: "Fields of incident" };
  assert.equal(spoken({ ...completion, options: [] }), "Fields of incident");
  assert.equal(spoken({ ...completion, options: [{ value: "a", note: "" }] }), "1 proposal. Fields of incident");
  assert.equal(
    spoken({ from: 0, to: 0, footer: "12 fields of incident", options: [{ value: "a", note: "" }] }),
    "12 fields of incident",
  );
  const two = [
    { value: "a", note: "" },
    { value: "b", note: "" },
  ];
  assert.equal(spoken({ ...completion, options: two }), "2 proposals. Fields of incident");
});
