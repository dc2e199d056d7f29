/** Limits: rules of the instance that apply to the account, and what the platform does everywhere. */
import type { AccessPolicy, Inventory, RateRule, RunbookBlock, RunbookSection } from "sysparm/environments";
import { factInWords, ownAccount } from "./facts.js";

/** KB0727636, KB0817506, KB0564204, "Default quota rules", "Inbound REST API rate limiting". */
const EVERYWHERE = [
  "A request that takes more than 60 seconds is cancelled, and may answer 200 with a body that is cut.",
  "An address with its headers is cut at about 8 KB: long queries go by the Batch API.",
  "A list holds 10,000 rows unless sysparm_limit says otherwise. Rows that access rules hide are missing from a page that was counted in full.",
  "REST requests share a small pool of threads of each node (API_INT): send few at a time. 429 without X-RateLimit headers means that its queue is full.",
  "429 with X-RateLimit headers is a rule: wait as long as Retry-After says.",
];

export function limitSection(inventory: Inventory): RunbookSection {
  const { rateRules, policies } = inventory;
  const blocks: RunbookBlock[] = [];
  if (rateRules.status === "unreadable" || rateRules.incomplete)
    blocks.push({ kind: "text", text: `Rate limit rules: ${factInWords(rateRules, () => "some are listed")}.` });
  const rules = rateRules.status === "read" ? rateRules.value.filter((rule) => applies(rule, inventory)) : [];
  if (rules.length > 0) {
    const rows = rules.map((rule) => [rule.name ?? "", targetOf(rule), `${rule.limit ?? "?"} an hour`, whoOf(rule)]);
    blocks.push({ kind: "table", head: ["Rate limit rule", "For", "Requests", "Of"], rows });
  } else if (rateRules.status === "read" && !rateRules.incomplete)
    blocks.push({ kind: "text", text: "No rate limit rule applies to this account." });
  if (policies.status === "unreadable" || policies.incomplete)
    blocks.push({ kind: "text", text: `API access policies: ${factInWords(policies, () => "some are listed")}.` });
  const active = policies.status === "read" ? policies.value.filter((policy) => policy.active !== false) : [];
  if (active.length > 0) {
    const rows = active.map((policy) => [
      policy.name ?? "",
      targetOf(policy),
      policy.accepts?.join(", ") ?? "not read",
    ]);
    blocks.push({ kind: "table", head: ["API access policy", "For", "Accepts"], rows });
  }
  blocks.push({ kind: "list", ordered: false, items: EVERYWHERE });
  return { title: "Limits", blocks };
}

function applies(rule: RateRule, inventory: Inventory): boolean {
  if (rule.active === false) return false;
  const user = ownAccount(inventory)?.userName;
  const { roles } = inventory;
  // What cannot be judged is listed.
  if (rule.applyTo === "user") return user === undefined || rule.user === undefined || rule.user === user;
  if (rule.applyTo !== "role" || roles.status === "unreadable" || roles.incomplete || rule.role === undefined)
    return true;
  return roles.value.some(({ name }) => name === rule.role);
}

function targetOf({ restApi, method, version, resource, table }: RateRule & Pick<AccessPolicy, "resource">): string {
  const parts = [restApi || "every API", method, version, resource, table].filter((part) => part);
  return parts.join(" ");
}

function whoOf({ applyTo, user, role }: RateRule): string {
  if (applyTo === "user") return `user ${user ?? "?"}`;
  // Counted for each user and node ("Inbound REST API rate limiting").
  return applyTo === "role" ? `each user with role ${role ?? "?"}` : "each user";
}
