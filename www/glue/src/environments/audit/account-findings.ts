/**
 * The findings of Machine Identity Console about accounts of integrations, where they can be read, and what it does not show
 * (Machine Identity Console, "Findings"; fact sheet, field report F.1).
 */
import type { Account, Inventory, Traffic } from "sysparm/environments";
import { dayOf } from "./credential-findings.js";
import { expiryOf } from "./dates.js";
import type { FindingList } from "./findings.js";

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
  const last = expiryOf(lastLogin);
  if (last !== null && now - last <= LONGEST_ABSENCE * DAY) {
    if (webServiceAccessOnly !== true) signsIn(list, subject, last);
    return;
  }
  const tokens = inventory.issuedTokens.status === "read" ? inventory.issuedTokens.value : [];
  const isInUse = traffic?.users.some(({ name }) => name === userName) || tokens.some(({ user }) => user === userName);
  if (isInUse) return;
  if (inventory.issuedTokens.status === "unreadable") {
    list.unread(`use of ${userName}`, inventory.issuedTokens.because);
    return;
  }
  list.add({
    code: "account.no-login",
    severity: "low",
    subject,
    message: `It has not signed in for ${LONGEST_ABSENCE} days.`,
    evidence: [last === null ? "no login, no token" : `last login ${dayOf(last)}, no token`],
    fix: "Ask its owner, then make it inactive.",
    source: CONSOLE,
  });
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
    for (const { name = "", user, active } of clients.value) if (active !== false) note(user, `client ${name}`);
  if (apiKeys.status === "read")
    for (const { name = "", user, active } of apiKeys.value) if (active !== false) note(user, `API key ${name}`);
  return found;
}
