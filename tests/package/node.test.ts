/** Node imports the installed tarball by its name and runs every case. */
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { expectAll } from "./expect-all.js";
import { casesInNode } from "./in-node.js";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
  project = installInto("node");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("every case passes in Node", async () => {
  expectAll(await casesInNode(project, instance.url));
});
