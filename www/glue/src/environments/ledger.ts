/** Collects what differs and what is unknown. The only place that decides whether values differ. */
import type { ComparedPart, Comparison, Difference, Fact, Inventory, Rank, UnknownFact } from "sysparm/environments";

/** A value in one environment. */
export type ValueCell = KnownCell | typeof UNKNOWN | typeof NONE;

/** A value that was read. */
export interface KnownCell {
  shown: string;
  /** What decides about equality, where that is not what is shown. */
  same?: string;
}

/** It could not be read. */
export const UNKNOWN = "unknown";
/** There is nothing to have this value, which another difference says. */
export const NONE = "none";

/** What is compared. */
export interface Compared {
  part: ComparedPart;
  what: string;
  rank: Rank;
  why: string;
  fix: string;
}

/** Worst first. */
export const RANKS: readonly Rank[] = ["sign-in", "requests", "data", "limits", "cosmetic"];

/** Gathers a comparison. */
export class Ledger {
  readonly inventories: readonly Inventory[];
  readonly #differences: Difference[] = [];
  readonly #unknown = new Map<string, UnknownFact>();
  #compared = 0;

  constructor(inventories: readonly Inventory[]) {
    this.inventories = inventories;
  }

  /** Values in the order of the inventories. */
  compare(compared: Compared, cells: readonly ValueCell[]): void {
    this.#compared += 1;
    const known = cells.filter((cell): cell is KnownCell => typeof cell === "object");
    if (new Set(known.map(({ same, shown }) => same ?? shown)).size < 2) return;
    const values = this.inventories.map(({ name }, index) => [name, shownOf(cells[index] ?? NONE)]);
    this.#differences.push({ ...compared, values: Object.fromEntries(values) });
  }

  /** Something that could not be read in one environment. */
  unknown(part: ComparedPart, what: string, environment: string, because: string): void {
    this.#unknown.set(`${part} ${what} ${environment}`, { part, what, environment, because });
  }

  /** Says of each environment whose fact was read whole, and whose value is unknown all the same, why. */
  hidden(
    part: ComparedPart,
    what: string,
    facts: readonly (Fact<unknown> | undefined)[],
    cells: readonly ValueCell[],
    because: string,
  ): void {
    this.inventories.forEach(({ name }, index) => {
      const fact = facts[index];
      if (fact?.status === "read" && !fact.incomplete && cells[index] === UNKNOWN)
        this.unknown(part, what, name, because);
    });
  }

  /** Says once for each environment what of a fact is not known. */
  examine(part: ComparedPart, what: string, facts: readonly Fact<unknown>[]): void {
    this.inventories.forEach(({ name }, index) => {
      const fact = facts[index];
      if (fact?.status === "unreadable") this.unknown(part, what, name, fact.because);
      else if (fact?.incomplete) this.unknown(part, what, name, fact.incomplete);
    });
  }

  comparison(): Comparison {
    const place = ({ rank }: Difference) => RANKS.indexOf(rank);
    return {
      environments: this.inventories.map(({ name, url, readAt }) => ({ name, url, readAt })),
      // A stable sort: within a rank the parts stay in the order in which they were compared.
      differences: this.#differences.sort((one, other) => place(one) - place(other)),
      unknown: [...this.#unknown.values()],
      compared: this.#compared,
    };
  }
}

function shownOf(cell: ValueCell): string | null {
  if (cell === UNKNOWN) return null;
  return cell === NONE ? "absent" : cell.shown;
}

/** The cell of a member that may be hidden. */
export function cellOf(value: string | number | boolean | null | undefined): ValueCell {
  if (value === undefined) return UNKNOWN;
  return { shown: value === null || value === "" ? "empty" : String(value) };
}

/** The cell of a list in which the order does not count. */
export function listCell(values: readonly string[] | undefined): ValueCell {
  if (values === undefined) return UNKNOWN;
  const sorted = [...new Set(values)].sort();
  return { shown: sorted.length > 0 ? sorted.join(", ") : "none", same: JSON.stringify(sorted) };
}

/** The same of a list in which case does not count either: methods and names of headers. */
export function caselessCell(values: readonly string[] | undefined): ValueCell {
  const cell = listCell(values);
  const same = listCell(values?.map((value) => value.toLowerCase()));
  return typeof cell === "object" && typeof same === "object" ? { ...same, shown: cell.shown } : UNKNOWN;
}
