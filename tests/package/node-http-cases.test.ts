/** The smoke cases in a Node whose requests go through `sysparm/node-http`, and every case with `SYSPARM_CASES=all` (`make runtimes`). */
import { after, before } from "node:test";
import { bundleCases, casesInNode } from "./in-node.js";
import { installInto, type Project } from "./installed.js";
import { testSmoke } from "./test-parts.js";

let project: Project;

before(async () => {
  project = installInto("node-http");
  await bundleCases(project);
});

after(() => project?.remove());

// Where a case brings a fetch of its own, that one is used.
testSmoke("Node over its http module", (url, part) =>
  casesInNode(project, url, part, {
    connect: "(options) => sysparm.connect({ fetch: httpFetch(), ...options })",
  }),
);
