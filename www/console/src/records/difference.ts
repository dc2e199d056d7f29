/** How one record differs in two environments, field by field. Pure. */
import { isJournal } from "./changes";
import { type FieldFact, titleOf } from "./facts";

export interface FieldDifference {
  name: string;
  title: string;
  /** Stored value and what people see; null where that environment has no such field, or hides it. */
  values: [Form | null, Form | null];
  /** Both show the same, and store another key: a reference to a record of the same name. */
  shownAlike: boolean;
}

export interface Form {
  raw: string;
  shown: string;
}

export interface RecordDifference {
  differences: FieldDifference[];
  /** The fields that are equal in both. */
  equal: FieldDifference[];
  /** Of the instance's own bookkeeping, which differs almost always: who changed the record, when, how often. */
  stamps: FieldDifference[];
}

const STAMPS = /^sys_(?:id|created_on|created_by|updated_on|updated_by|mod_count|tags)$/;

export function differenceOf(one: readonly FieldFact[], other: readonly FieldFact[]): RecordDifference {
  const others = new Map(other.map((fact) => [fact.name, fact]));
  const own = new Set(one.map(({ name }) => name));
  const pairs = [
    ...one.map((fact): [FieldFact, FieldFact | undefined, FieldFact | undefined] => [
      fact,
      fact,
      others.get(fact.name),
    ]),
    ...other
      .filter(({ name }) => !own.has(name))
      .map((fact): [FieldFact, undefined, FieldFact] => [fact, undefined, fact]),
  ];
  const found: RecordDifference = { differences: [], equal: [], stamps: [] };
  for (const [named, first, second] of pairs) {
    const [left, right] = [formOf(first), formOf(second)];
    // Known to a dictionary, and hidden in both.
    if (left === null && right === null) continue;
    const isEqual = left !== null && right !== null && isSame(named, left, right);
    const shownAlike = !isEqual && left !== null && right !== null && left.shown === right.shown && left.shown !== "";
    const difference: FieldDifference = { name: named.name, title: titleOf(named), values: [left, right], shownAlike };
    if (isEqual) found.equal.push(difference);
    else if (STAMPS.test(named.name)) found.stamps.push(difference);
    else found.differences.push(difference);
  }
  return found;
}

/** A journal stores no value of its own: its entries are what it shows. */
function isSame(field: FieldFact, left: Form, right: Form): boolean {
  return left.raw === right.raw && (!isJournal(field) || left.shown === right.shown);
}

function formOf(fact: FieldFact | undefined): Form | null {
  return fact === undefined || fact.raw === null ? null : { raw: fact.raw, shown: fact.shown };
}
