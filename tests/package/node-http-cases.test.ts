/** Every case once more, in a Node whose requests go through `sysparm/node-http`. */
import { after, before } from "node:test";
import { bundleCases, casesInNode } from "./in-node.js";
import { installInto, type Project } from "./installed.js";
import { testParts } from "./test-parts.js";

let project: Project;

before(async () => {
  project = installInto("node-http");
  await bundleCases(project);
});

after(() => project?.remove());

// Where a case brings a fetch of its own, that one is used.
testParts("Node over its http module", (url, part) =>
  casesInNode(project, url, part, {
    connect: "(options) => sysparm.connect({ fetch: httpFetch(), ...options })",
  }),
);
