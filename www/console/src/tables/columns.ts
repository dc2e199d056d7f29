/** Decides the columns of a set of rows, their widths and the text of cells. Pure. */
import type { Row } from "sysparm";

/** Further columns are read and downloaded, but not drawn, so that a grid row stays cheap. */
export const MOST_COLUMNS = 60;

/** `"number, state ,,state"` becomes `["number", "state"]`. */
export function fieldList(typed: string): string[] {
  return [...new Set(typed.split(/[\s,]+/).filter((name) => name !== ""))];
}

/** Collects the fields that rows hold, which differ from row to row where access rules hide fields. */
export class FieldCollector {
  readonly #seen = new Set<string>();

  constructor(chosen: readonly string[]) {
    for (const field of chosen) this.#seen.add(field);
    this.#fixed = chosen.length > 0;
  }
  readonly #fixed: boolean;

  /** Returns true if the rows hold a new field. */
  add(rows: readonly Row[]): boolean {
    if (this.#fixed) return false;
    const before = this.#seen.size;
    for (const row of rows) for (const field of Object.keys(row)) this.#seen.add(field);
    return this.#seen.size > before;
  }

  /** Chosen fields in the chosen order. Otherwise fields that identify a record come first, the rest sorted by name. */
  columns(): string[] {
    const fields = [...this.#seen];
    return this.#fixed ? fields : fields.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  }
}

/** Chosen fields that no row holds. They do not exist, or access rules hide them: the instance reports neither. */
export function absentFields(chosen: readonly string[], rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  return chosen.filter((field) => !rows.some((row) => Object.hasOwn(row, field)));
}

/** In rem: wide columns for long texts, exact widths for identifiers and times. */
export function columnWidth(field: string): number {
  const name = field.slice(field.lastIndexOf(".") + 1);
  if (/description|title|comments|notes|message/.test(name)) return 24;
  if (name === "sys_id" || /_id$/.test(name)) return 21;
  if (/(_at|_on|date|time)$/.test(name) || /^sys_(created|updated)/.test(name)) return 11;
  if (/^(number|name|user_name|email)$/.test(name)) return 10;
  if (/group|assigned|caller|cmdb_ci|location|category/.test(name)) return 13;
  return Math.min(16, Math.max(7, name.length * 0.62 + 1));
}

function rank(field: string): number {
  const place = FIRST.indexOf(field);
  return place === -1 ? FIRST.length : place;
}

const FIRST = ["number", "name", "short_description", "state", "priority", "sys_updated_on", "sys_id"];

/** The columns with one of them at another place. */
export function moved(columns: readonly string[], field: string, to: number): string[] {
  const others = columns.filter((name) => name !== field);
  others.splice(Math.max(0, Math.min(others.length, to)), 0, field);
  return others;
}
