/** Copies of environments, collections, folders and requests. */
import { type Collection, type Folder, newId, type SavedRequest } from "./model";

/** The same node with new ids all the way down. */
export function withNewIds<Node extends Collection | Folder | SavedRequest>(node: Node): Node {
  const fresh = { ...node, id: newId() };
  return fresh.kind === "request" ? fresh : { ...fresh, items: fresh.items.map(withNewIds) };
}

/** The name itself, or with the first free number: `Mine (2)`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
  return free;
}
