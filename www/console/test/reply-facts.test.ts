import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText, columnsOf, pageLinks, rateLimit, rowsOf, totalCount } from "../src/tester/reply-facts";

test("pages come from the Link header in reading order", () => {
  const link =
    '<https://x/api?sysparm_offset=5>;rel="next",<https://x/api?sysparm_offset=0>;rel="first",<https://x/api?a=1,2>; rel=last';
  assert.deepEqual(pageLinks([["Link", link]]), [
    { label: "First", address: "https://x/api?sysparm_offset=0" },
    { label: "Next", address: "https://x/api?sysparm_offset=5" },
    { label: "Last", address: "https://x/api?a=1,2" },
  ]);
  assert.deepEqual(pageLinks([]), []);
  assert.deepEqual(pageLinks([["link", '<http://[>;rel="next"']]), [], "an address that is none");
});

test("count and rate limit are read, and nonsense is not", () => {
  assert.equal(totalCount([["x-total-count", "1240"]]), 1240);
  assert.equal(totalCount([["x-total-count", "many"]]), null);
  assert.deepEqual(
    rateLimit([
      ["X-RateLimit-Limit", "1000"],
      ["X-RateLimit-Remaining", "812"],
      ["X-RateLimit-Reset", "1700000000"],
      ["X-RateLimit-Rule", "Integration users"],
    ]),
    { limit: 1000, remaining: 812, resetsAt: 1_700_000_000_000, rule: "Integration users" },
  );
  assert.equal(rateLimit([["x-ratelimit-limit", "0"]]), null);
});

test("rows are those of result, whatever their shape", () => {
  assert.deepEqual(rowsOf({ result: [{ a: 1 }] }), [{ a: 1 }]);
  assert.deepEqual(rowsOf({ result: { a: 1 } }), [{ a: 1 }]);
  for (const none of [null, [], "x", { result: [] }, { result: ["a"] }, { result: null }, { error: {} }]) {
    assert.equal(rowsOf(none), null, JSON.stringify(none));
  }
  assert.deepEqual(columnsOf([{ a: 1 }, JSON.parse('{"__proto__":1,"b":2}')]), ["a", "__proto__", "b"]);
});

test("cell shows the display value, then the value", () => {
  assert.equal(cellText({ display_value: "High", value: "1" }), "High");
  assert.equal(cellText({ display_value: "", value: "1" }), "1");
  assert.equal(cellText({ link: "https://x", value: "abc" }), "abc");
  assert.equal(cellText(null), "");
  assert.equal(cellText([1]), "[1]");
});
