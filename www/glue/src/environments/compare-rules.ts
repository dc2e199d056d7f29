/** Compares CORS rules, rate limit rules, and access rules on tables. */
import type { AccessRule, CorsRule, Inventory, Rank, RateRule } from "sysparm/environments";
import { stateOf } from "./compare-sign-in.js";
import { caselessCell, cellOf, type Ledger, UNKNOWN, type ValueCell } from "./ledger.js";
import { type Aspect, compareRecords } from "./matched.js";

export function compareCorsRules(ledger: Ledger): void {
  const aspect = (label: string, rank: Rank, why: string, cell: Aspect<CorsRule>["cell"]): Aspect<CorsRule> => {
    return {
      label,
      rank,
      why,
      fix: `Set ${label} to the same value in the rule (System Web Services > REST > CORS Rules).`,
      cell,
    };
  };
  const refused = "Requests of pages that the rule does not allow fail before they are sent.";
  compareRecords<CorsRule>(
    ledger,
    ledger.inventories.map(({ corsRules }) => corsRules),
    {
      part: "corsRules",
      noun: "CORS rule",
      nouns: "CORS rules",
      title: ({ name, domain, restApi }) => `${name || domain || "without a name"} (${restApi || "all APIs"})`,
      keys: [({ name }) => name ?? "", ({ domain, restApi }) => (domain ? `${domain} ${restApi}` : "")],
      presence: {
        rank: "requests",
        why: "A page of another origin reaches an API only by an active rule.",
        fix: "Create or activate the rule (System Web Services > REST > CORS Rules).",
      },
      state: ({ active }) => stateOf(active),
      aspects: [
        aspect(
          "domain",
          "requests",
          `${refused} It differs rightly where the page has an address for each environment.`,
          ({ domain }) => cellOf(domain),
        ),
        aspect("REST API", "requests", refused, ({ restApi }) => cellOf(restApi)),
        aspect("HTTP methods", "requests", refused, ({ methods }) => caselessCell(methods)),
        aspect("Access-Control-Allow-Headers", "requests", refused, ({ allowHeaders }) => caselessCell(allowHeaders)),
        aspect("Access-Control-Allow-Credentials", "requests", refused, ({ allowCredentials }) =>
          cellOf(allowCredentials),
        ),
        aspect(
          "Access-Control-Expose-Headers",
          "data",
          "A page reads counts, links and limits only from headers that are exposed.",
          ({ exposeHeaders }) => caselessCell(exposeHeaders),
        ),
        aspect("max age", "limits", "With 0 seconds every request is preceded by another one.", ({ maxAge }) =>
          cellOf(maxAge === null ? 0 : maxAge),
        ),
        aspect("name", "cosmetic", "It is only a name.", ({ name }) => cellOf(name)),
      ],
    },
  );
}

export function compareRateRules(ledger: Ledger): void {
  const aspect = (
    member: Exclude<keyof RateRule, "active">,
    label: string,
    why = "The rule counts other requests.",
  ): Aspect<RateRule> => {
    const fix = `Set ${label} to the same value in the rule (System Web Services > REST > Rate Limit Rules).`;
    return { label, rank: "limits", why, fix, cell: (rule) => cellOf(rule[member]) };
  };
  compareRecords<RateRule>(
    ledger,
    ledger.inventories.map(({ rateRules }) => rateRules),
    {
      part: "rateRules",
      noun: "rate limit rule",
      nouns: "rate limit rules",
      title: ({ name }) => name || "without a name",
      keys: [
        ({ name }) => name ?? "",
        ({ restApi, method, version, table, applyTo, user, role }) =>
          [restApi, method, version, table, applyTo, user, role].join(" | "),
      ],
      presence: {
        rank: "limits",
        why: "A rule refuses requests with 429 once its hourly limit is reached.",
        fix: "Ask for the same limits everywhere, or pace the integration by the lowest.",
      },
      state: ({ active }) => stateOf(active),
      aspects: [
        aspect("limit", "requests an hour", "Requests beyond it get 429 until the hour is over."),
        aspect("restApi", "REST API"),
        aspect("method", "HTTP method"),
        aspect("version", "version"),
        aspect("table", "table"),
        aspect("applyTo", "to whom it applies"),
        aspect("user", "user"),
        aspect("role", "role"),
        { ...aspect("name", "name", "It is only a name."), rank: "cosmetic" },
      ],
    },
  );
}

/** Access rules by table or field and operation: several rules of one name are alternatives. */
export function compareAccessRules(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ accessRules }) => accessRules);
  ledger.examine("accessRules", "access rules", facts);
  const byKey = facts.map((fact) => {
    const rules = new Map<string, AccessRule[]>();
    for (const rule of fact.status === "read" ? fact.value : []) {
      const key = `${rule.operation} ${rule.name}`;
      rules.set(key, [...(rules.get(key) ?? []), rule]);
    }
    return rules;
  });
  for (const key of [...new Set(byKey.flatMap((rules) => [...rules.keys()]))].sort()) {
    const name = key.slice(key.indexOf(" ") + 1);
    if (isMissingSomewhere(ledger, name)) continue;
    const isUndecided = undecidedAmong(byKey.flatMap((rules) => rules.get(key) ?? []));
    const cells = byKey.map((rules, index): ValueCell => {
      const fact = facts[index];
      const found = rules.get(key);
      if (!isCovered(ledger.inventories[index], name)) return UNKNOWN;
      if (!found) return fact?.status === "read" && !fact.incomplete ? { shown: "absent" } : UNKNOWN;
      if (fact?.status === "read" && fact.incomplete) return UNKNOWN;
      if (found.some((rule) => rule.roles === undefined || isHidden(rule) || isUndecided(rule))) return UNKNOWN;
      return { shown: [...new Set(found.map(shownRule))].sort().join("; or ") };
    });
    const compared = {
      part: "accessRules" as const,
      what: `access rule: ${key}`,
      rank: "requests" as const,
      why: "With the same roles, one environment grants what the other refuses or hides.",
      fix: "Make the rule ask for the same roles (System Security > Access Control), or give the account a role that passes everywhere.",
    };
    ledger.compare(compared, cells);
    facts.forEach((fact, index) => {
      if (fact.status !== "read" || fact.incomplete) return;
      const environment = ledger.inventories[index]?.name ?? "";
      const found = byKey[index]?.get(key) ?? [];
      if (found.some(({ roles }) => !roles))
        ledger.unknown("accessRules", "roles of access rules", environment, "sys_security_acl_role was not read whole");
      if (found.some(isHidden))
        ledger.unknown("accessRules", "conditions of access rules", environment, "a condition or a script is hidden");
      if (found.some(isUndecided)) ledger.unknown("accessRules", "kinds of access rules", environment, NO_KIND);
    });
  }
}

const NO_KIND = "decision_type or admin_overrides is hidden, or this release does not have it";

function shownRule({ roles = [], digest, decision, adminOverrides }: AccessRule): string {
  return [
    `${decision === "deny" ? "always " : ""}${roles.join(" or ") || "no role"}`,
    digest && `under a condition or script (digest ${digest})`,
    adminOverrides === false && "administrators too",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Whether the kind of a rule is hidden, and may differ: another rule always asks, or asks administrators, too. */
function undecidedAmong(rules: readonly AccessRule[]): (rule: AccessRule) => boolean {
  const someDenies = rules.some(({ decision }) => decision === "deny");
  const someBind = rules.some(({ adminOverrides }) => adminOverrides === false);
  return ({ decision, adminOverrides }) =>
    (someDenies && decision === undefined) || (someBind && adminOverrides === undefined);
}

/** Whether it is not known what decides besides the roles. */
function isHidden({ conditional, digest }: AccessRule): boolean {
  return conditional === undefined || (conditional && digest === undefined);
}

/** A table or field that an environment lacks has no rule there: its lack is the difference. So is another class that the table extends. */
function isMissingSomewhere(ledger: Ledger, name: string): boolean {
  const [table = "", field] = name.split(".");
  return ledger.inventories.some(({ tables }) =>
    Object.entries(tables).some(([used, fact]) => {
      const isAbove = used !== table && ledger.inventories.some((inventory) => isExtended(inventory, used, table));
      if (fact.status !== "read" || (used !== table && !isAbove)) return false;
      const { absent, extends: above, fields } = fact.value;
      if (absent || (isAbove && !above.includes(table))) return true;
      return field !== undefined && Object.hasOwn(fields, field) && fields[field] === null;
    }),
  );
}

/** Whether an inventory asked for the rules of a table: of those used and those that they extend. */
function isCovered(inventory: Inventory | undefined, name: string): boolean {
  const [table = ""] = name.split(".");
  if (!inventory) return false;
  const used = Object.keys(inventory.tables);
  // Rules on any table, and on APIs, are asked for with those of any table.
  if (table === "*" || table.includes(" ")) return used.length > 0;
  return used.includes(table) || used.some((one) => isExtended(inventory, one, table));
}

function isExtended({ tables }: Inventory, used: string, table: string): boolean {
  const fact = tables[used];
  return fact?.status === "read" && fact.value.extends.includes(table);
}
