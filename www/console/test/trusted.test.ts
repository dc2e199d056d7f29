import assert from "node:assert/strict";
import { test } from "node:test";
import { isBuilt } from "../src/background/trusted";

test("only scripts of the console's own folder are started", () => {
  const base = "https://shared.example/team/console/index.html";
  assert.ok(isBuilt("/team/console/assets/limited-worker-a_1.js", base));
  assert.ok(isBuilt("https://shared.example/team/console/assets/a.js", base));
  for (const foreign of [
    "/assets/a.js",
    "/other/assets/a.js",
    "/team/console/assets/../../other/assets/a.js",
    "/team/console/assets/more/a.js",
    "/team/console/assets/a.js?x=1",
    "/team/console/assets/a.js#x",
    "/team/console/assets/a.css",
    "https://evil.example/team/console/assets/a.js",
    "data:text/javascript,1",
  ])
    assert.equal(isBuilt(foreign, base), false, foreign);
});
