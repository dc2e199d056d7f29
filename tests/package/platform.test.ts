/** How the client distinguishes platforms, and what it reads to do so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isInNode, isInPage } from "../../www/glue/src/shared/platform.js";

/** Runs with this user agent. Returns how often `process` was read. */
function readsOfProcess(userAgent: string, run: () => void): number {
  const { process: own } = globalThis;
  const given = ["process", "navigator"].map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  let reads = 0;
  const read = () => {
    reads += 1;
    return own;
  };
  Object.defineProperty(globalThis, "process", { configurable: true, get: read });
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { userAgent } });
  try {
    run();
  } finally {
    for (const [name, property] of given) {
      Reflect.deleteProperty(globalThis, name);
      if (property) Object.defineProperty(globalThis, name, property);
    }
  }
  return reads;
}

test("process is not read in Cloudflare Workers, where that takes 4 ms", () => {
  const reads = readsOfProcess("Cloudflare-Workers", () => {
    assert.equal(isInNode(), false);
    assert.equal(isInPage(), false);
  });
  assert.equal(reads, 0);
});

test("Node is known by its process", () => {
  const reads = readsOfProcess("Node.js/20", () => {
    assert.equal(isInNode(), true);
    assert.equal(isInPage(), false);
  });
  assert.equal(reads, 2);
});
