/**
 * The findings of Machine Identity Console about accounts of integrations, where they can be read, and what it does not show ("Explore
 * Machine Identity Console").
 */
import type { Account, Inventory, Traffic } from "sysparm/environments";
import { timeOf } from "../dates.js";
import { isGrant } from "../grants.js";
import { dayOf } from "./credential-findings.js";
import type { FindingList } from "./findings.js";
import { isInbound, nameOf } from "./inbound.js";

const DAY = 86_400_000;
const LONGEST_ABSENCE = 100;
const CONSOLE = "Machine Identity Console, findings";

export function findAccounts(list: FindingList, inventory: Inventory, traffic: Traffic | null, now: number): void {
  const accounts = list.value("accounts of integrations", inventory.accounts) ?? [];
  const own = list.value("account", inventory.account);
  const others = accounts.filter(({ userName }) => userName !== own?.userName);
  for (const account of own ? [own, ...others] : others) {
    if (account.active === false || account.userName === undefined) continue;
    judge(list, account, inventory, traffic, now);
  }
  for (const [user, holders] of owners(inventory)) {
    if (holders.length < 2) continue;
    list.add({
      code: "account.shared",
      severity: "low",
      subject: `account ${user}`,
      message: `${holders.length} clients and keys act as one account: its rights are the sum of what each needs.`,
      evidence: holders,
      fix: "Give each integration an account of its own.",
      source: "KB0564204",
    });
  }
}

function judge(list: FindingList, account: Account, inventory: Inventory, traffic: Traffic | null, now: number): void {
  const { userName = "", webServiceAccessOnly, internalIntegrationUser, lastLogin } = account;
  const subject = `account ${userName}`;
  if (webServiceAccessOnly === undefined) list.unread(`web service access of ${userName}`, "the field was not read");
  if (webServiceAccessOnly === false)
    list.add({
      code: "account.web-service-access",
      severity: "medium",
      subject,
      message: "It may sign in to pages: web service access only is off.",
      evidence: ["web_service_access_only is false"],
      fix: 'Set "Web service access only", or the identity type Machine, which sets it.',
      source: CONSOLE,
    });
  if (internalIntegrationUser === true)
    list.add({
      code: "account.not-shown",
      severity: "info",
      subject,
      message: "Machine Identity Console does not show it, because it is an Internal Integration User.",
      evidence: ["internal_integration_user is true"],
      fix: "Untick it: it concerns SOAP alone, and not REST.",
      source: "Mark service accounts as internal integration users",
    });
  if (lastLogin === undefined) {
    list.unread(`last login of ${userName}`, "the field was not read");
    return;
  }
  const last = timeOf(lastLogin);
  if (last !== null && now - last <= LONGEST_ABSENCE * DAY) {
    // Where it is hidden, that is noted above.
    if (webServiceAccessOnly === false) signsIn(list, subject, last);
    return;
  }
  if (traffic?.users.some(({ name }) => name === userName)) return;
  const use = useOf(userName, inventory);
  if (use !== "none seen") {
    if (use !== "seen") list.unread(`use of ${userName}`, use.because);
    return;
  }
  list.add({
    code: "account.no-login",
    severity: "low",
    subject,
    message: `For ${LONGEST_ABSENCE} days it has not signed in to pages, and it holds no token and no key. Basic leaves no trace here.`,
    evidence: [last === null ? "no login, no token, no key" : `last login ${dayOf(last)}, no token, no key`],
    fix: "Ask its owner, then make it inactive.",
    source: CONSOLE,
  });
}

/** Whether tokens or keys show that an account is used; otherwise why their absence says nothing. */
function useOf(
  userName: string,
  { issuedTokens, apiKeys, account, method }: Inventory,
): "seen" | "none seen" | Because {
  const tokens = issuedTokens.status === "read" ? issuedTokens.value : [];
  const keys = apiKeys.status === "read" ? apiKeys.value.filter(({ active }) => active !== false) : [];
  if ([...tokens, ...keys].some(({ user }) => user === userName)) return "seen";
  for (const fact of [issuedTokens, apiKeys]) {
    if (fact.status === "unreadable") return { because: fact.because };
    if (fact.incomplete) return { because: fact.incomplete };
  }
  if ([...tokens, ...keys].some(({ user }) => user === undefined))
    return { because: "issued tokens or API keys do not say their user" };
  const isOwn = account.status === "read" && account.value.userName === userName;
  if (isOwn && (method.status === "unreadable" || !isGrant(method.value)))
    return { because: method.status === "read" ? `${method.value} leaves no token` : method.because };
  return "none seen";
}

interface Because {
  because: string;
}

function signsIn(list: FindingList, subject: string, last: number): void {
  list.add({
    code: "account.signs-in",
    severity: "medium",
    subject,
    message: "It signs in to pages, as a person would.",
    evidence: [`last login ${dayOf(last)}`],
    fix: "Find out who uses it, give them accounts of their own, and change its password.",
    source: CONSOLE,
  });
}

/** Clients and keys by the account that they act as. */
function owners({ clients, apiKeys }: Inventory): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const note = (user: string | undefined, holder: string) => {
    if (user) found.set(user, [...(found.get(user) ?? []), holder]);
  };
  if (clients.status === "read")
    for (const client of clients.value)
      if (client.active !== false && isInbound(client)) note(client.user, nameOf(client));
  if (apiKeys.status === "read")
    for (const { name = "", user, active } of apiKeys.value) if (active !== false) note(user, `API key ${name}`);
  return found;
}
