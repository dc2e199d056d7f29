/** Two reports of the doctor: what has changed between them. A saved report is read with checks. Pure. */
import type { Finding, Report } from "sysparm/doctor";
import * as v from "valibot";

/** The parts of a report that are compared. */
export type ReportFacts = Pick<Report, "instance" | "release"> & {
  causes: readonly Pick<Report["causes"][number], "code" | "title" | "percent">[];
  findings: readonly Pick<Finding, "code" | "state" | "question" | "evidence">[];
};

const STATE = v.picklist(["passed", "failed", "unknown"]);
const FACTS = v.object({
  instance: v.string(),
  release: v.string(),
  causes: v.array(v.object({ code: v.string(), title: v.string(), percent: v.number() })),
  findings: v.array(v.object({ code: v.string(), state: STATE, question: v.string(), evidence: v.string() })),
});

const MOST_CHARACTERS = 5_000_000;

export function savedReport(text: string): ReportFacts | { problem: string } {
  const wrong = { problem: "The file is no report of the doctor. Choose one that was saved here as data (JSON)." };
  if (text.length > MOST_CHARACTERS) return wrong;
  try {
    const read = v.safeParse(FACTS, JSON.parse(text));
    return read.success ? read.output : wrong;
  } catch {
    return wrong;
  }
}

export interface ReportChange {
  what: string;
  before: string;
  now: string;
  /** It was better before. */
  isWorse: boolean;
}

const ABSENT = "not there";
const ORDER = ["passed", "unknown", "failed"];

/** Causes first, then checks, in the order of the newer report; what has vanished comes last. */
export function changesBetween(before: ReportFacts, now: ReportFacts): ReportChange[] {
  const changes: ReportChange[] = [];
  const add = (what: string, one: string, other: string, isWorse: boolean) => {
    if (one !== other) changes.push({ what, before: one, now: other, isWorse });
  };
  add("Instance", before.instance, now.instance, false);
  add("Release", before.release || "not reported", now.release || "not reported", false);
  for (const [one, other] of paired(before.causes, now.causes)) {
    const words = (cause: typeof one) => (cause ? `${cause.percent} %` : ABSENT);
    add((other ?? one)?.title ?? "", words(one), words(other), (other?.percent ?? 0) > (one?.percent ?? 0));
  }
  for (const [one, other] of paired(before.findings, now.findings)) {
    const words = (finding: typeof one) => finding?.state ?? ABSENT;
    const rank = (finding: typeof one) => (finding ? ORDER.indexOf(finding.state) : 0);
    add((other ?? one)?.question ?? "", words(one), words(other), rank(other) > rank(one));
  }
  return changes;
}

/** Each of both lists once, by code. Several with one code are matched by their question, and then by their order. */
function paired<Item extends Coded>(before: readonly Item[], now: readonly Item[]) {
  const severalIn = (items: readonly Item[]) =>
    items.map(({ code }) => code).filter((code, at, all) => all.indexOf(code) < at);
  const several = new Set([...severalIn(before), ...severalIn(now)]);
  const former = keyed(before, several);
  const latter = keyed(now, several);
  const keys = new Set([...latter.keys(), ...former.keys()]);
  return [...keys].map((key): [Item | undefined, Item | undefined] => [former.get(key), latter.get(key)]);
}

interface Coded {
  code: string;
  question?: string;
}

function keyed<Item extends Coded>(items: readonly Item[], several: ReadonlySet<string>): Map<string, Item> {
  const all = new Map<string, Item>();
  for (const item of items) {
    const { code, question } = item;
    const key = (nth: number) => JSON.stringify(several.has(code) ? [code, question, nth] : [code]);
    let nth = 0;
    while (all.has(key(nth))) nth += 1;
    all.set(key(nth), item);
  }
  return all;
}
