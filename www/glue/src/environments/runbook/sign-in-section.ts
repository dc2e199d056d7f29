/** As whom, with which grant, with which credential, and how it is renewed. */
import type {
  ApiKey,
  AuthMethod,
  HeldRole,
  Inventory,
  RunbookBlock,
  RunbookGiven,
  RunbookSection,
} from "sysparm/environments";
import { isGrant } from "../grants.js";
import { isGranted } from "../held-roles.js";
import {
  duration,
  factInWords,
  factTable,
  type Lines,
  minuteOf,
  ownAccount,
  ownClient,
  TO_FILL_IN,
  yesNo,
} from "./facts.js";
import type { IntegrationTexts } from "./failure-section.js";
import { METHODS_IN_WORDS } from "./methods.js";

const WITH_REFRESH: ReadonlySet<AuthMethod> = new Set(["authorization_code", "password", "refresh_token"]);

export function signInSection(inventory: Inventory, { clientId }: RunbookGiven): RunbookSection {
  const { method } = inventory;
  const lines: Lines = [
    ["Sign-in", factInWords(method, (value) => METHODS_IN_WORDS[value].name)],
    ...(method.status === "unreadable" || isGrant(method.value) ? ofClient(inventory, clientId) : []),
    ...ofAccount(inventory),
  ];
  return { title: "As whom, and with which grant", blocks: [factTable(lines)] };
}

function ofClient(inventory: Inventory, given: string | undefined): Lines {
  const { clients, method } = inventory;
  const client = ownClient(inventory);
  if (!client) {
    const why = factInWords(clients, () => "none of the registry records is this integration's");
    return [
      ["Client", why],
      ["Client id", given],
    ];
  }
  const kind = method.status === "read" ? method.value : undefined;
  const isCode = kind === "authorization_code";
  const isJwt = kind === "jwt_bearer";
  return [
    ["Client", client.name],
    ["Client id", client.clientId],
    ["Client active", yesNo(client.active)],
    ["Public client", isCode ? yesNo(client.publicClient) : undefined],
    ["Redirect addresses", isCode ? client.redirectUrls?.join(", ") : undefined],
    ["Authorization code lives", isCode ? duration(client.authCodeLifespan) : undefined],
    ["Issuer and audience of assertions", isJwt ? client.clientId : undefined],
    ["Subject of assertions is", isJwt ? client.userField && `the user's ${client.userField}` : undefined],
    ["Each assertion works once", isJwt ? yesNo(client.verifiesJti) : undefined],
    ["Clock of assertions may be off by", isJwt ? duration(client.clockSkew) : undefined],
    ["OAuth Application User", kind === "client_credentials" ? client.user : undefined],
    ["Auth scopes", client.scopes?.join(", ") ?? "not read"],
    ["Tokens open APIs of these scopes only", yesNo(client.onlyScopedApis)],
    ["Access token lives", duration(client.accessTokenLifespan)],
    ["Refresh token lives", kind && WITH_REFRESH.has(kind) ? duration(client.refreshTokenLifespan) : undefined],
  ];
}

function ofAccount(inventory: Inventory): Lines {
  const { account, roles } = inventory;
  const own = ownAccount(inventory);
  if (!own) return [["Account", factInWords(account, () => "")], ...ofRoles(roles)];
  return [
    ["Account", own.userName],
    ["Account active", yesNo(own.active)],
    ["Account locked out", yesNo(own.lockedOut)],
    ["Web service access only", yesNo(own.webServiceAccessOnly)],
    ["Identity type", own.identityType],
    ...ofRoles(roles),
  ];
}

const MOST_CONTAINED = 20;

/** A role such as itil brings dozens along: those come apart from what somebody granted. */
function ofRoles(roles: Inventory["roles"]): Lines {
  const contained = roles.status === "read" ? roles.value.filter((role) => !isGranted(role)) : [];
  const rest = contained.length - MOST_CONTAINED;
  const shown = contained.slice(0, MOST_CONTAINED).map(({ name }) => name);
  const others = shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  return [
    ["Roles granted", factInWords(roles, (held) => held.filter(isGranted).map(grantedRole).join(", "))],
    ["Roles that come with them", others ? factInWords(roles, () => others) : undefined],
  ];
}

function grantedRole({ name, ways }: HeldRole): string {
  const groups = ways.filter(({ by }) => by === "group").map(({ from }) => from);
  if (groups.length === 0 || ways.some(({ by }) => by === "direct")) return name;
  const named = groups.filter((group) => group !== "");
  if (named.length === 0) return `${name} (by a group)`;
  return `${name} (by ${named.length === 1 ? "group" : "groups"} ${named.join(", ")})`;
}

export function credentialSection(
  inventory: Inventory,
  given: RunbookGiven,
  { inWords }: IntegrationTexts,
): RunbookSection {
  const { method, readAt } = inventory;
  const { kept, owner, expires } = given.credential ?? {};
  const words = method.status === "read" ? METHODS_IN_WORDS[method.value] : undefined;
  const blocks: RunbookBlock[] = [
    factTable([
      ["Credential", words?.credential ?? TO_FILL_IN],
      ["Where it lives", kept ?? TO_FILL_IN],
      ["Who may renew it", owner ?? TO_FILL_IN],
      ["How tokens are renewed", words?.renewal],
      ["When it ends", expires === undefined ? (endOf(inventory, readAt) ?? TO_FILL_IN) : minuteOf(expires)],
    ]),
  ];
  if (words) {
    blocks.push({ kind: "text", text: "To replace it:" });
    blocks.push({ kind: "list", ordered: true, items: words.replacing.map(inWords) });
  }
  return { title: "The credential", blocks };
}

/** What the instance says of the end of the credential; undefined where it says nothing. */
function endOf(inventory: Inventory, now: number): string | undefined {
  const { method, issuedTokens } = inventory;
  if (method.status === "unreadable") return undefined;
  const user = ownAccount(inventory)?.userName;
  if (method.value === "api_key") return keyEnd(inventory, user);
  if (method.value === "client_credentials") {
    const changed = ownClient(inventory)?.updatedOn;
    return `the instance sets no end for a client secret${changed ? `; its record was changed last on ${changed} UTC` : ""}`;
  }
  if (!WITH_REFRESH.has(method.value)) return undefined;
  if (issuedTokens.status === "unreadable") return factInWords(issuedTokens, () => "");
  const clientId = ownClient(inventory)?.clientId;
  const isOwn = (token: { type?: string; user?: string; clientId?: string }) =>
    token.type === "refresh_token" && token.user === user && token.clientId === clientId;
  const ends = issuedTokens.value.filter(isOwn).map(({ expires = "" }) => expires);
  const last = ends.sort().at(-1);
  // Stored times sort as text.
  const isOver = last !== undefined && last <= new Date(now).toISOString().slice(0, 19).replace("T", " ");
  return last && `the newest refresh token ${isOver ? "ended" : "ends"} on ${last} UTC`;
}

function keyEnd({ apiKeys }: Inventory, user: string | undefined): string | undefined {
  if (apiKeys.status === "unreadable") return factInWords(apiKeys, () => "");
  const words = ({ name = "", expires, active }: ApiKey) =>
    `${name}: ${expires ? `${expires} UTC` : "never"}${active === false ? " (inactive)" : ""}`;
  const own = apiKeys.value.filter((key) => key.user === user);
  return own.length > 0 ? own.map(words).join("; ") : undefined;
}
