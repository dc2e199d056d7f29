/** Compares records that have other ids in each environment: they are matched by name, and where none has it, by what they are about. */
import type { ComparedPart, Fact, Rank } from "sysparm/environments";
import { type Compared, cellOf, type Ledger, NONE, UNKNOWN, type ValueCell } from "./ledger.js";

/** A member that is compared. */
export interface Aspect<T> {
  label: string;
  rank: Rank;
  why: string;
  fix: string;
  cell(record: T, inventory: number): ValueCell;
}

/** How records of a kind are compared. */
export interface Kind<T> {
  part: ComparedPart;
  /** "client", "CORS rule". */
  noun: string;
  /** In the plural, for what cannot be read at all. */
  nouns: string;
  /** Shown, and the first key. */
  title(record: T): string;
  /** Keys, the strongest first; an empty one matches nothing. */
  keys: readonly ((record: T) => string)[];
  /** Of a record that is active here and inactive or absent there. */
  presence: Omit<Compared, "part" | "what">;
  /** "active", "inactive" and the like; undefined where it is hidden. */
  state(record: T, inventory: number): string | undefined;
  aspects: readonly Aspect<T>[];
  /** Of records whose differences matter less: the worst rank that they get. */
  atMost?(records: readonly T[]): Rank | undefined;
}

type Group<T> = (T | undefined)[];

/** Compares the records of a kind. */
export function compareRecords<T>(ledger: Ledger, facts: readonly Fact<T[]>[], kind: Kind<T>): void {
  const { part, noun, nouns, presence, state, aspects } = kind;
  ledger.examine(part, nouns, facts);
  for (const group of groupsOf(facts, kind)) {
    const present = group.filter((record): record is T => record !== undefined);
    const [first] = present;
    if (first === undefined) continue;
    const name = `${noun} ${kind.title(first)}`;
    const states = group.map((record, index): ValueCell => {
      if (record !== undefined) return cellOf(state(record, index));
      const fact = facts[index];
      return fact?.status === "read" && !fact.incomplete ? { shown: "absent" } : UNKNOWN;
    });
    // A record that is active nowhere has no effect, and neither has the lack of one that is inactive.
    const isIdle = states.every(
      (cell) => typeof cell === "string" || cell.shown === "inactive" || cell.shown === "absent",
    );
    const atMost = isIdle ? "cosmetic" : kind.atMost?.(present);
    ledger.compare({ part, what: name, ...presence, rank: atMost ?? presence.rank }, states);
    noteHidden(ledger, kind, `${name}: state`, group, (record, index) => cellOf(state(record, index)));
    for (const { label, rank, why, fix, cell } of aspects) {
      const what = `${name}: ${label}`;
      const cells = group.map((record, index) => {
        if (record !== undefined) return cell(record, index);
        const fact = facts[index];
        return fact?.status === "read" && !fact.incomplete ? NONE : UNKNOWN;
      });
      ledger.compare({ part, what, rank: atMost ?? rank, why, fix }, cells);
      noteHidden(ledger, kind, what, group, cell);
    }
  }
}

function noteHidden<T>(
  ledger: Ledger,
  { part }: Kind<T>,
  what: string,
  group: Group<T>,
  cell: (record: T, inventory: number) => ValueCell,
): void {
  group.forEach((record, index) => {
    const environment = ledger.inventories[index]?.name;
    if (record === undefined || environment === undefined || cell(record, index) !== UNKNOWN) return;
    ledger.unknown(part, what, environment, "the field is hidden from this user, or this release does not have it");
  });
}

/**
 * The records that correspond, one group each, in the order in which they first appear. Equal ones first: of several with one name each finds its
 * own counterpart.
 */
function groupsOf<T>(facts: readonly Fact<T[]>[], kind: Kind<T>): Group<T>[] {
  let groups: Group<T>[] = facts.flatMap((fact, index) =>
    fact.status === "read" ? fact.value.map((record) => facts.map((_, at) => (at === index ? record : undefined))) : [],
  );
  const content = (record: T, index: number) =>
    JSON.stringify([
      kind.title(record),
      kind.keys.map((key) => key(record)),
      kind.state(record, index),
      kind.aspects.map(({ cell }) => sameOf(cell(record, index))),
    ]);
  for (const key of [content, ...kind.keys]) groups = joinedBy(key, groups);
  return groups;
}

/** Joins each group to the first one before it that has a key in common, and no environment. Keys are made once: there may be thousands of records. */
function joinedBy<T>(key: (record: T, index: number) => string, groups: readonly Group<T>[]): Group<T>[] {
  const joined: Group<T>[] = [];
  const placesOf = new Map<string, Set<number>>();
  for (const group of groups) {
    const keys = group.flatMap((record, index) => (record === undefined ? [] : key(record, index) || []));
    const places = keys.flatMap((value) => firstFit(placesOf.get(value), group, joined) ?? []);
    const place = places.length > 0 ? Math.min(...places) : joined.length;
    joined[place] = joined[place]?.map((record, index) => record ?? group[index]) ?? group;
    for (const value of keys) {
      const others = placesOf.get(value);
      if (others) others.add(place);
      else placesOf.set(value, new Set([place]));
    }
  }
  return joined;
}

/** The first of some places whose group has records of other environments alone. */
function firstFit<T>(
  places: Iterable<number> | undefined,
  group: Group<T>,
  joined: readonly Group<T>[],
): number | undefined {
  const fitting = [...(places ?? [])].filter((place) =>
    group.every((record, index) => record === undefined || joined[place]?.[index] === undefined),
  );
  return fitting.length > 0 ? Math.min(...fitting) : undefined;
}

function sameOf(cell: ValueCell): string {
  return typeof cell === "string" ? cell : `= ${cell.same ?? cell.shown}`;
}
