/** The account that calls are made as, its roles, and the other accounts of integrations. */
import type { Instance } from "sysparm";
import type { Account, Fact, HeldRole, RoleWay } from "sysparm/environments";
import { type CellTexts, knownOf, mappedFact, partialFact, type Reader, readFact, unreadableFact } from "./reader.js";
import { asFlag, asText, fieldsOf, type Members, membersOf } from "./values.js";

const ACCOUNT: Members = {
  userName: ["user_name", asText],
  active: ["active", asFlag],
  lockedOut: ["locked_out", asFlag],
  passwordNeedsReset: ["password_needs_reset", asFlag],
  webServiceAccessOnly: ["web_service_access_only", asFlag],
  internalIntegrationUser: ["internal_integration_user", asFlag],
  identityType: ["identity_type", asText],
  timeZone: ["time_zone", asText],
  dateFormat: ["date_format", asText],
  language: ["preferred_language", asText],
  lastLogin: ["last_login_time", asText],
};
const FIELDS = fieldsOf(ACCOUNT);

/** The user name of who is signed in, by the way that the product documentation gives; guarded script allows the function. */
export async function readOwnName(reader: Reader, instance: Instance): Promise<Fact<string>> {
  reader.begin("account");
  const query = "sys_id=javascript:gs.getUserID()";
  const rows = await reader.list(instance, { table: "sys_user", query, fields: ["user_name"], most: 2 });
  if (rows.status === "unreadable") return rows;
  const [one, ...others] = rows.value;
  // An instance that drops the condition would answer with any user.
  if (one?.user_name === undefined || others.length > 0)
    return unreadableFact("the instance does not say who is signed in; give the option `user`");
  return readFact(one.user_name);
}

/** One account. */
export async function readAccount(reader: Reader, instance: Instance, name: Fact<string>): Promise<Fact<Account>> {
  if (name.status === "unreadable") return name;
  reader.begin("account");
  const query = `user_name=${name.value}`;
  const rows = await reader.list(instance, { table: "sys_user", query, fields: FIELDS, most: 2 });
  if (rows.status === "unreadable") return rows;
  const [record] = rows.value.filter((row) => row.user_name === name.value);
  if (!record) return unreadableFact(`sys_user shows no account ${name.value} to this user`);
  return readFact(membersOf<Account>(record, ACCOUNT));
}

/** Accounts of integrations: those named, those for web services only, and those that the instance calls machines. */
export async function readAccounts(
  reader: Reader,
  instance: Instance,
  names: readonly string[],
): Promise<Fact<Account[]>> {
  reader.begin("accounts");
  const own = names.length > 0 ? `^ORuser_nameIN${names.join(",")}` : "";
  const ask = (query: string) => reader.list(instance, { table: "sys_user", query, fields: FIELDS });
  const some = await ask(`web_service_access_only=true^ORinternal_integration_user=true${own}`);
  if (some.status === "unreadable") return some;
  // Before Zurich there is no such field. Then the instance refuses the query, or answers without the condition.
  const machines = knownOf(await ask("identity_type=machine")).filter((row) => row.identity_type === "machine");
  const found = new Map<string, CellTexts>();
  for (const row of [...some.value, ...machines]) if (row.user_name) found.set(row.user_name, row);
  return mappedFact(some, () => [...found.values()].map((row) => membersOf<Account>(row, ACCOUNT)));
}

/** Roles contain roles no deeper, and a circle must end. */
const DEEPEST = 10;

/** The roles of an account, each with every way in which it has it. */
export async function readRoles(reader: Reader, instance: Instance, name: Fact<string>): Promise<Fact<HeldRole[]>> {
  if (name.status === "unreadable") return name;
  reader.begin("roles");
  const rows = await reader.list(instance, {
    table: "sys_user_has_role",
    query: `user.user_name=${name.value}^state=active`,
    fields: ["role.name", "inherited", "granted_by.name", "included_in_role.name"],
  });
  if (rows.status === "unreadable") return rows;
  const held = new Map<string, RoleWay[]>();
  for (const row of rows.value) add(held, row["role.name"], wayOf(row));
  let incomplete = rows.incomplete;
  let asked = [...held.keys()];
  for (let depth = 0; depth < DEEPEST && asked.length > 0; depth += 1) {
    const contained = await reader.list(instance, {
      table: "sys_user_role_contains",
      query: `role.nameIN${asked.join(",")}`,
      fields: ["role.name", "contains.name"],
    });
    if (contained.status === "unreadable") incomplete ??= contained.because;
    else incomplete ??= contained.incomplete;
    const before = new Set(held.keys());
    for (const row of knownOf(contained)) {
      const { "role.name": from, "contains.name": role } = row;
      if (from !== undefined && held.has(from)) add(held, role, { by: "contained", from });
    }
    asked = [...held.keys()].filter((role) => !before.has(role));
  }
  const roles = [...held].map(([role, ways]) => ({ name: role, ways: ways.sort(byWay) }));
  roles.sort((one, other) => compareTexts(one.name, other.name));
  return incomplete ? partialFact(roles, incomplete) : readFact(roles);
}

function wayOf(row: CellTexts): RoleWay {
  const { "granted_by.name": group, "included_in_role.name": role } = row;
  if (role) return { by: "contained", from: role };
  if (group) return { by: "group", from: group };
  return row.inherited === "true" ? { by: "contained", from: "" } : { by: "direct", from: "" };
}

function add(held: Map<string, RoleWay[]>, role: string | undefined, way: RoleWay): void {
  if (!role) return;
  const ways = held.get(role) ?? [];
  held.set(role, ways);
  if (!ways.some(({ by, from }) => by === way.by && from === way.from)) ways.push(way);
}

function byWay(one: RoleWay, other: RoleWay): number {
  return compareTexts(one.by + one.from, other.by + other.from);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
