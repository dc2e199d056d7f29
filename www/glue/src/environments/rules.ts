/** Rules on calls: CORS and rate limits, and the access rules on tables. */
import type { Instance } from "sysparm";
import type { AccessRule, CorsRule, Fact, RateRule } from "sysparm/environments";
import { digestOf } from "./digest.js";
import { type CellTexts, lessened, mappedFact, noneShown, type Reader, readFact } from "./reader.js";
import { childrenOf, namesInAll, records } from "./sign-in.js";
import { asFlag, asNumber, asSortedList, asText, type Members } from "./values.js";

const CORS: Members = {
  name: ["name", asText],
  active: ["active", asFlag],
  restApi: ["rest_api", asText],
  domain: ["domain", asText],
  methods: ["http_methods", asSortedList],
  allowHeaders: ["allow_headers", asSortedList],
  exposeHeaders: ["expose_headers", asSortedList],
  allowCredentials: ["allow_credentials", asFlag],
  maxAge: ["max_age", asNumber],
};

/** CORS rules. */
export async function readCorsRules(reader: Reader, instance: Instance): Promise<Fact<CorsRule[]>> {
  reader.begin("CORS rules");
  return records(reader, instance, "sys_cors_rule", CORS);
}

const RATE: Members = {
  name: ["name", asText],
  active: ["active", asFlag],
  restApi: ["rest_api", asText],
  method: ["http_method", asText],
  version: ["version", asText],
  table: ["table", asText],
  limit: ["request_limit", asNumber],
  applyTo: ["apply_to", asText],
  user: ["user.user_name", asText],
  role: ["role.name", asText],
};

/** Rate limit rules. */
export async function readRateRules(reader: Reader, instance: Instance): Promise<Fact<RateRule[]>> {
  reader.begin("rate limit rules");
  return records(reader, instance, "sys_rate_limit_rules", RATE);
}

/** More rules than the tables of an integration have. */
const MOST_RULES = 5000;

/** What the platform calls the APIs whose rules ask for a role, inactive by default ("REST API access", KB0753132). */
const APIS = ["Table API", "Aggregate API", "Import Set API", "Attachment API"];

/** Active access rules on tables and their fields, on any table, and on APIs. `tables` names the classes that they extend, too. */
export async function readAccessRules(
  reader: Reader,
  instance: Instance,
  tables: readonly string[],
): Promise<Fact<AccessRule[]>> {
  if (tables.length === 0) return readFact([]);
  reader.begin("access rules");
  const query = (before: string) =>
    [
      `${before}active=true`,
      `${before}typeINrecord,REST_Endpoint`,
      [
        `${before}nameIN${[...tables, "*", ...APIS].join(",")}`,
        ...[...tables, "*"].map((table) => `${before}nameSTARTSWITH${table}.`),
      ].join("^OR"),
    ].join("^");
  const fields = [
    ...["sys_id", "name", "operation", "condition", "advanced", "script", "security_attribute"],
    ...["decision_type", "admin_overrides"],
  ];
  const asked = { table: "sys_security_acl", query: query(""), fields, most: MOST_RULES };
  const rules = await reader.list(instance, asked);
  if (rules.status === "unreadable") return rules;
  // Every instance has rules on any table.
  if (rules.value.length === 0) return noneShown("sys_security_acl");
  const roles = await reader.list(instance, {
    table: "sys_security_acl_role",
    query: query("sys_security_acl."),
    fields: ["sys_security_acl", "sys_user_role.name"],
    most: MOST_RULES,
  });
  // So is a role that some rule asks for; none at all is hidden.
  const isShown = roles.status === "read" && roles.value.length > 0;
  const rolesOf = childrenOf(isShown ? roles : noneShown("sys_security_acl_role"), "sys_security_acl");
  const isNamed = ({ name, operation }: CellTexts) => name !== undefined && operation !== undefined;
  const nameless = rules.value.some((row) => !isNamed(row));
  const whole = lessened(
    rules,
    nameless ? "sys_security_acl has rules whose name is hidden from this user" : undefined,
  );
  return mappedFact(whole, (rows) =>
    rows.flatMap((row): AccessRule[] => {
      const { sys_id: id, name, operation } = row;
      if (name === undefined || operation === undefined) return [];
      const rule: AccessRule = { name, operation };
      const own = namesInAll(rolesOf(id), "sys_user_role.name");
      if (own) rule.roles = own;
      const conditional = isConditional(row);
      if (conditional !== undefined) rule.conditional = conditional;
      const digest = conditional ? digestOfCondition(row) : undefined;
      if (digest !== undefined) rule.digest = digest;
      if (row.decision_type === "allow" || row.decision_type === "deny") rule.decision = row.decision_type;
      if (row.admin_overrides) rule.adminOverrides = row.admin_overrides === "true";
      return [rule];
    }),
  );
}

/**
 * Whether more than roles decides: a condition, a script or a security attribute ("Access Control List API"). The script counts only where
 * "Advanced" is ticked. Undefined where one of them is hidden; older releases have no security attribute.
 */
function isConditional({ condition, advanced, script, security_attribute: attribute }: CellTexts): boolean | undefined {
  if (condition || attribute) return true;
  if (advanced === "true" && script) return true;
  return condition === undefined || advanced === undefined || (advanced === "true" && script === undefined)
    ? undefined
    : false;
}

/** Of condition, script and security attribute together; undefined where one of the first two is hidden. */
function digestOfCondition({
  condition,
  advanced,
  script,
  security_attribute: attribute,
}: CellTexts): string | undefined {
  if (condition === undefined || advanced === undefined) return undefined;
  if (advanced === "true" && script === undefined) return undefined;
  const text = advanced === "true" ? `${condition}\n\n${script}` : condition;
  return digestOf(attribute ? `${text}\n\nsecurity attribute ${attribute}` : text);
}
