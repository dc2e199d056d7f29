/** The lock that the instances of one isolate share in a Worker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lockInIsolate } from "../../www/glue/src/worker-requests/lock.js";

test("lock has one holder among callers of the same moment", async () => {
  let holders = 0;
  let most = 0;
  const hold = () =>
    lockInIsolate.request("token", async () => {
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((wake) => setTimeout(wake, 5));
      holders -= 1;
    });
  await Promise.all([hold(), hold(), hold()]);
  assert.equal(most, 1);
});
