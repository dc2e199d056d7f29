/** Which of an account's roles its recorded calls need, and which narrower ones would do. */
import type { HeldRole, Inventory, RoleProposal, RoleVerdict, TableVerdict, Traffic } from "sysparm/environments";
import { isGranted } from "../held-roles.js";
import { leastRoles } from "./cover.js";
import type { Need } from "./deciding.js";
import { needsOf } from "./needs.js";
import { BASIC_ROLE, breadthOf, implies, UNTOUCHED } from "./role-facts.js";

/** Null where the account's roles could not be read, and without calls: then nothing is known to be needed. */
export function proposalOf(inventory: Inventory, traffic: Traffic | null): RoleProposal | null {
  const { roles, account } = inventory;
  if (roles.status === "unreadable" || !traffic || traffic.calls === 0) return null;
  const held = roles.value;
  const contained = containment(held);
  const passesRole = (own: string, roles: readonly string[], { isOverridden }: Need) =>
    roles.some((role) => implies(own, role, contained, isOverridden));
  const granted = held.filter(isGranted);
  const holds = (need: Need) =>
    held.some(({ name }) => passesRole(name, [...(need.roles ?? []), ...need.conditional], need));
  const { needs, doubts } = needsOf(inventory, traffic, holds);
  if (roles.incomplete) doubts.push(`Roles were not all read: ${roles.incomplete}.`);
  // What calls pass today without a role that we know of: a condition, a script, a rule that was not read.
  const judged = needs.filter((need) => need.roles !== null && (need.roles.length > 0 || need.conditional.length > 0));
  const [met, unmet] = parted(judged, holds);
  for (const need of unmet) doubts.push(`Calls passed ${nameOf(need)}, which asks for a role that the account lacks.`);
  for (const need of needs.filter(({ roles }) => roles === null))
    doubts.push(
      `What ${nameOf(need)} asks for is not known: a condition or a script decides, or its roles were not read.`,
    );
  // What an API itself asks for is the same everywhere.
  if (needs.some(({ assumed, roles, operation }) => assumed && roles !== null && operation !== "execute"))
    doubts.push("Roles of some rules are taken from the documentation of the base system: yours may differ.");
  const passes = (role: string, need: Need) =>
    passesRole(role, need.roles ?? [], need) || (heldBy(held, role) && passesRole(role, need.conditional, need));
  // A role that brings others along opens what they do, and of two alike the one that is granted stays.
  const weigh = (role: string) =>
    breadthOf(role) + 2 * (contained.get(role)?.size ?? 0) + (heldBy(granted, role) ? 0 : 0.5);
  const candidates = [...new Set([...granted.map(({ name }) => name), ...met.flatMap(({ roles }) => roles ?? [])])];
  const least = leastRoles(met, candidates, passes, weigh) ?? granted.map(({ name }) => name);
  for (const need of met.filter((one) => !least.some((role) => passesRole(role, one.roles ?? [], one))))
    doubts.push(`${nameOf(need)} is passed by a rule that may also have a condition or a script.`);
  const by = (role: string) => met.filter((need) => passes(role, need));
  const certain = doubts.length === 0;
  return {
    account: account.status === "read" ? (account.value.userName ?? "") : "",
    certain,
    doubts: [...new Set(doubts)],
    roles: granted.map((role) => verdict(role, { inventory, traffic, least, by, certain })),
    add: least
      .filter((role) => !heldBy(granted, role))
      .map((role) => ({ role, because: `${listed(by(role))} asks for it` })),
    tables: needs.map((need) => shown(need, least.find((role) => passes(role, need)) ?? "")),
  };
}

interface Judging {
  inventory: Inventory;
  traffic: Traffic;
  least: readonly string[];
  by: (role: string) => Need[];
  certain: boolean;
}

function verdict({ name, ways }: HeldRole, judging: Judging): RoleVerdict {
  const { least, by, certain } = judging;
  const keep = (because: string): RoleVerdict => ({
    role: name,
    verdict: "keep",
    certain: true,
    because,
    suffice: [],
    ways,
  });
  if (Object.hasOwn(UNTOUCHED, name)) return keep(UNTOUCHED[name] ?? "");
  if (name === BASIC_ROLE && usesBasic(judging))
    return keep("the account signs in with Basic, which may be restricted");
  if (least.includes(name)) return keep(`${listed(by(name))} asks for it`);
  const passed = by(name);
  const suffice = least.filter((role) => by(role).some((need) => passed.includes(need)));
  const because =
    passed.length > 0 ? `${suffice.join(", ")} suffices for ${listed(passed)}` : "no recorded call asks for it";
  return { role: name, verdict: "remove", certain, because, suffice, ways };
}

/** Unless it is known that Basic is not used. */
function usesBasic({ inventory: { method }, traffic }: Judging): boolean {
  if (traffic.means.some(({ means }) => means === "basic")) return true;
  return method.status === "read" ? method.value === "basic" : traffic.means.length === 0;
}

/** What each held role brings along, as the instance says. */
function containment(held: readonly HeldRole[]): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map<string, Set<string>>();
  for (const { name, ways } of held)
    for (const { by, from } of ways) if (by === "contained" && from) (direct.get(from) ?? put(direct, from)).add(name);
  // Roles contain roles: add what is contained in what is contained, until nothing new comes.
  for (let grew = true; grew; ) {
    grew = false;
    for (const own of direct.values())
      for (const inner of [...own])
        for (const deeper of direct.get(inner) ?? []) {
          grew ||= !own.has(deeper);
          own.add(deeper);
        }
  }
  return direct;
}

function put(map: Map<string, Set<string>>, key: string): Set<string> {
  const fresh = new Set<string>();
  map.set(key, fresh);
  return fresh;
}

function heldBy(held: readonly HeldRole[], role: string): boolean {
  return held.some(({ name }) => name === role);
}

function parted<T>(items: readonly T[], fits: (item: T) => boolean): [T[], T[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

function nameOf({ table, operation, rule }: Need): string {
  return `${operation} on ${table}${rule && rule !== table ? ` (rule ${rule})` : ""}`;
}

/** "read on incident, read on problem and 3 more". */
function listed(needs: readonly Need[]): string {
  const names = [...new Set(needs.map(nameOf))];
  const rest = names.length - 3;
  return rest > 0 ? `${names.slice(0, 3).join(", ")} and ${rest} more` : names.join(", ");
}

function shown({ table, operation, rule, roles, conditional, assumed }: Need, by: string): TableVerdict {
  const known = roles === null ? null : [...new Set([...roles, ...conditional])].sort();
  return {
    table,
    operation,
    rule,
    roles: known,
    by: roles?.length === 0 && conditional.length === 0 ? "" : by,
    assumed,
  };
}
