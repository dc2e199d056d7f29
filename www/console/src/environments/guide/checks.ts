/** Which checks of the doctor show that a step of the set-up was done. Pure. */
import type { Finding, SetupStep } from "sysparm/doctor";

export interface Check {
  state: Finding["state"];
  /** What was seen. */
  evidence: string;
  /** What it would take to know; empty unless unknown. */
  needs: string;
}

/** `proofs`: one that passed proves the step. `doubts`: one that failed speaks against it. The first row that fits a step counts. */
const ROWS: { fits: (step: SetupStep) => boolean; proofs: string[]; doubts: string[] }[] = [
  { fits: place(/CORS Rules/), proofs: ["cors.api"], doubts: ["cors.api", "cors.header", "records.cors"] },
  { fits: action(/glide\.oauth\.cors/), proofs: ["cors.token"], doubts: ["cors.token"] },
  {
    fits: place(/Plugins|REST API Key|Inbound Authentication/),
    proofs: ["token", "api.who"],
    doubts: ["settings.plugins"],
  },
  { fits: place(/sys_properties/), proofs: ["token", "api.who"], doubts: ["settings.properties"] },
  { fits: place(/> Roles$/), proofs: ["api.table"], doubts: ["user.roles", "api.table"] },
  { fits: place(/> Users/), proofs: ["api.who"], doubts: ["user.state", "api.who"] },
  { fits: action(/REST_Endpoint/), proofs: ["api.table"], doubts: ["records.rules"] },
  { fits: place(/Application Access/), proofs: ["api.table"], doubts: ["records.web-services"] },
  { fits: place(/API Access Policies/), proofs: ["api.table"], doubts: ["records.policies"] },
  { fits: place(/Auth Scopes/), proofs: ["api.table"], doubts: ["records.scopes", "token.scope"] },
  { fits: action(/^Auth Scope/), proofs: ["token.scope"], doubts: ["token.scope"] },
  {
    fits: action(/^Query rules/),
    proofs: ["query.regime", "query.refused"],
    doubts: ["query.regime", "query.refused"],
  },
  {
    fits: place(/record|Application Registry|Inbound integrations/),
    proofs: ["token"],
    doubts: ["token", "client.record"],
  },
];

/** What the findings so far say of a step; undefined while none concerns it. */
export function checkOf(step: SetupStep, findings: readonly Finding[]): Check | undefined {
  const row = ROWS.find(({ fits }) => fits(step));
  const found = (codes: string[], state: Finding["state"]) =>
    findings.find((finding) => finding.state === state && codes.includes(finding.code));
  if (!row) return undefined;
  const seen =
    found(row.doubts, "failed") ??
    found(row.proofs, "passed") ??
    found([...row.doubts, ...row.proofs], "passed") ??
    found([...row.doubts, ...row.proofs], "unknown");
  return seen && { state: seen.state, evidence: seen.evidence, needs: seen.needs ?? "" };
}

function place(pattern: RegExp) {
  return (step: SetupStep) => pattern.test(step.place);
}

function action(pattern: RegExp) {
  return (step: SetupStep) => pattern.test(step.action);
}

/** Values of a step that a person types elsewhere: names of properties, addresses, the origin, the client id. */
export function valuesOf({ action }: SetupStep, known: readonly string[]): string[] {
  const properties = action.match(/\bglide\.[a-z_.]*[a-z]|\bcom\.[a-z_.]*[a-z]/g) ?? [];
  return [...new Set([...properties, ...known.filter((value) => value !== "" && action.includes(value))])];
}

/** The steps as text, for a person who administers the instance. */
export function stepsAsText(title: string, steps: readonly SetupStep[]): string {
  const lines = steps.map(
    ({ place, action, otherwise, role }, at) =>
      `${at + 1}. ${place}\n   ${action}\n   Without it: ${otherwise}. Role: ${role}.`,
  );
  return `${title}\n\n${lines.join("\n")}\n`;
}
