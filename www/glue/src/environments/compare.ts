/** `compare()`: part after part, in the order in which a request meets them. */
import type { ComparedPart, Comparison, Inventory, UsedTable } from "sysparm/environments";
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
  try {
    return compared(new Ledger(inventories));
  } catch (thrown) {
    // A record of a saved inventory lacks what it always has, or has something else there.
    if (!(thrown instanceof TypeError)) throw thrown;
    throw refuse(`a record has another form (${thrown.message})`);
  }
}

function compared(ledger: Ledger): Comparison {
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

/** What each part of an inventory is; a saved one may be of anybody's making. */
const PARTS: Readonly<Record<ComparedPart, "text" | "list" | "object">> = {
  method: "text",
  clients: "list",
  apiKeys: "list",
  account: "object",
  policies: "list",
  roles: "list",
  properties: "object",
  plugins: "object",
  release: "object",
  apiScopes: "list",
  corsRules: "list",
  accessRules: "list",
  tables: "object",
  rateRules: "list",
};

function refuse(what: string): Error {
  const advice = "Pass what readInventory() gives, one for each environment, each with a name of its own.";
  return requestError("options.type", `Invalid argument \`inventories\`: ${what}. ${advice}`);
}

function check(inventories: readonly Inventory[]): void {
  if (!Array.isArray(inventories) || inventories.length < 2) throw refuse("fewer than two");
  if (inventories.length > MOST_ENVIRONMENTS) throw refuse(`more than ${MOST_ENVIRONMENTS}`);
  const names = new Set<string>();
  for (const inventory of inventories as readonly Partial<Inventory>[]) {
    const { format, name, url, readAt } = inventory ?? {};
    if (format !== 1 || typeof name !== "string" || typeof url !== "string" || typeof readAt !== "number")
      throw refuse("one is no inventory of this version");
    if (names.has(name)) throw refuse(`two are named ${name}`);
    names.add(name);
    const lacking = Object.entries(PARTS).find(([part, kind]) => !isPart(inventory[part as ComparedPart], part, kind));
    if (lacking) throw refuse(`${name} lacks the part ${lacking[0]}, or has another form of it`);
  }
}

function isPart(given: unknown, part: string, kind: "text" | "list" | "object"): boolean {
  if (part !== "tables") return isFact(given, (value) => isKind(value, kind));
  const isTable = (value: unknown) => isKind(value, "object") && isKind((value as UsedTable).fields, "object");
  return isKind(given, "object") && Object.values(given as object).every((fact) => isFact(fact, isTable));
}

function isFact(given: unknown, accepts: (value: unknown) => boolean): boolean {
  const { status, value, because } = (given ?? {}) as { status?: unknown; value?: unknown; because?: unknown };
  return status === "unreadable" ? typeof because === "string" : status === "read" && accepts(value);
}

function isKind(value: unknown, kind: "text" | "list" | "object"): boolean {
  const isObject = (one: unknown) => typeof one === "object" && one !== null && !Array.isArray(one);
  if (kind === "text") return typeof value === "string";
  return kind === "list" ? Array.isArray(value) && value.every(isObject) : isObject(value);
}
