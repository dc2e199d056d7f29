/** The tables one reference away from a table, and where their boxes are drawn. Pure. */
import type { TableSchema } from "sysparm/schema";
import { fieldsOf } from "../schema/fields";

/** A field of one table that refers to another. */
export interface Link {
  /** The other table. */
  table: string;
  /** The field, of whichever of the two tables has it. */
  field: string;
  label: string;
}

export interface Relation {
  table: string;
  fields: Omit<Link, "table">[];
}

/** The tables that fields of this one refer to. */
export function referredTables(schema: TableSchema): Relation[] {
  const links = Object.entries(fieldsOf(schema)).flatMap(([field, { reference, label }]) =>
    reference ? [{ table: reference, field, label: label ?? "" }] : [],
  );
  return byTable(links);
}

/** The tables with the most fields first. */
export function byTable(links: readonly Link[]): Relation[] {
  const relations = new Map<string, Relation>();
  for (const { table, ...field } of links) {
    const relation = relations.get(table) ?? { table, fields: [] };
    relation.fields.push(field);
    relations.set(table, relation);
  }
  return [...relations.values()].sort(
    (one, other) => other.fields.length - one.fields.length || one.table.localeCompare(other.table),
  );
}

export interface Box {
  table: string;
  /** A field, or how many. */
  note: string;
  x: number;
  y: number;
}

export interface Drawing {
  width: number;
  height: number;
  centre: Box;
  /** The tables that refer to it, and those that it refers to. */
  left: Box[];
  right: Box[];
  /** Relations that are in the list only. */
  leftOut: number;
}

export const BOX = { width: 232, height: 38 } as const;
const GAP = { x: 96, y: 10 } as const;
/** On one side: more are not read in a drawing, and stand in the list. */
export const MOST_DRAWN = 10;

/** Three columns: who refers to the table, the table, and what it refers to. */
export function drawing(table: string, referrers: readonly Relation[], referred: readonly Relation[]): Drawing {
  const sides = [referrers, referred].map((all) => all.slice(0, MOST_DRAWN));
  const rows = Math.max(1, ...sides.map((side) => side.length));
  const height = rows * (BOX.height + GAP.y) - GAP.y;
  const column = (side: readonly Relation[], x: number): Box[] => {
    const top = (height - (side.length * (BOX.height + GAP.y) - GAP.y)) / 2;
    return side.map((relation, at) => ({
      table: relation.table,
      note: noteOf(relation),
      x,
      y: top + at * (BOX.height + GAP.y),
    }));
  };
  const step = BOX.width + GAP.x;
  return {
    width: 2 * step + BOX.width,
    height,
    centre: { table, note: "", x: step, y: (height - BOX.height) / 2 },
    left: column(sides[0] ?? [], 0),
    right: column(sides[1] ?? [], 2 * step),
    leftOut: Math.max(0, referrers.length - MOST_DRAWN) + Math.max(0, referred.length - MOST_DRAWN),
  };
}

function noteOf({ fields }: Relation): string {
  return fields.length === 1 ? (fields[0]?.field ?? "") : `${fields.length} fields`;
}

/** A curve from the right edge of one box to the left edge of another. */
export function curve(from: Box, to: Box): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x, to.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
