/** An environment that hides what the package needs, as Jest's jsdom does, is named before anything is loaded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

test("missing parts of the platform are named with a remedy", async () => {
  const { connect, RequestError } = await import(pathToFileURL("pkg/dist/browser.js").href);
  const { TextDecoder } = globalThis;
  Reflect.deleteProperty(globalThis, "TextDecoder");
  try {
    const opened = connect({ url: "https://x.example", auth: { token: "t" } });
    await assert.rejects(opened, (error: Error & { code?: string }) => {
      assert.ok(error instanceof RequestError);
      assert.equal(error.code, "platform.incomplete");
      assert.match(
        error.message,
        /^This environment has no TextDecoder\. In Jest use the environment jest-fixed-jsdom/,
      );
      return true;
    });
  } finally {
    globalThis.TextDecoder = TextDecoder;
  }
  // The next call tries again.
  (await connect({ url: "https://x.example", auth: { token: "t" } })).close();
});
