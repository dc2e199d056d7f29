/**
 * A place in a table by the key of the last row, so that no row is lost when others come or go, and the opaque cursor that carries it.
 * `f>=T^f>T^ORsys_id>I` is "T at least, and either past T or past I", as in the package's own walks (src/page/keyset.rs).
 */

/** The order of a walk: a column that holds times and `sys_id`, or `sys_id` alone. */
export interface RowOrder {
  readonly column: string | undefined;
  readonly descending: boolean;
}

/** The last row seen. */
export interface Position {
  /** What its column holds, as it is stored; empty in the order of `sys_id` alone. */
  readonly value: string;
  readonly id: string;
}

/** The conditions and the order of an encoded query. `inclusive`: with the row at the position. */
export function queryOf(
  conditions: readonly string[],
  { column, descending }: RowOrder,
  after?: Position,
  inclusive = false,
): string {
  const terms = [...conditions];
  const behind = inclusive ? ">=" : ">";
  if (column === undefined) {
    if (after) terms.push(`sys_id${behind}${after.id}`);
    terms.push("ORDERBYsys_id");
  } else {
    const past = descending ? "<" : ">";
    // Without an id it is a moment to begin at.
    if (after) terms.push(`${column}${past}=${after.value}`);
    if (after?.id) terms.push(`${column}${past}${after.value}`, `ORsys_id${behind}${after.id}`);
    terms.push(`ORDERBY${descending ? "DESC" : ""}${column}`, "ORDERBYsys_id");
  }
  return terms.join("^");
}

/** A sys_id, or a short name that some tables have instead (`global`). */
export const ID = /^[0-9A-Za-z_-]{1,64}$/;
const STORED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** The cursor. `walk` says what is walked through: a cursor of another one is refused. */
export function cursorOf({ value, id }: Position, walk: string): string {
  const text = btoa(JSON.stringify([1, fingerprint(walk), value, id]));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const LONGEST_CURSOR = 400;

/** What a cursor carries; undefined for one that does not belong to this walk, or is none. */
export function positionOf(cursor: string, walk: string): Position | undefined {
  if (cursor.length > LONGEST_CURSOR) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [version, print, value, id] = parts;
  if (version !== 1 || print !== fingerprint(walk) || typeof value !== "string" || typeof id !== "string")
    return undefined;
  const fits = (value === "" || STORED_TIME.test(value)) && (ID.test(id) || (id === "" && value !== ""));
  return fits ? { value, id } : undefined;
}

/** FNV-1a, 32 bits: tells walks apart, and protects nothing. What a cursor carries gives no rights. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** `2026-02-28T08:30:00Z` as instances store it. Undefined for what is no moment. */
export function storedTime(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : stamp(time);
}

/** Milliseconds since 1970 as instances store them: UTC, in seconds. */
export function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
