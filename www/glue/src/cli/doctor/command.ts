/** `sysparm doctor`: examines an instance and an integration with requests that only read. */

import type { AdministratorCredentials, ExamineOptions, Finding, Report } from "sysparm/doctor";
import {
  type Command,
  type GivenOptions,
  givenChoice,
  givenNames,
  givenText,
  UsageError,
  type World,
} from "../command.js";
import { CONNECTION_OPTIONS, connectionOf } from "../connection.js";
import { jsonText } from "../json-text.js";
import { readOnlyFetch } from "../read-only.js";
import { withoutControls } from "../terminal-text.js";

const OPERATIONS = ["read", "create", "write", "delete"] as const;
/** A cause, or a check, is wrong. */
const FOUND = 1;

export const doctor: Command = {
  summary:
    "examine an instance: which cause is likeliest, what proves it, and how to fix it; exits with 1 if it finds any",
  example: "npx sysparm doctor --profile dev --table incident --fields number,state",
  options: {
    table: { value: "name", description: "the table that the integration uses; incident by default" },
    query: { value: "query", description: "the encoded query that it sends" },
    fields: { value: "names", description: "the fields that it needs, separated by commas" },
    operation: { value: "name", description: "what it does; read by default", values: OPERATIONS },
    roles: { value: "names", description: "roles that it needs, or products: ITSM, HRSD, CSM, CMDB" },
    origin: { value: "origin", description: "of a web page that must be able to call the instance" },
    administrator: { value: "profile", description: "an administrator's profile, for records that explain refusals" },
    thorough: { description: "make every check, also when a cause is proven" },
    json: { description: "print the report as JSON" },
    markdown: { description: "print the report as Markdown, for a ticket" },
    ...CONNECTION_OPTIONS,
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const options = await examineOptions(given, world);
  const { examine } = await import("sysparm/doctor");
  const examination = examine(options);
  for await (const finding of examination) {
    world.progress(finding.question);
    if (!given.json && !given.markdown) world.print(lineOfFinding(finding));
  }
  const report = await examination.report();
  if (given.json) world.print(`${jsonText(report, 2)}\n`);
  else world.print(given.markdown ? report.markdown : summary(report));
  const isWrong = report.causes.length > 0 || report.findings.some(({ state }) => state === "failed");
  return isWrong ? FOUND : 0;
}

async function examineOptions(given: GivenOptions, world: World): Promise<ExamineOptions> {
  if (given.json && given.markdown) throw new UsageError("Pass one of --json and --markdown.");
  const operation = givenChoice(given, "operation", OPERATIONS);
  const { url, auth, release } = await connectionOf(given, world);
  return {
    ...{ url, auth, release, operation },
    administrator: await administratorOf(given, url, world),
    table: givenText(given, "table"),
    query: givenText(given, "query"),
    fields: namesOrNone(given, "fields"),
    roles: namesOrNone(given, "roles"),
    origin: givenText(given, "origin"),
    thorough: given.thorough === true,
    fetch: readOnlyFetch(fetch, () => undefined),
    signal: world.signal,
  };
}

async function administratorOf(
  given: GivenOptions,
  url: string,
  world: World,
): Promise<AdministratorCredentials | undefined> {
  const profile = givenText(given, "administrator");
  if (profile === undefined) return undefined;
  const { url: own, auth } = await connectionOf({ profile }, world);
  const invalid = (why: string) => new UsageError(`Invalid option \`--administrator\`: profile \`${profile}\` ${why}.`);
  if (own !== url) throw invalid(`is of ${own}, and not of ${url}. Pass one of the same instance`);
  if ("token" in auth) return { token: auth.token };
  if ("username" in auth && !("grant" in auth)) return auth;
  throw invalid("signs in by OAuth. Pass one of the kind basic or token");
}

function namesOrNone(given: GivenOptions, option: string): string[] | undefined {
  const names = givenNames(given, option);
  return names.length > 0 ? names : undefined;
}

const STATES = { passed: "passed ", failed: "FAILED ", unknown: "unknown" };

function lineOfFinding({ state, question, evidence }: Finding): string {
  const more = state === "passed" ? "" : `\n         ${evidence}`;
  return withoutControls(`${STATES[state]}  ${question}${more}\n`);
}

function summary({ causes, requests, release }: Report): string {
  const asked = `${requests} requests${release ? `, release ${release}` : ""}`;
  if (causes.length === 0) return withoutControls(`\nNo cause of a failure was found (${asked}).\n`);
  const listed = causes.map(({ title, percent, proven, evidence, fix }) => {
    const steps = fix.map((step, index) => `     ${index + 1}. ${step}\n`).join("");
    return `  ${percent} %  ${title}${proven ? " (proven)" : ""}\n     ${evidence}\n${steps}`;
  });
  return withoutControls(`\nCauses, the likeliest first (${asked}):\n${listed.join("\n")}`);
}
