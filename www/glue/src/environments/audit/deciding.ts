/** Which access rules decide about an operation, and what they ask for ("ACL types", "Explore Access Control Lists"). */
import type { AccessRule, Inventory } from "sysparm/environments";
import { isOlderThan } from "../releases.js";

/** A rule that calls must pass. */
export interface Need {
  table: string;
  operation: string;
  rule: string;
  /** Roles of which one suffices; none where anyone passes; null where that is unknown. */
  roles: readonly string[] | null;
  /** Roles of rules that have, or may have, a condition or a script: whether they pass cannot be judged from outside. */
  conditional: readonly string[];
  /** False where an administrator needs the roles, too. */
  isOverridden: boolean;
  assumed: boolean;
}

/** The rules of an inventory, and what is doubtful about them. */
export interface RuleBook {
  rules: readonly AccessRule[];
  /** Rules without role, condition and script admit everyone: so it was before Xanadu, which denies on them. */
  areEmptyOpen: boolean;
  /** Since Xanadu a rule may deny whom it does not admit, whatever the others of its name say. */
  mayDeny: boolean;
  doubts: string[];
}

/** Undefined where the rules could not be read. */
export function ruleBook({ accessRules, release }: Inventory, doubts: string[]): RuleBook | undefined {
  if (accessRules.status === "unreadable") return undefined;
  const isOld = isOlderThan("X", release.status === "read" ? release.value.family : undefined);
  return { rules: accessRules.value, areEmptyOpen: isOld, mayDeny: !isOld, doubts };
}

/** The needs of the first of these names that has a rule which allows the operation, and of every rule that denies it. */
export function decided(book: RuleBook, names: readonly string[], operation: string): Need[] {
  const own = book.rules.filter((rule) => rule.operation === operation && names.includes(rule.name));
  // Each must be passed. Those of a table above may not count where the table has its own: to ask for their roles breaks no call.
  const denying = own.filter(({ decision }) => decision === "deny");
  const first = names.find((name) => own.some((rule) => rule.name === name && rule.decision !== "deny"));
  const allowing = own.filter((rule) => rule.name === first && rule.decision !== "deny");
  if (book.mayDeny && allowing.length > 1 && allowing.some(({ decision }) => decision === undefined))
    book.doubts.push(
      `${first} has several rules for ${operation} that do not say whether they allow or deny: one that denies must be passed, too.`,
    );
  if (denying.length > 0 && first === undefined)
    book.doubts.push(
      `${operation} on ${names[0]} has rules that deny, and none that allows: what admits its calls is not known.`,
    );
  return [
    ...(first === undefined ? [] : [needOf(book, first, operation, allowing)]),
    ...denying.map((rule) => needOf(book, rule.name, operation, [rule])),
  ];
}

/** Rules of one name are alternatives. */
function needOf(book: RuleBook, rule: string, operation: string, own: readonly AccessRule[]): Need {
  // Where a condition or script is hidden there may be one.
  const plain = own.filter(({ conditional }) => conditional === false);
  const rolesOf = (some: readonly AccessRule[]) => [...new Set(some.flatMap(({ roles = [] }) => roles))].sort();
  const isEmpty = plain.some(({ roles }) => roles?.length === 0);
  if (isEmpty && !book.areEmptyOpen)
    book.doubts.push(
      `A rule for ${operation} on ${rule} names no role, condition or script: since Xanadu such a rule may deny everyone.`,
    );
  const isOpen = isEmpty && book.areEmptyOpen;
  const isUnknown = own.some(({ roles }) => roles === undefined) || (rolesOf(own).length === 0 && !isOpen);
  return {
    table: rule,
    operation,
    rule,
    roles: isOpen ? [] : isUnknown ? null : rolesOf(plain),
    conditional: isOpen ? [] : rolesOf(own.filter(({ conditional }) => conditional !== false)),
    // One rule that administrators do not override counts for all of its name ("Evaluate the admin override at the access level").
    isOverridden: own.every(({ adminOverrides }) => adminOverrides !== false),
    assumed: false,
  };
}
