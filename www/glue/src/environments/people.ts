/** The account that calls are made as, its roles, and the other accounts of integrations. */
import type { Instance } from "sysparm";
import type { Account, Fact, HeldRole, Release, RoleWay } from "sysparm/environments";
import {
  type CellTexts,
  knownOf,
  lessened,
  mappedFact,
  noneShown,
  partialFact,
  type Reader,
  readFact,
  unreadableFact,
} from "./reader.js";
import { isOlderThan } from "./releases.js";
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

/** Whether an encoded query holds a name as it is: ^ ends a condition, and a script is run. */
function isPlain(name: string): boolean {
  return !/\^|^javascript:/i.test(name);
}

/** The same within a list of names. */
function isListed(name: string): boolean {
  return isPlain(name) && !name.includes(",");
}

const NOT_ASKED = "a query cannot hold ^, javascript: at the beginning, or a comma in a list";

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
  if (!isPlain(name.value)) return unreadableFact(`the user name ${name.value} was not asked for; ${NOT_ASKED}`);
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
  release: Fact<Release>,
): Promise<Fact<Account[]>> {
  reader.begin("accounts");
  const asked = names.filter(isListed);
  const own = asked.length > 0 ? `^ORuser_nameIN${asked.join(",")}` : "";
  const ask = (query: string) => reader.list(instance, { table: "sys_user", query, fields: FIELDS });
  const some = await ask(`web_service_access_only=true^ORinternal_integration_user=true${own}`);
  if (some.status === "unreadable") return some;
  const family = release.status === "read" ? release.value.family : undefined;
  // Before Zurich there is no `identity_type`.
  const machines = isOlderThan("Z", family) ? readFact([]) : await ask("identity_type=machine");
  const found = new Map<string, CellTexts>();
  const marked = knownOf(machines).filter((row) => row.identity_type === "machine");
  for (const row of [...some.value, ...marked]) if (row.user_name) found.set(row.user_name, row);
  const left = names.length - asked.length;
  const rows = [...some.value, ...knownOf(machines)];
  const reasons = [
    left > 0 ? `${left} user names were not asked for; ${NOT_ASKED}` : undefined,
    machines.status === "unreadable" ? machines.because : machines.incomplete,
    // An instance answers without a condition on a field that it does not have.
    knownOf(machines).some((row) => row.identity_type === undefined)
      ? "sys_user does not show identity_type to this user, or this release does not have it"
      : undefined,
    rows.some((row) => !row.user_name) ? "sys_user has accounts whose user name is hidden from this user" : undefined,
  ];
  const fact = lessened(some, reasons.find(Boolean));
  return mappedFact(fact, () => [...found.values()].map((row) => membersOf<Account>(row, ACCOUNT)));
}

/** Roles contain roles no deeper, and a circle must end. */
const DEEPEST = 10;

/** The roles of an account, each with every way in which it has it. */
export async function readRoles(reader: Reader, instance: Instance, name: Fact<string>): Promise<Fact<HeldRole[]>> {
  if (name.status === "unreadable") return name;
  if (!isPlain(name.value)) return unreadableFact(`the user name ${name.value} was not asked for; ${NOT_ASKED}`);
  reader.begin("roles");
  const rows = await reader.list(instance, {
    table: "sys_user_has_role",
    query: `user.user_name=${name.value}^state=active`,
    fields: ["role.name", "inherited", "granted_by.name", "included_in_role.name"],
  });
  if (rows.status === "unreadable") return rows;
  // A list without rows is no proof: only who sees the roles of others would see these, too.
  if (rows.value.length === 0 && !(await seesOthers(reader, instance, name.value)))
    return noneShown("sys_user_has_role");
  const held = new Map<string, RoleWay[]>();
  for (const row of rows.value) add(held, row["role.name"], wayOf(row));
  const isHidden = rows.value.some((row) => !row["role.name"] || row.inherited === undefined);
  let incomplete =
    rows.incomplete ?? (isHidden ? "sys_user_has_role hides names or origins of roles from this user" : undefined);
  const left = () => [...held.keys()].filter((role) => !isListed(role)).length;
  let asked = [...held.keys()].filter(isListed);
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
      if (!from || !role) incomplete ??= "sys_user_role_contains hides names of roles from this user";
      if (from !== undefined && held.has(from)) add(held, role, { by: "contained", from });
    }
    asked = [...held.keys()].filter((role) => isListed(role) && !before.has(role));
  }
  if (left() > 0) incomplete ??= `roles contained in ${left()} names of roles were not asked for; ${NOT_ASKED}`;
  const roles = [...held].map(([role, ways]) => ({ name: role, ways: ways.sort(byWay) }));
  roles.sort((one, other) => compareTexts(one.name, other.name));
  return incomplete ? partialFact(roles, incomplete) : readFact(roles);
}

/** Whether the reader sees a role of someone who is neither the account nor the reader. */
async function seesOthers(reader: Reader, instance: Instance, name: string): Promise<boolean> {
  const query = `user.user_name!=${name}^user!=javascript:gs.getUserID()^state=active`;
  const asked = { table: "sys_user_has_role", query, fields: ["user.user_name"], most: 2 };
  return knownOf(await reader.list(instance, asked)).some(
    (row) => row["user.user_name"] && row["user.user_name"] !== name,
  );
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
