/** Merges two changes of the same plain data. Pure. */

export interface Merged<Data> {
  data: Data;
  /** True if both changed the same thing, or one changed what the other removed. `data` then has it as in `mine`. */
  conflict: boolean;
}

/** `base` is what both started from. Items of lists are matched by their `id`; a list of anything else is one thing. */
export function merge<Data>(base: Data, mine: Data, theirs: Data): Merged<Data> {
  if (same(mine, theirs) || same(theirs, base)) return { data: mine, conflict: false };
  if (same(mine, base)) return { data: theirs, conflict: false };
  if (isItems(base) && isItems(mine) && isItems(theirs)) return mergeItems(base, mine, theirs) as Merged<Data>;
  if (isMembers(base) && isMembers(mine) && isMembers(theirs)) {
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
    const merged = names.map((name) => [name, merge(base[name], mine[name], theirs[name])] as const);
    const present = merged.filter(([, { data }]) => data !== undefined);
    return {
      data: Object.fromEntries(present.map(([name, { data }]) => [name, data])) as Data,
      conflict: merged.some(([, { conflict }]) => conflict),
    };
  }
  return { data: mine, conflict: true };
}

interface Item {
  id: string;
}

/** In the order of `mine` if it moved an item, and of `theirs` otherwise. What only the other has follows the item that it followed there. */
function mergeItems(base: Item[], mine: Item[], theirs: Item[]): Merged<Item[]> {
  const [before, here, there] = [base, mine, theirs].map((items) => new Map(items.map((item) => [item.id, item])));
  let conflict = false;
  const merged = new Map<string, Item>();
  for (const id of new Set([...mine, ...theirs].map((item) => item.id))) {
    const [old, my, their] = [before?.get(id), here?.get(id), there?.get(id)];
    const result = merge(old, my, their);
    conflict ||= result.conflict;
    // A removal gives way to a change.
    const kept = result.data ?? (result.conflict ? their : undefined);
    if (kept) merged.set(id, kept);
  }
  const moved = !same(order(mine, before), order(base, here));
  const [first, second] = moved ? [mine, theirs] : [theirs, mine];
  const ids = first.map(({ id }) => id);
  for (const [index, { id }] of second.entries()) {
    if (ids.includes(id)) continue;
    const previous = second[index - 1];
    ids.splice(previous ? ids.indexOf(previous.id) + 1 : 0, 0, id);
  }
  return { data: ids.flatMap((id) => merged.get(id) ?? []), conflict };
}

/** The ids of the items that are in both. */
function order(items: readonly Item[], other: ReadonlyMap<string, Item> | undefined): string[] {
  return items.map(({ id }) => id).filter((id) => other?.has(id));
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isItems(value: unknown): value is Item[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isMembers(item) && typeof item.id === "string") &&
    new Set(value.map(({ id }) => id)).size === value.length
  );
}

/** Whether two values are the same data, whatever the order of their members. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => same(item, other[index]));
  }
  if (!isMembers(one) || !isMembers(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same(one[name], other[name]));
}
