/** Where imports go and exports come from: the collections, the environment in use, the vault. */
import type { HistoryEntry } from "../collections/history";
import { baseAddress } from "../environments/environments";
import type { Workspace } from "../environments/workspace";
import type { Collection, Imported } from "../workspace/model";
import type { ExportFacts } from "./export/exported";
import { withFreeNames } from "./free-names";

export type InterchangeStore = ReturnType<typeof createInterchangeStore>;

export interface CollectionList {
  all: () => Promise<readonly Collection[]>;
  /** What was sent, masked. */
  history: () => Promise<readonly HistoryEntry[]>;
  add: (collections: readonly Collection[]) => Promise<void>;
}

/** What became of the variables of an import. */
export interface Kept {
  /** The name of the environment they went to; undefined if there is none. */
  environment: string | undefined;
  added: number;
  /** How many were not kept, because there is no environment. */
  left: number;
  /** Names that the environment had with another value, and the names given instead. */
  renamed: ReadonlyMap<string, string>;
  /** Why the variables may not have been kept, while everything else was; empty if they were. */
  problem: string;
}

export function createInterchangeStore({ environments, vault }: Workspace, list: CollectionList) {
  /**
   * Keeps what was imported. Variables of the environment go to the one in use, which keeps its own; without one they are not kept.
   * @throws Error if nothing was kept
   */
  async function keep(imported: Imported, remember: boolean): Promise<Kept> {
    const current = environments.current.value;
    const { collections, variables, renamed } = withFreeNames(
      imported,
      current?.variables ?? [],
      (incoming, present) => {
        if (incoming.on !== present.on) return false;
        if (incoming.secret === undefined || present.secret === undefined)
          return incoming.secret === present.secret && incoming.value === present.value;
        const text = imported.secrets.get(incoming.secret) ?? "";
        return text === "" || text === vault.get(present.secret)?.reveal();
      },
    );
    const added = current ? variables : [];
    const needed = new Set(added.map(({ secret }) => secret));
    const unused = new Set(imported.variables.map(({ secret }) => secret).filter((ref) => !needed.has(ref)));
    // An empty secret is only a place: it is entered later.
    const secrets = [...imported.secrets].filter(([ref, text]) => text !== "" && !unused.has(ref));
    try {
      for (const [ref, text] of secrets) await vault.put(text, remember, ref);
      await list.add(collections);
    } catch (thrown) {
      await Promise.allSettled(secrets.map(([ref]) => vault.forget(ref)));
      throw thrown;
    }
    const kept = { environment: current?.name, left: current ? 0 : variables.length, renamed };
    try {
      if (current && added.length > 0) {
        const present = environments.find(current.id)?.variables ?? [];
        await environments.amend(current.id, { variables: [...present, ...added] });
      }
    } catch (thrown) {
      return { ...kept, added: 0, problem: thrown instanceof Error ? thrown.message : String(thrown) };
    }
    return { ...kept, added: added.length, problem: "" };
  }

  /** The environment in use, as far as an export may know it. */
  function facts(): ExportFacts {
    const environment = environments.current.value;
    if (environment?.route.way !== "direct") {
      return { instanceUrl: UNKNOWN_INSTANCE, auth: { kind: "oauth", clientId: "", grant: "client_credentials" } };
    }
    const { route, variables } = environment;
    return { instanceUrl: baseAddress(environment), auth: route.auth, variables };
  }

  /** Entries of earlier versions have no address: theirs is that of their environment now. */
  function baseOf(entry: HistoryEntry): string | undefined {
    if (entry.base !== undefined) return entry.base;
    const environment = environments.find(entry.environmentId);
    return environment && baseAddress(environment);
  }

  return { all: list.all, history: list.history, baseOf, keep, facts, environment: environments.current };
}

/** Stands in an export that knows no instance. */
const UNKNOWN_INSTANCE = "https://dev00000.service-now.com";
