/** Compares clients, API keys, access policies and auth scopes. */
import type { AccessPolicy, ApiKey, ApiScope, Fact, OAuthClient, Rank } from "sysparm/environments";
import { timeOf } from "./dates.js";
import { cellOf, type Ledger, listCell, UNKNOWN } from "./ledger.js";
import { type Aspect, compareRecords, type Kind } from "./matched.js";

const REGISTRY = "in the registry record (System OAuth > Application Registry, or Machine Identity Console)";

/** A member of a client that is compared as it is. */
function ofClient(member: keyof OAuthClient, label: string, rank: Rank, why: string): Aspect<OAuthClient> {
  const cell = (client: OAuthClient) => cellOf(client[member] as string | number | boolean | null | undefined);
  return { label, rank, why, fix: `Set ${label} to the same value ${REGISTRY}.`, cell };
}

const CLIENT: readonly Aspect<OAuthClient>[] = [
  ofClient("type", "type", "sign-in", "Each type of client takes other grants."),
  {
    ...ofClient(
      "user",
      "OAuth Application User",
      "sign-in",
      "Without one, client credentials get no token, or one that reaches nothing.",
    ),
    fix: `Choose the account of the integration as OAuth Application User ${REGISTRY}.`,
    // The names of the accounts may differ; the accounts themselves are compared.
    cell: ({ user }) => (user === undefined ? UNKNOWN : { shown: user || "empty", same: user ? "set" : "empty" }),
  },
  ofClient("inboundGrantType", "grant", "sign-in", "Other grants than this are refused."),
  ofClient("defaultGrantType", "default grant", "sign-in", "It is the grant that the record is set up for."),
  ofClient(
    "publicClient",
    "public client",
    "sign-in",
    "A public client signs in by PKCE and without a secret, others with one.",
  ),
  {
    label: "redirect addresses",
    rank: "sign-in",
    why: "A person is sent back only to an address that is registered. They differ rightly where the application has one for each environment.",
    fix: `Register the application's address ${REGISTRY}.`,
    cell: ({ redirectUrls }) => listCell(redirectUrls),
  },
  ofClient(
    "userField",
    "user field",
    "sign-in",
    "The subject of an assertion is looked for in this field of the account.",
  ),
  ofClient("clockSkew", "clock skew", "sign-in", "Assertions are refused whose clock is off by more seconds."),
  ofClient("verifiesJti", "JTI verification", "sign-in", "With it an assertion works once only."),
  {
    label: "profiles",
    rank: "sign-in",
    why: "A profile names the grant; access policies list profiles.",
    fix: "Give the record the same OAuth Entity Profiles.",
    cell: ({ profiles }) =>
      profiles?.some(({ grantType, default: isDefault }) => grantType === undefined || isDefault === undefined)
        ? UNKNOWN
        : listCell(
            profiles?.map((profile) => (profile.grantType || "any grant") + (profile.default ? " (default)" : "")),
          ),
  },
  {
    label: "auth scopes",
    rank: "requests",
    why: "APIs that ask for a scope answer 403 to tokens of a client without it.",
    fix: `Attach the same auth scopes ${REGISTRY}.`,
    cell: ({ scopes }) => listCell(scopes),
  },
  ofClient(
    "onlyScopedApis",
    "access only to APIs in its scopes",
    "requests",
    "With it, tokens are refused by all other APIs.",
  ),
  ofClient(
    "enforceTokenRestrictions",
    "enforced token restrictions",
    "requests",
    "With it, tokens work only on APIs whose policy lists the client's profile.",
  ),
  ofClient("subjectClaim", "subject claim", "data", "The claim sub of its tokens holds this field of the account."),
  ofClient("accessTokenLifespan", "access token lifespan", "limits", "Seconds until a token has to be renewed."),
  ofClient(
    "refreshTokenLifespan",
    "refresh token lifespan",
    "limits",
    "Seconds until a person has to sign in again: using a refresh token does not extend it.",
  ),
  ofClient("authCodeLifespan", "authorization code lifespan", "limits", "Seconds in which a code has to be exchanged."),
  ofClient("clientType", "client type", "limits", "It decides after how many idle minutes a session ends."),
  ofClient("tokenFormat", "token format", "cosmetic", "Tokens in JWT form are longer, and can be read."),
];

export function compareClients(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ clients }) => clients);
  // Where it is known which client each environment's integration has, that one corresponds, whatever its name.
  const hasOwn = ledger.inventories.every(
    ({ clientId, clients }) => clients.status === "unreadable" || clientId !== undefined,
  );
  const kind: Kind<OAuthClient> = {
    part: "clients",
    noun: "client",
    nouns: "clients",
    title: ({ name, clientId }) => name || clientId || "without a name",
    keys: hasOwn
      ? [({ own }) => (own ? "own" : ""), ({ own, name }) => (own ? "" : (name ?? ""))]
      : [({ name }) => name ?? ""],
    presence: {
      rank: "sign-in",
      why: "The instance gives no token to a client that is missing or inactive.",
      fix: "Register the client, or activate it (System OAuth > Application Registry, or Machine Identity Console).",
    },
    state: ({ active }) => stateOf(active),
    aspects: CLIENT,
    atMost: (clients) => (hasOwn && !clients.some(({ own }) => own) ? "cosmetic" : undefined),
  };
  compareRecords(ledger, facts, kind);
  const isFound = facts.some((fact) => fact.status === "read" && fact.value.some(({ own }) => own));
  for (const { name, clientId, clients } of ledger.inventories) {
    if (isFound || clientId === undefined || clients.status === "unreadable" || clients.incomplete) continue;
    ledger.unknown("clients", "client of the integration", name, `no registry record has the client id ${clientId}`);
  }
}

export function compareApiKeys(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ apiKeys }) => apiKeys);
  const uses = ledger.inventories.some(({ method }) => method.status === "unreadable" || method.value === "api_key");
  compareRecords<ApiKey>(ledger, facts, {
    part: "apiKeys",
    noun: "API key",
    nouns: "API keys",
    title: ({ name }) => name || "without a name",
    keys: [({ name }) => name ?? ""],
    presence: {
      rank: uses ? "sign-in" : "cosmetic",
      why: "A key that is missing, inactive or expired is refused with 401.",
      fix: "Create or renew the key under System Web Services > API Access Policies > REST API Key.",
    },
    state: ({ active, expires }, index) => {
      if (active === undefined || expires === undefined) return undefined;
      const end = timeOf(expires);
      const isOver = end !== null && end < (ledger.inventories[index]?.readAt ?? 0);
      return active && isOver ? "expired" : stateOf(active);
    },
    aspects: [
      {
        label: "user",
        rank: "requests",
        why: "Calls have the rights of this account.",
        fix: "Give the key the account of the integration.",
        cell: ({ user }) => cellOf(user),
      },
      {
        label: "auth scope",
        rank: "requests",
        why: "A key with a scope reaches only the APIs in it.",
        fix: "Give the key the same auth scope.",
        cell: ({ scope }) => cellOf(scope),
      },
      {
        label: "expiry",
        rank: "limits",
        why: "One key ends some day, another does not.",
        fix: "Give both an expiry, and note when they are renewed.",
        cell: ({ expires }) =>
          expires === undefined ? UNKNOWN : { shown: expires || "never", same: expires ? "some day" : "never" },
      },
    ],
  });
}

export function comparePolicies(ledger: Ledger): void {
  const facts: Fact<AccessPolicy[]>[] = ledger.inventories.map(({ policies }) => policies);
  const of = (member: Exclude<keyof AccessPolicy, "active" | "accepts">, label: string): Aspect<AccessPolicy> => ({
    label,
    rank: "sign-in",
    why: "The policy holds for other requests, which it refuses with 401 if they sign in in another way.",
    fix: `Set ${label} to the same value in the policy (System Web Services > API Access Policies).`,
    cell: (policy) => cellOf(policy[member]),
  });
  compareRecords<AccessPolicy>(ledger, facts, {
    part: "policies",
    noun: "access policy",
    nouns: "access policies",
    title: ({ name }) => name || "without a name",
    keys: [
      ({ name }) => name ?? "",
      ({ restApi, method, version, resource, table }) => [restApi, method, version, resource, table].join(" | "),
    ],
    presence: {
      rank: "sign-in",
      why: "An active policy refuses, with 401, every way of signing in that it does not list. An API key needs one that lists it.",
      fix: "Create or activate the policy, or take it away (System Web Services > API Access Policies).",
    },
    state: ({ active }) => stateOf(active),
    aspects: [
      {
        label: "accepted ways of signing in",
        rank: "sign-in",
        why: "The policy refuses, with 401, what it does not list.",
        fix: "Add the authentication profile of the integration to the policy.",
        cell: ({ accepts }) => listCell(accepts),
      },
      of("restApi", "REST API"),
      of("method", "HTTP method"),
      of("version", "version"),
      of("resource", "resource"),
      of("table", "table"),
      { ...of("name", "name"), rank: "cosmetic", why: "It is only a name." },
    ],
  });
}

export function compareApiScopes(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ apiScopes }) => apiScopes);
  const key = ({ scope, restApi, method, version }: ApiScope) =>
    [restApi || "all APIs", method, version, `asks for ${scope || "a scope"}`].filter(Boolean).join(" ");
  compareRecords<ApiScope>(ledger, facts, {
    part: "apiScopes",
    noun: "auth scope:",
    nouns: "auth scopes",
    title: key,
    keys: [key],
    presence: {
      rank: "requests",
      why: "An API that asks for a scope answers 403 to tokens of clients that do not have it.",
      fix: "Attach the scope to the client, or take the record of REST API Auth Scopes away.",
    },
    state: ({ active }) => stateOf(active),
    aspects: [],
  });
}

/** The state of a record that is active or not. */
export function stateOf(active: boolean | undefined): string | undefined {
  if (active === undefined) return undefined;
  return active ? "active" : "inactive";
}
