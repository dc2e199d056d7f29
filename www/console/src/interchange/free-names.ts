/** Gives imported variables names that are free in the environment, so that none there is replaced. Pure. */
import { replaceMarks } from "../tester/variables";
import type { Collection, Folder, Imported, Item, Variable } from "../workspace/model";

export interface Placed {
  collections: Collection[];
  /** Only those that the environment does not have yet. */
  variables: Variable[];
  /** Names of the import and the names that took their place. */
  renamed: ReadonlyMap<string, string>;
}

/** `equal` says whether two variables of one name have the same value; the one present is then kept. */
export function withFreeNames(
  { collections, variables }: Pick<Imported, "collections" | "variables">,
  present: readonly Variable[],
  equal: (incoming: Variable, present: Variable) => boolean,
): Placed {
  const taken = new Set([...present, ...variables].map(({ name }) => name.trim()));
  // A variable of a collection would hide one of the environment with its name.
  for (const collection of collections) addNames(collection, taken);
  const renamed = new Map<string, string>();
  const added: Variable[] = [];
  for (const variable of variables) {
    const name = variable.name.trim();
    const same = present.filter((other) => other.name.trim() === name);
    if (same.some((other) => equal(variable, other))) continue;
    let free = name;
    if (same.length > 0) {
      for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
      taken.add(free);
      renamed.set(name, free);
    }
    added.push({ ...variable, name: free });
  }
  return {
    collections: renamed.size === 0 ? collections : collections.map((one) => renamedFolder(one, renamed)),
    variables: added.map((one) => (one.value === undefined ? one : { ...one, value: replaced(one.value, renamed) })),
    renamed,
  };
}

function addNames(holder: Collection | Folder, taken: Set<string>): void {
  for (const { name } of holder.variables) taken.add(name.trim());
  for (const item of holder.items) if (item.kind === "folder") addNames(item, taken);
}

type Renamed = ReadonlyMap<string, string>;

/** A name that the folder defines itself means its own variable. */
function renamedFolder<F extends Collection | Folder>(folder: F, given: Renamed): F {
  const own = new Set(folder.variables.filter(({ on }) => on).map(({ name }) => name.trim()));
  const renamed = new Map([...given].filter(([name]) => !own.has(name)));
  const items = folder.items.map(
    (item): Item => (item.kind === "folder" ? renamedFolder(item, renamed) : inTexts(item, renamed)),
  );
  const { auth, variables } = inTexts({ auth: folder.auth, variables: folder.variables }, renamed);
  return { ...folder, auth, variables, items };
}

/** Replaces references in every text of a part of the model, and the names of variables that extractions set. */
function inTexts<T>(part: T, renamed: Renamed): T {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      if (key === "id") return value;
      return key === "variable" ? (renamed.get(value.trim()) ?? value) : replaced(value, renamed);
    }
    if (Array.isArray(value)) return value.map((one) => walk(one, ""));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
  };
  return walk(part, "") as T;
}

function replaced(text: string, renamed: Renamed): string {
  return replaceMarks(text, (name, whole) => {
    const free = renamed.get(name);
    return free === undefined ? whole : `{{${free}}}`;
  });
}
