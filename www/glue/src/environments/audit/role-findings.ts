/** Findings about the account's roles. */
import type { AuditFinding, Inventory, RoleProposal, RoleVerdict, Traffic } from "sysparm/environments";
import type { FindingList } from "./findings.js";
import { ADMINISTRATORS } from "./role-facts.js";

const LEAST = "Product documentation, Base system roles; KB0564204 (one user for each integration)";

export function findRoles(
  list: FindingList,
  inventory: Inventory,
  traffic: Traffic | null,
  proposal: RoleProposal | null,
): void {
  const held = list.value("roles", inventory.roles) ?? [];
  if (!traffic || traffic.calls === 0) list.unread("needed roles", "no calls were recorded");
  for (const { name } of held.filter((role) => ADMINISTRATORS.has(role.name)))
    if (!proposal) list.add(administrator(name, "held", "Record the integration's calls, and audit again with them."));
  for (const one of proposal?.roles ?? []) if (one.verdict === "remove") list.add(removable(one, proposal));
  for (const { role, verdict, because } of proposal?.roles ?? [])
    if (verdict === "keep" && ADMINISTRATORS.has(role))
      list.add(
        administrator(role, because, "Move what asks for it to another account, or to a scripted API of its own."),
      );
  for (const { table, operations } of traffic?.tables ?? [])
    for (const [operation, { calls, refused }] of Object.entries(operations))
      if (refused > 0) list.add(refusal(table, operation, calls, refused));
}

function administrator(role: string, evidence: string, fix: string): AuditFinding {
  return {
    code: "roles.admin",
    severity: "high",
    subject: role,
    message: `The account holds ${role}: who has its credential can do anything${role === "admin" ? ", and a JWT bearer grant refuses it" : ""}.`,
    evidence: [evidence],
    fix,
    source: 'Product documentation, Base system roles; JWT grant text "Grant access token to admin is not allowed"',
  };
}

function removable(
  { role, certain, because, suffice, ways }: RoleVerdict,
  proposal: RoleProposal | null,
): AuditFinding {
  const isAdministrator = ADMINISTRATORS.has(role);
  const instead = (proposal?.add ?? []).map((one) => one.role).filter((one) => suffice.includes(one));
  const isNarrowed = suffice.length > 0;
  const groups = ways.filter(({ by }) => by === "group").map(({ from }) => from);
  const from = groups.length > 0 ? ` (held through the group ${groups.join(", ")}: take the account out of it)` : "";
  const grant = isNarrowed && instead.length > 0 ? `Grant ${instead.join(", ")} first, then remove` : "Remove";
  const doubt = certain ? "" : " Not certain: see the doubts of the proposal, and try it on a test instance.";
  return {
    code: isAdministrator ? "roles.admin" : isNarrowed ? "roles.too-broad" : "roles.unneeded",
    severity: isAdministrator ? "high" : certain ? "medium" : "low",
    subject: role,
    message: isNarrowed ? `${role} is broader than the calls need.` : `No recorded call needs ${role}.`,
    evidence: [because],
    fix: `${grant} ${role}${from}.${doubt}`,
    source: LEAST,
  };
}

function refusal(table: string, operation: string, calls: number, refused: number): AuditFinding {
  return {
    code: "roles.refused",
    severity: "info",
    subject: `${operation} on ${table}`,
    message: `The instance refused ${refused} of ${calls + refused} calls to ${operation} ${table}.`,
    evidence: [`${refused} calls with status 403`],
    fix: "Stop making these calls, or grant the role that the table's access rule asks for.",
    source: "Table API, status codes",
  };
}
