/** Programs of the README and of the page on schemas and values, run as they stand against a practice instance. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
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

/** The blocks of code in a file of the package. */
function programsOf(file: string): string[] {
  const text = readFileSync(join("pkg", file), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]+?)```/g)].map(([, program = ""]) => program);
}

/** What programs that have no `connect()` of their own begin with. */
const CONNECTING = () => `
  import { connect } from "sysparm";
  const instance = await connect({
    url: "${instance.url}",
    auth: { grant: "client_credentials", clientId: "${CLIENT_ID}", clientSecret: "${CLIENT_SECRET}" },
  });
`;

/** Programs of the README that run elsewhere: in workerd and in a page. */
const ELSEWHERE = /export default|location\.origin/;

test("programs of the README run as they stand", async () => {
  const programs = programsOf("README.md");
  const here = programs.filter((program) => !ELSEWHERE.test(program));
  assert.equal(programs.length - here.length, 2);
  const files = here.map((program, index) => {
    const given = program
      .replace("https://dev12345.service-now.com", instance.url)
      .replace('clientId: "…"', `clientId: "${CLIENT_ID}"`)
      .replace('clientSecret: "…"', `clientSecret: "${CLIENT_SECRET}"`);
    const file = `program-${index}.js`;
    writeFileSync(join(project.folder, file), given.includes("connect(") ? given : CONNECTING() + given);
    return file;
  });
  const main = join(project.folder, "programs.js");
  writeFileSync(main, files.map((file) => `console.log("# ${file}"); await import("./${file}");`).join("\n"));
  // In the context of this runner the last program would report to it and print nothing.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 60_000, env });
  const [, first, practice, pages, query, , errors] = stdout.split(/# program-\d+\.js\n/);
  assert.match(first ?? "", /^(INC\d+ .+\n){2,}$/);
  assert.equal(practice, "100\n");
  assert.match(
    pages ?? "",
    /^\d+ rows, \d+ of \d+ seen\nThese are all rows that you may read\. Access rules hide 0\.\n$/,
  );
  assert.match(query ?? "", /^active=true\^priority<=2\^ORDERBYDESCopened_at active is true/);
  assert.match(errors ?? "", /^table\.unknown /);
  assert.match(stdout, /# pass 1\b|✔ refused credentials are reported/);
});

test("example of schemas and values does what it says", async () => {
  const [example = ""] = programsOf("docs/schemas-and-values.md");
  const main = join(project.folder, "main.js");
  writeFileSync(main, CONNECTING() + example);
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
