/** The list that findings and what could not be examined are added to. */
import type { AuditFinding, Fact, Severity } from "sysparm/environments";

const ORDER: readonly Severity[] = ["high", "medium", "low", "info"];

/** Most findings of one code: an instance may have thousands of accounts. */
const MOST_OF_A_CODE = 100;

export class FindingList {
  readonly #findings: AuditFinding[] = [];
  readonly #unread = new Map<string, string>();

  add(finding: AuditFinding): void {
    const same = this.#findings.filter(({ code }) => code === finding.code);
    if (same.length < MOST_OF_A_CODE) this.#findings.push(finding);
    else this.unread(`${finding.code} of more subjects`, `only the first ${MOST_OF_A_CODE} are listed`);
  }

  unread(what: string, because: string): void {
    this.#unread.set(what, because);
  }

  /** The value of a fact; undefined, and noted, where it could not be read. */
  value<T>(what: string, fact: Fact<T>): T | undefined {
    if (fact.status === "unreadable") this.unread(what, fact.because);
    else if (fact.incomplete) this.unread(`all ${what}`, fact.incomplete);
    return fact.status === "read" ? fact.value : undefined;
  }

  /** The most severe first, in the order of their codes and subjects. */
  sorted(): AuditFinding[] {
    const key = ({ severity, code, subject }: AuditFinding) => `${ORDER.indexOf(severity)} ${code} ${subject}`;
    return this.#findings.sort((one, other) => (key(one) < key(other) ? -1 : 1));
  }

  unreadFacts(): { what: string; because: string }[] {
    return [...this.#unread].map(([what, because]) => ({ what, because }));
  }
}
