/** Compares the tables and fields that the integration uses. */
import type { Fact, Rank, UsedField, UsedTable } from "sysparm/environments";
import { cellOf, type Ledger, listCell, NONE, UNKNOWN, type ValueCell } from "./ledger.js";

interface FieldAspect {
  label: string;
  rank: Rank;
  why: string;
  cell(field: UsedField): ValueCell;
}

const FIELD: readonly FieldAspect[] = [
  {
    label: "type",
    rank: "data",
    why: "Values have another form, and conditions another meaning.",
    cell: ({ type }) => cellOf(type),
  },
  {
    label: "referenced table",
    rank: "data",
    why: "Its values are ids of another table.",
    cell: ({ reference }) => cellOf(reference),
  },
  {
    label: "mandatory",
    rank: "requests",
    why: "A write without a value is refused, or stores an empty one.",
    cell: ({ mandatory }) => cellOf(mandatory),
  },
  {
    label: "read-only",
    rank: "data",
    why: "A value that is written may not be stored.",
    cell: ({ readOnly }) => cellOf(readOnly),
  },
  {
    label: "maximum length",
    rank: "data",
    why: "A longer text is cut without an error.",
    cell: ({ maxLength }) => cellOf(maxLength),
  },
  {
    label: "default value",
    rank: "data",
    why: "New records without this field get another value.",
    cell: ({ defaultValue }) => cellOf(defaultValue),
  },
  {
    label: "choices",
    rank: "data",
    why: "A value that is no choice is refused or dropped on writing, and matches nothing in a query.",
    cell: ({ choices }) => (choices ? listCell(Object.keys(choices)) : UNKNOWN),
  },
];

export function compareTables(ledger: Ledger): void {
  const tables = new Set(ledger.inventories.flatMap((inventory) => Object.keys(inventory.tables)));
  for (const table of tables) {
    const facts = ledger.inventories.map((inventory): Fact<UsedTable> => {
      const fact = Object.hasOwn(inventory.tables, table) ? inventory.tables[table] : undefined;
      return fact ?? { status: "unreadable", because: "the inventory was read without this table" };
    });
    compareTable(ledger, table, facts);
  }
}

function compareTable(ledger: Ledger, table: string, facts: readonly Fact<UsedTable>[]): void {
  const what = `table ${table}`;
  ledger.examine("tables", what, facts);
  const compare = (suffix: string, rank: Rank, why: string, fix: string, cell: (table: UsedTable) => ValueCell) => {
    const cells = facts.map((fact): ValueCell => {
      if (fact.status === "unreadable") return UNKNOWN;
      return fact.value.absent && suffix ? NONE : cell(fact.value);
    });
    ledger.compare({ part: "tables", what: what + suffix, rank, why, fix }, cells);
    ledger.hidden("tables", what + suffix, facts, cells, "this user may not read it");
  };
  compare(
    "",
    "requests",
    "Requests to a table that is missing get 400.",
    "Install the application of the table.",
    ({ absent }) => {
      return { shown: absent ? "absent" : "present" };
    },
  );
  compare(
    ": access by web services",
    "requests",
    "Without it, every request to the table gets 403, whatever the roles.",
    "Tick Allow access to this table via web services in the table's record.",
    ({ webServiceAccess }) => cellOf(webServiceAccess),
  );
  compare(
    ": extended classes",
    "data",
    "Fields and access rules come from the classes that a table extends.",
    "Create the table with the same parent.",
    (used) =>
      facts.some((fact) => fact.status === "read" && fact.value === used && fact.incomplete)
        ? UNKNOWN
        : { shown: used.extends.join(", ") || "none" },
  );
  compare(
    ": indexes",
    "limits",
    "Queries and orders that no index serves are slow, and cut off after a minute.",
    "Ask for the same indexes on the fields that the integration searches and sorts by.",
    ({ indexes }) => (indexes ? { shown: indexes.join("; ") || "none" } : UNKNOWN),
  );
  const fields = new Set(facts.flatMap((fact) => (fact.status === "read" ? Object.keys(fact.value.fields) : [])));
  for (const field of [...fields].sort()) compareField(ledger, table, field, facts);
}

function compareField(ledger: Ledger, table: string, field: string, facts: readonly Fact<UsedTable>[]): void {
  const what = `field ${table}.${field}`;
  /** Null for one that the table does not have; undefined for one that is not known. */
  const found = facts.map((fact) =>
    fact.status === "read" && Object.hasOwn(fact.value.fields, field) ? fact.value.fields[field] : undefined,
  );
  const isGone = (index: number) => {
    const fact = facts[index];
    return fact?.status === "read" && fact.value.absent === true;
  };
  const presence = found.map((value, index): ValueCell => {
    if (isGone(index)) return NONE;
    if (value === undefined) return UNKNOWN;
    return { shown: value ? "present" : "absent" };
  });
  ledger.hidden("tables", what, facts, presence, "the inventory was read without this field");
  const fix = "Add the field, or leave it out of queries and writes where it is missing.";
  const why = "A condition on a missing field is left out, so other rows come; a value that is written to it is lost.";
  ledger.compare({ part: "tables", what, rank: "data", why, fix }, presence);
  for (const aspect of FIELD) {
    const name = `${what}: ${aspect.label}`;
    const cells = found.map((value, index): ValueCell => {
      if (value === null || isGone(index)) return NONE;
      return value ? aspect.cell(value) : UNKNOWN;
    });
    const repair = `Make the dictionary entries of ${table}.${field} equal.`;
    ledger.compare({ part: "tables", what: name, rank: aspect.rank, why: aspect.why, fix: repair }, cells);
    // Of a field that was not read at all, that is said above.
    const described = facts.map((fact, index) => (found[index] ? fact : undefined));
    ledger.hidden("tables", name, described, cells, "the dictionary does not show it to this user");
  }
  compareLabels(ledger, what, found);
}

/** Labels of the choices that every environment has. */
function compareLabels(ledger: Ledger, what: string, found: readonly (UsedField | null | undefined)[]): void {
  const lists = found.map((field) => field?.choices);
  const known = lists.filter((list) => list !== undefined);
  const common = Object.keys(known[0] ?? {}).filter((value) => known.every((list) => Object.hasOwn(list, value)));
  const cells = lists.map((list): ValueCell => {
    if (!list) return UNKNOWN;
    return { shown: common.map((value) => `${value} ${list[value]}`).join(", ") || "none" };
  });
  const why = "Display values differ; values do not.";
  const fix = "Compare and write values, not labels.";
  ledger.compare({ part: "tables", what: `${what}: labels of choices`, rank: "cosmetic", why, fix }, cells);
}
