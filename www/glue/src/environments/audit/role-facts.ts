/**
 * What the product documentation says of roles: "Base system roles", the role pages of ITSM and CMDB, "REST API access", and KB0753132.
 * Rules that were read from the instance come first; this stands in where they could not be read.
 */

/** Who may do anything: they pass every rule that an administrator overrides. */
export const ADMINISTRATORS: ReadonlySet<string> = new Set(["admin", "security_admin", "maint"]);

/** Roles that say what kind of user it is, or that take rights away. No call asks for them, and they stay. */
export const UNTOUCHED: Readonly<Record<string, string>> = {
  snc_internal: "it marks an internal user, and pages and rules rely on it",
  snc_external: "it marks an external user",
  snc_read_only: "it takes rights away; mind that it refuses tokens, too (KB0783404)",
};

/** Lets a user sign in with Basic where the restriction of Basic is enforced. */
export const BASIC_ROLE = "snc_basic_auth_api_access";

/** Roles that other roles bring along. */
export const CONTAINED: Readonly<Record<string, readonly string[]>> = {
  itil: ["snc_platform_rest_api_access", "cmdb_read", "sn_incident_read", "sn_problem_read", "sn_change_read"],
  asset: ["cmdb_read"],
};

type Rights = readonly [read: readonly string[], write: readonly string[]];

/** Roles of which one may read a table, and of which one may change it. */
export const BASE_RULES: Readonly<Record<string, Rights>> = {
  incident: [["itil", "sn_incident_read"], ["itil"]],
  problem: [["itil", "sn_problem_read"], ["itil"]],
  change_request: [["itil", "sn_change_read"], ["itil"]],
  cmdb_ci: [
    ["itil", "asset", "cmdb_read"],
    ["itil", "asset"],
  ],
  sc_request: [
    ["itil", "catalog"],
    ["itil", "catalog"],
  ],
  sys_journal_field: [["itil"], ["admin"]],
  sys_db_object: [["personalize_dictionary"], ["admin"]],
  sys_dictionary: [["personalize_dictionary"], ["admin"]],
  sn_hr_core_case: [["sn_hr_core.case_reader", "sn_hr_core.basic"], ["sn_hr_core.case_writer"]],
  sn_hr_core_profile: [["sn_hr_core.profile_reader"], ["sn_hr_core.profile_writer"]],
  sn_customerservice_case: [["sn_customerservice_agent"], ["sn_customerservice_agent"]],
};

/** APIs that ask for a role themselves ("CMDB Instance API", "Identification and Reconciliation API"). */
export const API_ROLES: Readonly<Record<string, readonly string[]>> = {
  "CMDB Instance API": ["itil"],
  "CMDB Meta API": ["itil"],
  "Identification and Reconciliation API": ["itil", "asset"],
};

/** APIs that check nothing besides the rules of tables, or the catalog's own criteria. */
export const OPEN_APIS: ReadonlySet<string> = new Set([
  ...["Table API", "Aggregate API", "Import Set API", "Attachment API", "Batch API", "Export of a list"],
  ...["Change Management API", "Service Catalog API", "/api/now/ui/user/current_user"],
]);

/** What granting a role opens, roughly: of two roles that suffice, the lower is proposed. */
export function breadthOf(role: string): number {
  if (ADMINISTRATORS.has(role)) return 1000;
  // Administrators of something change what others rely on: user_admin grants roles.
  if (/_admin$|^admin_|\.admin$|^impersonator$/.test(role)) return 70;
  if (role === "itil") return 60;
  if (/_read(?:er)?$|_viewer$|\.(?:\w+_)?reader$/.test(role) || role === "snc_platform_rest_api_access") return 1;
  return 10;
}

/** Whether holding one role is holding the other. An administrator holds all where the rule lets administrators override it. */
export function implies(
  held: string,
  role: string,
  contained: ReadonlyMap<string, ReadonlySet<string>>,
  isOverridden: boolean,
): boolean {
  if (held === role || (isOverridden && ADMINISTRATORS.has(held))) return true;
  return contained.get(held)?.has(role) === true || CONTAINED[held]?.includes(role) === true;
}
