/** What recorded calls ask for: one need for each rule that decides about a call, with the roles of which one passes it. */
import type { Inventory, TableTraffic, Traffic } from "sysparm/environments";
import { decided, type Need, type RuleBook, ruleBook } from "./deciding.js";
import { API_ROLES, BASE_RULES, OPEN_APIS } from "./role-facts.js";

/** The needs, and why more may be needed. */
export interface Needs {
  needs: Need[];
  doubts: string[];
}

/** `holds` says whether the account has one of the roles of a need now. */
export function needsOf(inventory: Inventory, traffic: Traffic, holds: (need: Need) => boolean): Needs {
  const { accessRules } = inventory;
  const doubts = traffic.gaps.map(({ message }) => message);
  if (accessRules.status === "unreadable") doubts.push(`Access rules could not be read: ${accessRules.because}.`);
  else if (accessRules.incomplete) doubts.push(`Access rules were not all read: ${accessRules.incomplete}.`);
  const rules = ruleBook(inventory, doubts);
  const needs = traffic.tables.flatMap((used) => ofTable(inventory, used, { rules, holds, doubts }));
  for (const { api, calls } of traffic.apis) {
    if (calls === 0) continue;
    needs.push(...ofApi(api, rules));
    if (!OPEN_APIS.has(api) && !Object.hasOwn(API_ROLES, api))
      doubts.push(`${api} may ask for roles of its own: see its ACL and its script.`);
  }
  return { needs, doubts };
}

interface RuleReading {
  rules: RuleBook | undefined;
  holds: (need: Need) => boolean;
  doubts: string[];
}

function ofTable(inventory: Inventory, used: TableTraffic, reading: RuleReading): Need[] {
  const { table } = used;
  const { rules, doubts } = reading;
  const operations = Object.entries(used.operations).filter(([, { calls }]) => calls > 0);
  const needed = new Set(operations.map(([operation]) => operation));
  if (needed.size === 0) return [];
  if (used.operations.read?.through.includes("Aggregate API")) needed.add("report_view");
  const fact = Object.hasOwn(inventory.tables, table) ? inventory.tables[table] : undefined;
  if (fact?.status !== "read") doubts.push(`${table} was not read: ${fact?.because ?? "it is not in the inventory"}.`);
  const names = [table, ...(fact?.status === "read" ? fact.value.extends : [])];
  return [...needed].flatMap((operation) => {
    // An operation that has no rule anywhere is open to every signed-in user.
    const own = rules ? decided(rules, [...names, "*"], operation).map((need) => ({ ...need, table })) : [];
    if (rules || operation === "report_view") return [...own, ...ofFields(used, names, operation, reading)];
    return [assumed(table, names, operation)];
  });
}

/** Rules of fields. A field that the account may not see today stays hidden, so its rule is no need. */
function ofFields(used: TableTraffic, names: readonly string[], operation: string, reading: RuleReading): Need[] {
  const { rules, holds } = reading;
  if (!rules) return [];
  const { all, read, queried, written } = used.fields;
  const wanted = operation === "read" ? [...read, ...queried] : operation === "report_view" ? [] : written;
  // Where no field is named every one may be meant: those with rules of their own, and the others by the rule of any field.
  const isAny = all || (operation !== "read" && written.length === 0);
  const fields = [...new Set([...wanted, ...(isAny ? declaredIn(rules, names, operation) : [])])];
  const found = fields.flatMap((field) => ofField(rules, names, field, operation));
  if (isAny) found.push(...decided(rules, anyFieldOf(names), operation));
  if (operation === "read")
    for (const field of queried)
      found.push(...ofField(rules, names, field, "query_range"), ...ofField(rules, names, field, "query_match"));
  // Rules that ask for no role are passed by anyone.
  const passed = found.filter((need) => need.roles === null || holds(need));
  return passed.map((need) => ({ ...need, table: used.table }));
}

const anyFieldOf = (names: readonly string[]) => [...names, "*"].map((name) => `${name}.*`);

function ofField(rules: RuleBook, names: readonly string[], field: string, operation: string): Need[] {
  return decided(rules, [...[...names, "*"].map((name) => `${name}.${field}`), ...anyFieldOf(names)], operation);
}

/** Fields that have a rule of their own. */
function declaredIn({ rules }: RuleBook, names: readonly string[], operation: string): string[] {
  return rules.flatMap(({ name, operation: own }) => {
    const [table = "", field] = name.split(".");
    return field && field !== "*" && own === operation && [...names, "*"].includes(table) ? [field] : [];
  });
}

/** From the documentation, where rules could not be read. */
function assumed(table: string, names: readonly string[], operation: string): Need {
  const name = names.find((one) => Object.hasOwn(BASE_RULES, one));
  const [read, write] = (name === undefined ? undefined : BASE_RULES[name]) ?? [null, null];
  const roles = operation === "read" ? read : write;
  return { table, operation, rule: name ?? "", roles, conditional: [], isOverridden: true, assumed: true };
}

function ofApi(api: string, rules: RuleBook | undefined): Need[] {
  const own = rules ? decided(rules, [api], "execute") : [];
  const roles = Object.hasOwn(API_ROLES, api) ? API_ROLES[api] : undefined;
  const documented = { table: api, operation: "execute", rule: "", conditional: [], isOverridden: true, assumed: true };
  return [...own, ...(roles ? [{ ...documented, roles }] : [])];
}
