/** `examples/next-page`, installed from npm, built and run. It takes half a minute, so `make slow` runs it and `make lint` checks its types. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../../harness/practice-instance.ts";
import { openProject, type Project, packPackage } from "../project.ts";

const EXAMPLE = { tool: "Next.js", use: "example", packages: [], project: "../../../examples/next-page" };

let instance: PracticeInstance;
let project: Project;
let server: Awaited<ReturnType<Project["start"]>>;

before(async () => {
  instance = await startPracticeInstance("--rows", "200", "--quiet");
  const { tarball, remove } = await packPackage();
  try {
    project = await openProject(tarball, EXAMPLE);
  } finally {
    remove();
  }
  await project.shell("npm run build");
  const variables = `SYSPARM_URL=${instance.url} SYSPARM_CLIENT_ID=${CLIENT_ID} SYSPARM_CLIENT_SECRET=${CLIENT_SECRET}`;
  server = await project.start(`${variables} next start --hostname 127.0.0.1 --port $PORT`);
});
after(async () => {
  server?.stop();
  await instance?.stop();
  project?.remove();
});

const pageText = async () => (await (await fetch(server.url)).text()).replaceAll("<!-- -->", "");

async function file(body: unknown): Promise<{ status: number; reply: Record<string, string> }> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${server.url}/incidents`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: reply.status, reply: (await reply.json()) as Record<string, string> };
}

test("page shows the newest incidents, with one token for all requests", async () => {
  const pages = await Promise.all(Array.from({ length: 10 }, pageText));
  for (const text of pages) {
    assert.equal(new Set(text.match(/INC\d{7}/g)).size, 20);
    assert.match(text, /The newest 20 of \d+/);
  }
  assert.equal(await instance.tokenRequests(), 1);
});

test("route files a repeated form once", async () => {
  const form = { description: "printer on fire", key: "form-1" };
  const [first, again] = [await file(form), await file(form)];
  assert.deepEqual(first, again);
  assert.equal(first.status, 201);
  assert.match(first.reply.number ?? "", /^INC\d+$/);
  assert.equal((await file({ description: "without a key" })).status, 400);
});

test("files for the browser hold no secret", async () => {
  assert.equal(await project.shell(`grep -rlE "${CLIENT_SECRET}|oauth_token" .next/static || true`), "");
  assert.notEqual(await project.shell("ls .next/static"), "");
});

test("failure is shown by its code", async () => {
  await instance.set({ hibernating: true });
  try {
    assert.match(await pageText(), /cannot be shown now \(instance\.hibernating\)/);
    const { status, reply } = await file({ description: "x", key: "form-2" });
    assert.deepEqual([status, reply.code], [502, "instance.hibernating"]);
  } finally {
    await instance.set({ hibernating: false });
  }
});
