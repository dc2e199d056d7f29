/** Findings about secrets, tokens and certificates that end soon, that never end, or that are old. */
import type { AuditFinding, CredentialEnd, Inventory } from "sysparm/environments";
import { timeOf } from "../dates.js";
import type { FindingList } from "./findings.js";
import { inboundClients, nameOf } from "./inbound.js";

export interface Times {
  now: number;
  soonDays: number;
  staleDays: number;
  credentials: readonly CredentialEnd[];
}

const DAY = 86_400_000;
/** Seconds. The platform's default is half an hour; a token beyond a day is a password by another name. */
const LONGEST_TOKEN = 86_400;

export function findCredentials(list: FindingList, inventory: Inventory, times: Times): void {
  const { staleDays, now } = times;
  for (const { name, expires, madeAt } of times.credentials) {
    ends(list, name, expires ?? null, "Replace it, and note the new end.", times);
    if (madeAt !== undefined && now - madeAt > staleDays * DAY) list.add(old(name, `made ${dayOf(madeAt)}`, times));
  }
  for (const { name = "", user = "", active, expires } of list.value("API keys", inventory.apiKeys) ?? []) {
    if (active === false) continue;
    const subject = `API key ${name} of ${user}`;
    const end = timeOf(expires);
    ends(list, subject, end, "Make a new key, hand it over, and then switch the old one off.", times);
    if (expires === "") list.add(endless(subject));
  }
  for (const client of inboundClients(list, inventory)) {
    const subject = nameOf(client);
    const updated = timeOf(client.updatedOn);
    // Every change of the record sets this time, so that the secret is at least as old.
    if (client.publicClient !== true && updated !== null && now - updated > staleDays * DAY)
      list.add(old(`secret of ${subject}`, `the record was changed last on ${dayOf(updated)}`, times));
    const lifespan = client.accessTokenLifespan ?? 0;
    if (lifespan > LONGEST_TOKEN) list.add(longLived(subject, lifespan));
  }
  refreshTokens(list, inventory, times);
}

/** The newest refresh token of each client and user: what the integration lives on until someone signs in again. */
function refreshTokens(list: FindingList, inventory: Inventory, times: Times): void {
  const newest = new Map<string, number>();
  for (const { type, user = "", clientId = "", expires } of list.value("issued tokens", inventory.issuedTokens) ?? []) {
    const end = timeOf(expires);
    if (type !== "refresh_token" || end === null) continue;
    const subject = `refresh token of ${user} for ${clientId}`;
    newest.set(subject, Math.max(newest.get(subject) ?? 0, end));
  }
  // Those that ended before are history: who needed one has signed in again.
  for (const [subject, end] of newest)
    if (end > times.now)
      ends(list, subject, end, "Sign in again before then: its use does not lengthen its life (KB0791140).", times);
}

function ends(list: FindingList, subject: string, end: number | null, fix: string, times: Times): void {
  if (end === null) return;
  const days = Math.floor((end - times.now) / DAY);
  if (end > times.now && days >= times.soonDays) return;
  const isOver = end <= times.now;
  list.add({
    code: isOver ? "credential.expired" : "credential.expiring",
    severity: isOver || days < 7 ? "high" : "medium",
    subject,
    message: isOver ? `It ended on ${dayOf(end)}.` : `It ends on ${dayOf(end)}, in ${days} days.`,
    evidence: [`end ${dayOf(end)}`],
    fix,
    source: "KB0791140, KB2132135; Token expiry for API key and HMAC",
  });
}

function old(subject: string, evidence: string, { staleDays }: Times): AuditFinding {
  return {
    code: "credential.old-secret",
    severity: "medium",
    subject,
    message: `It is more than ${staleDays} days old.`,
    evidence: [evidence],
    fix: "Make a new one, hand it over where the old one lives, and note when.",
    source: "Product documentation, Instance security hardening settings",
  };
}

function endless(subject: string): AuditFinding {
  return {
    code: "credential.no-end",
    severity: "low",
    subject,
    message: "It never ends.",
    evidence: ["no date of expiry"],
    fix: "Give it one, and a reminder before it.",
    source: "Token expiry for API key and HMAC",
  };
}

function longLived(subject: string, seconds: number): AuditFinding {
  return {
    code: "client.long-lived-token",
    severity: "low",
    subject,
    message: `Its access tokens live ${Math.round(seconds / 3600)} hours: one that leaks works as long.`,
    evidence: [`access token lifespan ${seconds} s`],
    fix: "Set it to 1800 s, the default: this package renews tokens in time.",
    source: "Create an OAuth API endpoint for external clients",
  };
}

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
