/** What a key does in the list of collections. Pure. */

/** Keys of a text field or a choice belong to it: Delete in the filter removes a character and never a collection. */
export function treeKey(key: string, target: { matches: (selectors: string) => boolean }): "rename" | "remove" | null {
  if (target.matches("input, select, textarea")) return null;
  if (key === "F2") return "rename";
  return key === "Delete" ? "remove" : null;
}
