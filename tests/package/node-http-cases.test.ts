/** Every case once more, in a Node whose requests go through `sysparm/node-http`. */
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { expectAll } from "./expect-all.js";
import { casesInNode } from "./in-node.js";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
  project = installInto("node-http");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("every case passes over Node's http", async () => {
  // Where a case brings a fetch of its own, that one is used.
  const over = "{ ...sysparm, connect: (options) => sysparm.connect({ fetch: httpFetch(), ...options }) }";
  expectAll(await casesInNode(project, instance.url, over));
});
