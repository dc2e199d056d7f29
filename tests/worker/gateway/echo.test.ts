/** Secrets that an instance repeats in its replies reach no caller: the token, and the client secret. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { CLIENT_SECRET, call, KEY, workerFor } from "../worker-under-test.ts";

let instance: PracticeInstance;
let worker: RunningWorker;

before(async () => {
  instance = await startPracticeInstance("--rows", "3", "--quiet");
  worker = await workerFor(instance.url);
});

after(async () => {
  await worker?.stop();
  await instance?.stop();
});

async function echo(path: string, status: number, form: string): Promise<void> {
  const faults = [{ path, kind: { echo: { status, form } } }];
  const reply = await fetch(`${instance.url}/__practice/switches`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ faults }),
  });
  assert.ok(reply.ok);
}

/** Decodes the percent, JSON and HTML encodings of the echo. */
function decoded(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, a, b) => String.fromCharCode(Number.parseInt(a ?? b, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("+", " ");
}

async function decodedReply(reply: Response): Promise<string> {
  return decoded([reply.statusText, ...Array.from(reply.headers).flat(), await reply.text()].join("\n"));
}

const FORMS = ["envelope", "percent", "unicode", "page", "entities", "xml", "cut", "redirect"];

test("client secret in a token endpoint's reply reaches no caller", async () => {
  for (const form of FORMS) {
    await echo("/oauth_token.do", 401, form);
    const text = await decodedReply(await call(worker, "/api/now/table/incident"));
    assert.doesNotMatch(text, new RegExp(`${CLIENT_SECRET}|ractice-s|${KEY}`), form);
    if (form !== "redirect") assert.match(text, /\[redacted]/, form);
  }
});

test("token in an instance's reply reaches no caller", async () => {
  for (const form of FORMS)
    for (const status of [400, 403, 404, 429, 500]) {
      await echo("/api/", status, form);
      const reply = await call(worker, "/api/now/table/incident?sysparm_limit=1");
      const text = await decodedReply(reply);
      const shown = Array.from(text.matchAll(/bearer ([^\s"<\\]+)/gi), ([, word]) => word);
      for (const word of shown) assert.match(word ?? "", /^(\[redacted]|error=.*)$/, `${form} ${status}: ${text}`);
      if (form !== "redirect") assert.match(text, /\[redacted]/, `${form} ${status}: ${text}`);
    }
});
