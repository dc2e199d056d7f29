/** Changes to collections as plain data: every function returns new lists and leaves the given ones unchanged. Pure. */
import type { Scope } from "../tester/variables";
import { withNewIds } from "../workspace/copy";
import type { AuthSetting, Collection, Folder, Item, SavedRequest } from "../workspace/model";

/** A folder or a collection: what holds items. */
export type Holder = Collection | Folder;
export type Node = Holder | SavedRequest;

/** A node with the holders around it, the collection first. */
export interface Place {
  node: Node;
  ancestors: Holder[];
}

export function find(collections: readonly Collection[], id: string): Place | undefined {
  for (const place of places(collections)) if (place.node.id === id) return place;
  return undefined;
}

/** Every node, each holder before its content. */
export function* places(nodes: readonly Node[], ancestors: Holder[] = []): Generator<Place> {
  for (const node of nodes) {
    yield { node, ancestors };
    if (node.kind !== "request") yield* places(node.items, [...ancestors, node]);
  }
}

/** The requests of a holder in the order of the tree. */
export function requestsOf(holder: Holder): Place[] {
  return [...places([holder])].filter(({ node }) => node.kind === "request");
}

/** All collections and folders, by their path. */
export function holders(collections: readonly Node[]): { id: string; path: string }[] {
  return [...places(collections)]
    .filter(({ node }) => node.kind !== "request")
    .map(({ node, ancestors }) => ({
      id: node.id,
      path: [...ancestors, node as Holder].map(({ name }) => name).join(" > "),
    }));
}

/** The variables in force at a place, outermost first; the environment's come before them. */
export function scopesAt(ancestors: readonly Holder[]): Scope[] {
  return ancestors.map((holder, depth) => ({
    name: ancestors
      .slice(0, depth + 1)
      .map(({ name }) => name)
      .join(" > "),
    variables: holder.variables,
  }));
}

export function authAt(ancestors: readonly Holder[]): AuthSetting[] {
  return ancestors.map((holder) => holder.auth);
}

/** Changes the node with this id. A kind is never changed. */
export function change(collections: readonly Collection[], id: string, edit: <N extends Node>(node: N) => N) {
  const inner = <N extends Node>(node: N): N => {
    const changed = node.id === id ? edit(node) : node;
    return changed.kind === "request" ? changed : { ...changed, items: changed.items.map(inner) };
  };
  return collections.map(inner);
}

export function rename(collections: readonly Collection[], id: string, name: string): Collection[] {
  return change(collections, id, (node) => ({ ...node, name }));
}

/** Puts an item into a holder, at the end unless an index is given. An unknown holder leaves everything as it is. */
export function insert(
  collections: readonly Collection[],
  holderId: string,
  item: Item,
  index = Number.POSITIVE_INFINITY,
): Collection[] {
  return change(collections, holderId, (node) => {
    if (node.kind === "request") return node;
    const items = [...node.items];
    items.splice(Math.min(index, items.length), 0, item);
    return { ...node, items };
  });
}

export interface Removed {
  collections: Collection[];
  /** Puts the node back to its place in the collections as they are then. */
  undo: (now: readonly Collection[]) => Collection[];
}

export function remove(collections: readonly Collection[], id: string): Removed {
  const place = find(collections, id);
  if (!place) return { collections: [...collections], undo: (now) => [...now] };
  const { node } = place;
  const holder = place.ancestors.at(-1);
  if (node.kind === "collection" || !holder) {
    const index = collections.findIndex((collection) => collection.id === id);
    const taken = collections[index];
    return {
      collections: collections.filter((collection) => collection.id !== id),
      undo: (now) => (taken ? [...now.slice(0, index), taken, ...now.slice(index)] : [...now]),
    };
  }
  const index = holder.items.findIndex((item) => item.id === id);
  return {
    collections: change(collections, holder.id, (found) =>
      found.kind === "request" ? found : { ...found, items: found.items.filter((item) => item.id !== id) },
    ),
    undo: (now) => insert(now, holder.id, node, index),
  };
}

/** Moves an item into a holder. A folder is not moved into itself: then everything stays as it is. */
export function move(collections: readonly Collection[], id: string, holderId: string, index?: number): Collection[] {
  const place = find(collections, id);
  const target = find(collections, holderId);
  if (!place || !target || place.node.kind === "collection" || target.node.kind === "request") return [...collections];
  if ([...target.ancestors, target.node].some((holder) => holder.id === id)) return [...collections];
  return insert(remove(collections, id).collections, holderId, place.node, index);
}

/** Adds a copy with new ids after the node. `id` is that of the copy, empty if there is no such node. */
export function duplicate(collections: readonly Collection[], id: string): { collections: Collection[]; id: string } {
  const place = find(collections, id);
  if (!place) return { collections: [...collections], id: "" };
  const copy = withNewIds({ ...place.node, name: `${place.node.name} (copy)` });
  const holder = place.ancestors.at(-1);
  if (copy.kind === "collection") {
    const index = collections.findIndex((collection) => collection.id === id) + 1;
    return { collections: [...collections.slice(0, index), copy, ...collections.slice(index)], id: copy.id };
  }
  const index = (holder?.items.findIndex((item) => item.id === id) ?? 0) + 1;
  return { collections: holder ? insert(collections, holder.id, copy, index) : [...collections], id: copy.id };
}
