/** Records of the store: versioned, migrated and checked on reading. Pure. */
import * as v from "valibot";
import type { Collection, Environment, SavedQuery } from "../workspace/model";
import { collectionSchema, environmentSchema, type Kept, openSchema, querySchema } from "./schemas";

/** What each object store holds. */
export interface Kinds {
  environments: Environment;
  collections: Collection;
  queries: SavedQuery;
  history: Kept;
  tabs: Kept;
  /** One record for each pane or setting, by its name. */
  preferences: Kept;
}
export type Kind = keyof Kinds;

/** A record that was read from a file. */
export type Incoming = { [K in Kind]: { kind: K; data: Kinds[K] } }[Kind];

/** A record as it is stored. `version` is that of its kind when it was written. */
export interface StoredRecord {
  id: string;
  version: number;
  /** Raised by each write. Absent in records of earlier consoles. */
  revision?: number;
  data: unknown;
}

/** A record that a newer version of the console wrote. It is left as it is. */
export interface Newer {
  kind: Kind;
  id: string;
  version: number;
}

export interface Damaged {
  kind: Kind;
  id: string;
  /** What does not fit, as a sentence. */
  why: string;
  /** The record as it was found. */
  found: unknown;
}

interface Rule<Data> {
  schema: v.GenericSchema<unknown, Data>;
  /** Step n turns the data of version n + 1 into that of version n + 2. The current version is the number of steps + 1. */
  steps: ((data: unknown) => unknown)[];
}

export const RULES: { [K in Kind]: Rule<Kinds[K]> } = {
  environments: { schema: environmentSchema, steps: [] },
  collections: { schema: collectionSchema, steps: [] },
  queries: { schema: querySchema, steps: [] },
  history: { schema: openSchema, steps: [] },
  tabs: { schema: openSchema, steps: [] },
  preferences: { schema: openSchema, steps: [] },
};
export const KINDS = Object.keys(RULES) as Kind[];

export function record<K extends Kind>(kind: K, data: Kinds[K], rules: Pick<typeof RULES, K> = RULES): StoredRecord {
  return { id: data.id, version: rules[kind].steps.length + 1, data };
}

/** The data of a stored record in its current form, or why it cannot be read. */
export function readRecord<K extends Kind>(
  kind: K,
  found: unknown,
  rules: Pick<typeof RULES, K> = RULES,
): { data: Kinds[K] } | { damaged: Damaged } | { newer: Newer } {
  const { schema, steps } = rules[kind];
  const { id, version, data } = (typeof found === "object" && found !== null ? found : {}) as Partial<StoredRecord>;
  const broken = (why: string) => ({ damaged: { kind, id: typeof id === "string" ? id : "", why, found } });
  if (typeof id !== "string" || !Number.isInteger(version) || Number(version) < 1)
    return broken("It has no id or no version.");
  const current = steps.length + 1;
  if (Number(version) > current) return { newer: { kind, id, version: Number(version) } };
  let migrated: unknown = data;
  try {
    for (const step of steps.slice(Number(version) - 1)) migrated = step(migrated);
  } catch (thrown) {
    return broken(`It could not be brought from version ${version} to ${current}: ${String(thrown)}.`);
  }
  const checked = v.safeParse(schema, migrated);
  if (!checked.success) return broken(words(checked.issues[0]));
  if (checked.output.id !== id) return broken(`Its id is "${id}", and that of its data is "${checked.output.id}".`);
  return { data: checked.output };
}

function words(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path ? `Its member ${path} does not fit. ${issue.message}.` : `It does not fit. ${issue.message}.`;
}
