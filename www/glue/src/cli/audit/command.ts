/** `sysparm audit`: findings about an integration's roles, credentials, clients and accounts. */

import type { Severity } from "sysparm/environments";
import { type Command, type GivenOptions, givenChoice, type World } from "../command.js";
import { jsonText } from "../json-text.js";
import { FACT_OPTIONS, factsOf } from "./facts.js";

const FOUND = 1;
const SEVERITIES: readonly Severity[] = ["high", "medium", "low", "info"];
const FORMATS = ["text", "markdown", "json"] as const;

export const auditCommand: Command = {
  summary:
    "Find roles that an integration does not need, old credentials, unused clients. Exits with 1 where there are.",
  example: "npx sysparm audit --profile prod --administrator prod-admin --traffic calls.har",
  options: {
    ...FACT_OPTIONS,
    severity: { value: "name", description: "exit with 1 only from this one on; low by default", values: SEVERITIES },
    format: { value: "name", description: "text by default", values: FORMATS },
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const format = givenChoice(given, "format", FORMATS) ?? "text";
  const least = givenChoice(given, "severity", SEVERITIES) ?? "low";
  const { audit, auditMarkdown, auditText } = await import("sysparm/environments");
  const { inventory, traffic } = await factsOf(given, world);
  const found = audit(inventory, traffic);
  if (format === "json") world.print(`${jsonText(found, 2)}\n`);
  else world.print(format === "text" ? auditText(found) : auditMarkdown(found));
  const counts = ({ severity }: { severity: Severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
  return found.findings.some(counts) ? FOUND : 0;
}
