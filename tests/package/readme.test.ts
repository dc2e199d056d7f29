/** The README's example of schemas and values, run as it stands against a practice instance. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  project = installInto("readme");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("example of schemas and values does what it says", async () => {
  const readme = readFileSync("pkg/README.md", "utf8");
  const section = readme.slice(readme.indexOf("## Schemas and values"));
  const example = /```ts\n([\s\S]+?)```/.exec(section)?.[1] ?? "";
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" };
  const main = join(project.folder, "main.js");
  writeFileSync(
    main,
    `import { connect } from "sysparm";
     const instance = await connect(${JSON.stringify({ url: instance.url, auth })});
     ${example}`,
  );
  const thrown = await promisify(execFile)(process.execPath, [main], { timeout: 60_000 }).catch((reason) => reason);
  assert.equal(
    thrown.stdout.replace(/at: '[^']+'/, "at: …"),
    `[ 'incident', 'task' ] [ 'u_symptom', 'u_priority_confirmation' ] []
2026-03-01T12:00:00.000Z 90000
1 New
[
  {
    at: …,
    author: 'Practice Integration',
    kind: 'Work notes',
    text: 'It burns.'
  }
]
[]
`,
  );
  assert.match(thrown.stderr, /ValueError: Nothing was written: short_descripton.*; due_date \(glide_date_time\)/);
});
