/** Findings about how the integration signs in: Basic, mixed methods, the password grant, scopes, unused clients. */
import type { AuditFinding, Inventory, OAuthClient, Traffic } from "sysparm/environments";
import type { FindingList } from "./findings.js";
import { inboundClients, nameOf } from "./inbound.js";

const MONTH = 30 * 86_400_000;
const SCOPE = "Product documentation, REST API Auth Scope";

export function findSignIn(list: FindingList, inventory: Inventory, traffic: Traffic | null, now: number): void {
  const { method } = inventory;
  const means = new Map(traffic?.means.map(({ means: kind, calls }) => [kind, calls]));
  const isRecent = traffic?.until == null || now - traffic.until <= MONTH;
  const basic = means.get("basic") ?? 0;
  if (traffic && means.size === 0)
    list.unread("methods of sign-in in use", "the recording has no headers: record a HAR log");
  if ((basic > 0 && isRecent) || (method.status === "read" && method.value === "basic")) list.add(basicInUse(basic));
  const others = [...means].filter(([kind, calls]) => calls > 0 && kind !== "none" && kind !== "session");
  if (others.length > 1) list.add(mixed(others));
  const password = traffic?.grants.find(({ grant }) => grant === "password")?.requests ?? 0;
  if (password > 0 || (method.status === "read" && method.value === "password")) list.add(passwordGrant(password));
  const active = inboundClients(list, inventory);
  unused(list, inventory, active);
  for (const client of active) scopes(list, inventory, traffic, client);
}

function basicInUse(calls: number): AuditFinding {
  return {
    code: "auth.basic",
    severity: "medium",
    subject: "Basic",
    message:
      "Calls sign in with user name and password. Machine Identity Console reports such calls of the last 30 days.",
    evidence: [calls > 0 ? `${calls} recorded calls with Basic` : "the integration's method is Basic"],
    fix: "Move to an OAuth grant; until then keep the account to web services, which the restriction of Basic admits.",
    source: "Machine Identity Console; Basic authentication restriction (Australia)",
  };
}

function mixed(others: [kind: string, calls: number][]): AuditFinding {
  return {
    code: "auth.mixed",
    severity: "medium",
    subject: others.map(([kind]) => kind).join(" and "),
    message: "Calls prove who they are in more than one way, so that one stays open when the other is closed.",
    evidence: others.map(([kind, calls]) => `${calls} calls with ${kind}`),
    fix: "Move every call to one method, and close the other with a REST API access policy.",
    source: "Create a REST API access policy",
  };
}

function passwordGrant(requests: number): AuditFinding {
  return {
    code: "auth.password-grant",
    severity: "medium",
    subject: "password grant",
    message: "Tokens are asked for with a user's password.",
    evidence: [requests > 0 ? `${requests} requests for tokens with grant_type=password` : "the integration's method"],
    fix: "Move to client credentials or JWT bearer, then set glide.oauth.inbound.ropc.grant_type.disabled.",
    source: "Instance security hardening settings, Disable resource owner password credentials",
  };
}

/** Issued tokens show use: each request for one leaves a record until it is cleaned up after its end. */
function unused(list: FindingList, inventory: Inventory, active: readonly OAuthClient[]): void {
  const { issuedTokens } = inventory;
  const tokens = list.value("issued tokens", issuedTokens);
  if (!tokens) return;
  if (issuedTokens.status === "read" && issuedTokens.incomplete) return;
  if (tokens.some(({ clientId }) => clientId === undefined)) {
    list.unread("unused clients", "issued tokens do not say their client");
    return;
  }
  for (const client of active) {
    const { clientId, own, updatedOn } = client;
    if (own || clientId === undefined || tokens.some((token) => token.clientId === clientId)) continue;
    list.add({
      code: "client.unused",
      severity: "low",
      subject: nameOf(client),
      message: "It is active, and the instance holds no token of it.",
      evidence: [`no record of oauth_credential${updatedOn ? `; changed last ${updatedOn}` : ""}`],
      fix: "Ask its owner, then make it inactive.",
      source: "Manage OAuth tokens (expired tokens are kept for a while, then cleaned)",
    });
  }
}

function scopes(list: FindingList, inventory: Inventory, traffic: Traffic | null, client: OAuthClient): void {
  const { scopes: attached, own } = client;
  const subject = nameOf(client);
  if (attached === undefined) {
    list.unread(`scopes of ${subject}`, "oauth_entity_scope could not be read");
    return;
  }
  const isBroad = attached.includes("useraccount") || (attached.length === 0 && client.onlyScopedApis !== true);
  if (!isBroad) return;
  const linked = list.value("scopes of APIs", inventory.apiScopes)?.filter(({ active }) => active !== false) ?? [];
  const apis = (traffic?.apis ?? []).map(({ api }) => api);
  const narrow = linked.filter(({ restApi = "", scope }) => scope && apis.includes(restApi)).map(({ scope }) => scope);
  const use = narrow.length > 0 ? `the scope ${[...new Set(narrow)].join(", ")}` : "a scope for the APIs that it calls";
  list.add({
    code: "scope.useraccount",
    severity: own ? "medium" : "low",
    subject,
    message: "Its tokens carry useraccount: they open every API that the account may use.",
    evidence: [attached.length > 0 ? `scopes ${attached.join(", ")}` : "no scope is attached"],
    fix: `Attach ${use}${apis.length > 0 && own ? ` (${apis.slice(0, 5).join(", ")})` : ""}, take useraccount away, and tick "Allow access only to APIs in selected scope".`,
    source: SCOPE,
  });
}
