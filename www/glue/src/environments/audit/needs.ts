/** What recorded calls ask for: one need for each rule that decides about a call, with the roles of which one passes it. */
import type { AccessRule, Inventory, TableTraffic, Traffic } from "sysparm/environments";
import { API_ROLES, BASE_RULES, OPEN_APIS } from "./role-facts.js";

/** A rule that calls must pass. */
export interface Need {
  table: string;
  operation: string;
  rule: string;
  /** Roles of which one suffices; none where anyone passes; null where that is unknown. */
  roles: readonly string[] | null;
  /** Roles of rules that have, or may have, a condition or a script: whether they pass cannot be judged from outside. */
  conditional: readonly string[];
  assumed: boolean;
}

/** The needs, and why more may be needed. */
export interface Needs {
  needs: Need[];
  doubts: string[];
}

/** `holds` says whether the account has one of these roles now. */
export function needsOf(inventory: Inventory, traffic: Traffic, holds: (roles: readonly string[]) => boolean): Needs {
  const { accessRules } = inventory;
  const doubts = traffic.gaps.map(({ message }) => message);
  if (accessRules.status === "unreadable") doubts.push(`Access rules could not be read: ${accessRules.because}.`);
  else if (accessRules.incomplete) doubts.push(`Access rules were not all read: ${accessRules.incomplete}.`);
  const rules = accessRules.status === "read" ? accessRules.value : undefined;
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
  rules: readonly AccessRule[] | undefined;
  holds: (roles: readonly string[]) => boolean;
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
    const need = rules && decided(rules, [...names, "*"], operation);
    if (need) return [{ ...need, table }, ...ofFields(used, names, operation, reading)];
    // An operation that has no rule anywhere is open to every signed-in user.
    if (rules || operation === "report_view") {
      return ofFields(used, names, operation, reading);
    }
    return [assumed(table, names, operation)];
  });
}

/** The need of the first of these names that has a rule for the operation. */
function decided(rules: readonly AccessRule[], names: readonly string[], operation: string): Need | undefined {
  for (const name of names) {
    const own = rules.filter((rule) => rule.name === name && rule.operation === operation);
    if (own.length === 0) continue;
    // Where a condition or script is hidden there may be one.
    const plain = own.filter((rule) => rule.conditional === false);
    const rolesOf = (some: readonly AccessRule[]) => [...new Set(some.flatMap(({ roles = [] }) => roles))].sort();
    const isOpen = plain.some(({ roles }) => roles?.length === 0);
    const conditional = rolesOf(own.filter((rule) => rule.conditional !== false));
    const isUnknown = own.some(({ roles }) => roles === undefined) || (rolesOf(own).length === 0 && !isOpen);
    const roles = isOpen ? [] : isUnknown ? null : rolesOf(plain);
    return { table: name, operation, rule: name, roles, conditional: isOpen ? [] : conditional, assumed: false };
  }
  return undefined;
}

/** Rules of fields. A field that the account may not see today stays hidden, so its rule is no need. */
function ofFields(used: TableTraffic, names: readonly string[], operation: string, reading: RuleReading): Need[] {
  const { rules = [], holds } = reading;
  const { all, read, queried, written } = used.fields;
  const wanted = operation === "read" ? [...read, ...queried] : operation === "report_view" ? [] : written;
  const named = all || (operation !== "read" && written.length === 0) ? declaredIn(rules, names, operation) : [];
  const needs = [...new Set([...wanted, ...named])].map((field) => ofField(rules, names, field, operation));
  if (operation === "read")
    for (const field of queried)
      needs.push(ofField(rules, names, field, "query_range"), ofField(rules, names, field, "query_match"));
  const found = needs.filter((need) => need !== undefined);
  // Rules that ask for no role are passed by anyone.
  const passed = found.filter(({ roles, conditional }) => roles === null || holds([...roles, ...conditional]));
  return passed.map((need) => ({ ...need, table: used.table }));
}

function ofField(rules: readonly AccessRule[], names: readonly string[], field: string, operation: string) {
  const tables = [...names, "*"];
  return decided(rules, [...tables.map((name) => `${name}.${field}`), ...tables.map((name) => `${name}.*`)], operation);
}

/** Fields that have a rule of their own. */
function declaredIn(rules: readonly AccessRule[], names: readonly string[], operation: string): string[] {
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
  return { table, operation, rule: name ?? "", roles, conditional: [], assumed: true };
}

function ofApi(api: string, rules: readonly AccessRule[] | undefined): Need[] {
  const need = rules && decided(rules, [api], "execute");
  const own = Object.hasOwn(API_ROLES, api) ? API_ROLES[api] : undefined;
  const documented = { table: api, operation: "execute", rule: "", conditional: [], assumed: true };
  return [...(need ? [need] : []), ...(own ? [{ ...documented, roles: own }] : [])];
}
