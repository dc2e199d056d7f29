/** `sysparm runbook`: writes the runbook of an integration. */
import { FACT_OPTIONS, factsOf } from "../audit/facts.js";
import { type Command, type GivenOptions, givenChoice, givenText, type World } from "../command.js";

const FORMATS = ["markdown", "html"] as const;

export const runbookCommand: Command = {
  summary: "Write the runbook of an integration, in Markdown or as one HTML file for print.",
  example:
    "npx sysparm runbook --profile prod --administrator prod-admin --kept 'vault kv/acme' --format html > runbook.html",
  options: {
    ...FACT_OPTIONS,
    system: { value: "name", description: "what connects" },
    purpose: { value: "text", description: "what it is for" },
    kept: { value: "place", description: "where the credential lives: a reference, never the credential" },
    owner: { value: "name", description: "who may renew the credential" },
    format: { value: "name", description: "markdown by default", values: FORMATS },
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const format = givenChoice(given, "format", FORMATS) ?? "markdown";
  const { audit, runbook } = await import("sysparm/environments");
  const { inventory, traffic } = await factsOf(given, world);
  const { markdown, html } = await runbook(inventory, {
    system: givenText(given, "system"),
    purpose: givenText(given, "purpose"),
    clientId: inventory.clientId,
    credential: { kept: givenText(given, "kept"), owner: givenText(given, "owner") },
    traffic: traffic ?? undefined,
    audit: audit(inventory, traffic),
  });
  world.print(format === "html" ? html : markdown);
  return 0;
}
