/** What an instance repeats of the worker's own requests reaches no caller: its token, and its client's secret. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../www/worker/serve.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { CLIENT_SECRET, call, KEY, workerFor } from "./worker-under-test.ts";

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

/** Percent, JSON and HTML undone as the echo has them. */
function undone(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, a, b) => String.fromCharCode(Number.parseInt(a ?? b, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("+", " ");
}

async function told(reply: Response): Promise<string> {
  return undone([reply.statusText, ...Array.from(reply.headers).flat(), await reply.text()].join("\n"));
}

const FORMS = ["envelope", "percent", "unicode", "page", "entities", "xml", "cut", "redirect"];

test("no caller learns the client's secret from a token endpoint that repeats it", async () => {
  for (const form of FORMS) {
    await echo("/oauth_token.do", 401, form);
    const text = await told(await call(worker, "/api/now/table/incident"));
    assert.doesNotMatch(text, new RegExp(`${CLIENT_SECRET}|ractice-s|${KEY}`), form);
    if (form !== "redirect") assert.match(text, /\[redacted]/, form);
  }
});

test("no caller learns the token from an instance that repeats it", async () => {
  for (const form of FORMS)
    for (const status of [400, 403, 404, 429, 500]) {
      await echo("/api/", status, form);
      const reply = await call(worker, "/api/now/table/incident?sysparm_limit=1");
      const text = await told(reply);
      const shown = Array.from(text.matchAll(/bearer ([^\s"<\\]+)/gi), ([, word]) => word);
      for (const word of shown) assert.match(word ?? "", /^(\[redacted]|error=.*)$/, `${form} ${status}: ${text}`);
      if (form !== "redirect") assert.match(text, /\[redacted]/, `${form} ${status}: ${text}`);
    }
});
