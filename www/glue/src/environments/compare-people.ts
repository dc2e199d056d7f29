/** Compares the account that calls are made as, and its roles. */
import type { Account, HeldRole, Rank, RoleWay } from "sysparm/environments";
import { cellOf, type Ledger, UNKNOWN, type ValueCell } from "./ledger.js";

const ACCOUNT: readonly [member: keyof Account, label: string, rank: Rank, why: string, fix: string][] = [
  ["active", "active", "sign-in", "An inactive account gets no token.", "Tick Active in the user record."],
  [
    "lockedOut",
    "locked out",
    "sign-in",
    "A locked account gets no token.",
    "Clear Locked out, and find what sends a wrong password.",
  ],
  [
    "passwordNeedsReset",
    "password needs reset",
    "sign-in",
    "An account whose password has to be changed gets no token.",
    "Clear Password needs reset in the user record.",
  ],
  [
    "webServiceAccessOnly",
    "web service access only",
    "sign-in",
    "Where Basic sign-in is restricted, only such accounts keep it.",
    "Tick Web service access only: an integration needs no user interface.",
  ],
  [
    "timeZone",
    "time zone",
    "data",
    "Display values, and dates such as today in a query, follow it.",
    "Give the account the same time zone, best GMT.",
  ],
  [
    "dateFormat",
    "date format",
    "data",
    "Display values of dates have this form.",
    "Give the account the same date format.",
  ],
  [
    "language",
    "language",
    "data",
    "Labels and display values are in this language.",
    "Give the account the same language.",
  ],
  [
    "identityType",
    "identity type",
    "cosmetic",
    "Machine identities are governed apart from people.",
    "Set Identity type to Machine.",
  ],
  [
    "internalIntegrationUser",
    "internal integration user",
    "cosmetic",
    "Accounts with this mark do not show in Machine Identity Console.",
    "Clear Internal Integration User, so that the account is watched.",
  ],
  [
    "userName",
    "user name",
    "cosmetic",
    "It is only a name.",
    "Give the account the same name, so that logs can be compared.",
  ],
];

export function compareAccounts(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ account }) => account);
  ledger.examine("account", "account", facts);
  for (const [member, label, rank, why, fix] of ACCOUNT) {
    const what = `account: ${label}`;
    const cells = facts.map((fact) => cellOf(fact.status === "read" ? fact.value[member] : undefined));
    ledger.compare({ part: "account", what, rank, why, fix }, cells);
    const because = "the field is hidden from this user, or this release does not have it";
    ledger.hidden("account", what, facts, cells, because);
  }
}

export function compareRoles(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ roles }) => roles);
  ledger.examine("roles", "roles", facts);
  const held = facts.map(
    (fact) => new Map((fact.status === "read" ? fact.value : []).map((role) => [role.name, role])),
  );
  const isKnown = facts.map((fact) => fact.status === "read" && !fact.incomplete);
  /** Whether the account has a role there; undefined where that is not known. */
  const has = (name: string, index: number) => (held[index]?.has(name) ? true : isKnown[index] ? false : undefined);
  const everywhere = (name: string) => facts.every((_, index) => has(name, index) !== false);
  for (const name of [...new Set(held.flatMap((roles) => [...roles.keys()]))].sort()) {
    const roles = held.map((all) => all.get(name));
    // Of roles that were not read whole, ways may be missing, too.
    const known = roles.map((role, index) => (isKnown[index] ? role : undefined));
    if (everywhere(name)) compareWays(ledger, name, known, everywhere);
    else if (!isDerived(roles, (container) => !everywhere(container))) {
      const isReadOnly = name === "snc_read_only";
      const cells = roles.map((role, index): ValueCell => {
        if (role) return { shown: shownWays(role.ways), same: "held" };
        return isKnown[index] ? { shown: "absent" } : UNKNOWN;
      });
      const compared = {
        part: "roles" as const,
        what: `role ${name}`,
        rank: isReadOnly ? ("sign-in" as const) : ("requests" as const),
        why: isReadOnly
          ? "With it the account writes nothing, and may not even get a token."
          : "Without a role that an access rule asks for, requests get 403, or rows and fields are missing without an error.",
        fix: isReadOnly
          ? "Take snc_read_only away, and give the integration reading roles alone."
          : `Give the account ${name} where it is missing, or take it away everywhere if nothing needs it.`,
      };
      ledger.compare(compared, cells);
    }
  }
}

/** A role that comes with another which the other environment lacks is missing there with it: that other one is the difference. */
function isDerived(roles: readonly (HeldRole | undefined)[], isLacking: (container: string) => boolean): boolean {
  return roles.every(
    (role) => !role || role.ways.every(({ by, from }) => by === "contained" && from !== "" && isLacking(from)),
  );
}

function compareWays(
  ledger: Ledger,
  name: string,
  roles: readonly (HeldRole | undefined)[],
  everywhere: (container: string) => boolean,
): void {
  const cells = roles.map((role): ValueCell => {
    if (!role) return UNKNOWN;
    // Ways through a role that is not held everywhere are part of that difference.
    const common = role.ways.filter(({ by, from }) => by !== "contained" || from === "" || everywhere(from));
    return { shown: shownWays(common.length > 0 ? common : role.ways) };
  });
  ledger.compare(
    {
      part: "roles",
      what: `role ${name}: how it is granted`,
      rank: "cosmetic",
      why: "A role that comes from a group or from another role goes away with it.",
      fix: "Grant it in the same way, best by a group.",
    },
    cells,
  );
}

function shownWays(ways: readonly RoleWay[]): string {
  const shown = ways.map(({ by, from }) => {
    if (by === "direct") return "direct";
    return by === "group" ? `by group ${from}` : `contained${from && ` in ${from}`}`;
  });
  return [...new Set(shown)].sort().join(", ");
}
