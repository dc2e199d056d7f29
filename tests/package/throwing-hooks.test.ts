/** A hook that throws fails no call, and its error is reported as unhandled. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  project = installInto("throwing-hooks");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("hook that throws is reported and fails no call", () => {
  const auth = { username: "practice.integration", password: "practice-password" };
  const main = join(project.folder, "main.mjs");
  writeFileSync(
    main,
    `import { connect } from "sysparm";
     const errors = [];
     process.on("uncaughtException", ({ message }) => errors.push(message));
     const fail = (name) => () => { throw new Error(name); };
     const hooks = { onRequest: fail("request"), onResponse: fail("response") };
     const instance = await connect({ ...${JSON.stringify({ url: instance.url, auth })}, ...hooks });
     const { rows } = await instance.table("incident").list({ limit: 1 });
     console.log(rows.length, errors.join());`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: "utf8" });
  assert.equal(`${stdout}${stderr}`, "1 request,response\n");
});
