/** `compare()`: part after part, in the order in which a request meets them. */
import type { Comparison, Inventory } from "sysparm/environments";
import { requestError } from "../errors/index.js";
import { compareAccounts, compareRoles } from "./compare-people.js";
import { compareAccessRules, compareCorsRules, compareRateRules } from "./compare-rules.js";
import { compareMethod, comparePlugins, compareProperties, compareReleases } from "./compare-settings.js";
import { compareApiKeys, compareApiScopes, compareClients, comparePolicies } from "./compare-sign-in.js";
import { compareTables } from "./compare-tables.js";
import { Ledger } from "./ledger.js";

const MOST_ENVIRONMENTS = 20;

/** How environments differ. */
export function compare(inventories: readonly Inventory[]): Comparison {
  check(inventories);
  const ledger = new Ledger(inventories);
  compareMethod(ledger);
  compareClients(ledger);
  compareApiKeys(ledger);
  compareAccounts(ledger);
  comparePolicies(ledger);
  compareRoles(ledger);
  compareProperties(ledger);
  comparePlugins(ledger);
  compareReleases(ledger);
  compareApiScopes(ledger);
  compareCorsRules(ledger);
  compareAccessRules(ledger);
  compareTables(ledger);
  compareRateRules(ledger);
  return ledger.comparison();
}

function check(inventories: readonly Inventory[]): void {
  const advice = "Pass what readInventory() gives, one for each environment, each with a name of its own.";
  const refuse = (what: string) => requestError("options.type", `Invalid argument \`inventories\`: ${what}. ${advice}`);
  if (!Array.isArray(inventories) || inventories.length < 2) throw refuse("fewer than two");
  if (inventories.length > MOST_ENVIRONMENTS) throw refuse(`more than ${MOST_ENVIRONMENTS}`);
  const names = new Set<string>();
  for (const inventory of inventories as readonly Partial<Inventory>[]) {
    const { format, name } = inventory ?? {};
    if (format !== 1 || typeof name !== "string") throw refuse("one is no inventory of this version");
    if (names.has(name)) throw refuse(`two are named ${name}`);
    names.add(name);
  }
}
