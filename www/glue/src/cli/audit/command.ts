/** `sysparm audit`: findings about an integration's roles, credentials, clients and accounts. */

import type { Severity } from "sysparm/environments";
import { type Command, type GivenOptions, givenText, UsageError, type World } from "../command.js";
import { jsonText } from "../json-text.js";
import { FACT_OPTIONS, factsOf } from "./facts.js";

const FOUND = 1;
const SEVERITIES: readonly Severity[] = ["high", "medium", "low", "info"];
const FORMATS = ["text", "markdown", "json"];

export const auditCommand: Command = {
  summary:
    "Find roles that an integration does not need, old credentials, unused clients. Exits with 1 where there are.",
  example: "npx sysparm audit --profile prod --administrator prod-admin --traffic calls.har",
  options: {
    ...FACT_OPTIONS,
    severity: {
      value: "name",
      description: `exit with 1 only from this one on: ${SEVERITIES.join(", ")}; low without it`,
    },
    format: { value: "name", description: `${FORMATS.join(", ")}; text without it` },
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const format = oneOfThese("format", givenText(given, "format") ?? "text", FORMATS);
  const least = oneOfThese("severity", givenText(given, "severity") ?? "low", SEVERITIES);
  const { audit, auditMarkdown, auditText } = await import("sysparm/environments");
  const { inventory, traffic } = await factsOf(given, world);
  const found = audit(inventory, traffic);
  if (format === "json") world.print(`${jsonText(found, 2)}\n`);
  else world.print(format === "text" ? auditText(found) : auditMarkdown(found));
  const counts = ({ severity }: { severity: Severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
  return found.findings.some(counts) ? FOUND : 0;
}

export function oneOfThese<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found === undefined)
    throw new UsageError(`Invalid option \`--${option}\`: ${value}. Pass one of ${names.join(", ")}.`);
  return found;
}
