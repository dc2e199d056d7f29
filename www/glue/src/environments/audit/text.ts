/** Audits for people: Markdown, and lines for a terminal. */
import type { Audit, AuditFinding, RoleProposal, RunbookBlock, RunbookSection, Severity } from "sysparm/environments";
import { plainLine, toMarkdown } from "../document.js";

const SEVERITIES: readonly Severity[] = ["high", "medium", "low", "info"];

/** An audit as Markdown. */
export function auditMarkdown(audit: Audit): string {
  return toMarkdown(`Audit: ${audit.name}`, sectionsOf(audit));
}

/** An audit as lines for a terminal. */
export function auditText(audit: Audit): string {
  const { name, url, findings, proposal, unread } = audit;
  const lines = [`${name} (${url}): ${summaryOf(findings)}`];
  for (const { severity, code, subject, message, evidence, fix } of findings)
    lines.push(
      "",
      `${severity.toUpperCase()}  ${code}  ${subject}`,
      `  ${message}`,
      `  ${evidence.join("; ")}`,
      `  > ${fix}`,
    );
  if (proposal)
    lines.push(
      "",
      `ROLES  ${proposal.account}`,
      ...rolesOf(proposal).map(([role, what, why]) => `  ${what} ${role}: ${why}`),
    );
  for (const doubt of proposal?.doubts ?? []) lines.push(`  ? ${doubt}`);
  if (unread.length > 0) lines.push("", "NOT READ", ...unread.map(({ what, because }) => `  ${what}: ${because}`));
  return `${lines.map(plainLine).join("\n")}\n`;
}

function sectionsOf({ url, at, findings, proposal, unread }: Audit): RunbookSection[] {
  const summary = `${url}, ${new Date(at).toISOString().slice(0, 10)}: ${summaryOf(findings)}`;
  const sections: RunbookSection[] = [
    { title: "Findings", blocks: [{ kind: "text", text: summary }, ...findingTable(findings)] },
  ];
  if (proposal) {
    const doubts: RunbookBlock[] = [
      { kind: "text", text: "The proposal is not certain:" },
      { kind: "list", ordered: false, items: proposal.doubts },
    ];
    const rows = proposal.tables.map(({ table, operation, rule, roles, by }) => [
      table,
      operation,
      rule,
      roles === null ? "not known" : roles.join(", ") || "none",
      by,
    ]);
    sections.push({
      title: `Roles of ${proposal.account}`,
      blocks: [
        { kind: "table", head: ["Role", "Proposal", "Because"], rows: rolesOf(proposal) },
        ...(proposal.certain ? [] : doubts),
        { kind: "table", head: ["Table or API", "Operation", "Rule", "Asks for one of", "Passed by"], rows },
      ],
    });
  }
  if (unread.length > 0) {
    const rows = unread.map(({ what, because }) => [what, because]);
    sections.push({ title: "Not read", blocks: [{ kind: "table", head: ["What", "Because"], rows }] });
  }
  return sections;
}

function findingTable(findings: readonly AuditFinding[]): RunbookBlock[] {
  const rows = findings.map(({ severity, code, subject, message, evidence, fix, source }) => [
    ...[severity, code, subject, message],
    ...[evidence.join("; "), fix, source],
  ]);
  const head = ["Severity", "Code", "About", "Finding", "Evidence", "What to do", "Source"];
  return rows.length > 0 ? [{ kind: "table", head, rows }] : [];
}

function rolesOf({ roles, add }: RoleProposal): string[][] {
  const doubtful = (certain: boolean) => (certain ? "" : " (not certain)");
  return [
    ...roles.map(({ role, verdict, certain, because }) => [role, verdict + doubtful(certain), because]),
    ...add.map(({ role, because }) => [role, "add", because]),
  ];
}

function summaryOf(findings: readonly AuditFinding[]): string {
  const counts = SEVERITIES.map(
    (severity) => [findings.filter((one) => one.severity === severity).length, severity] as const,
  );
  const named = counts.filter(([count]) => count > 0).map(([count, severity]) => `${count} ${severity}`);
  return named.length > 0 ? `${findings.length} findings: ${named.join(", ")}.` : "no finding.";
}
