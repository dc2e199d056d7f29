/** Where imports go and exports come from: the collections, the environment in use, the vault. */
import type { HistoryEntry } from "../collections/history";
import type { Workspace } from "../environments/workspace";
import type { Collection, Imported } from "../workspace/model";
import type { ExportFacts } from "./export/exported";

export type Shelf = ReturnType<typeof createShelf>;

export interface CollectionList {
  all: () => Promise<readonly Collection[]>;
  /** What was sent, masked. */
  history: () => Promise<readonly HistoryEntry[]>;
  add: (collections: readonly Collection[]) => Promise<void>;
}

export function createShelf({ environments, vault }: Workspace, list: CollectionList) {
  /** Keeps what was imported. Variables of the environment go to the one in use; without one they are not kept. */
  async function keep({ collections, variables, secrets }: Imported, remember: boolean): Promise<void> {
    // An empty secret is only a place: it is entered later.
    for (const [ref, text] of secrets) if (text !== "") await vault.put(text, remember, ref);
    await list.add(collections);
    const current = environments.current.value;
    if (current && variables.length > 0) {
      const names = new Set(variables.map(({ name }) => name));
      await environments.amend(current.id, {
        variables: [...current.variables.filter(({ name }) => !names.has(name)), ...variables],
      });
    }
  }

  /** The environment in use, as far as an export may know it. */
  function facts(): ExportFacts {
    const route = environments.current.value?.route;
    if (route?.way !== "direct") {
      return { instanceUrl: UNKNOWN_INSTANCE, auth: { kind: "oauth", clientId: "", grant: "client_credentials" } };
    }
    return {
      instanceUrl: route.instanceUrl.replace(/\/+$/, ""),
      auth: route.auth,
      variables: environments.current.value?.variables ?? [],
    };
  }

  return { all: list.all, history: list.history, keep, facts, environment: environments.current };
}

/** Stands in an export that knows no instance. */
const UNKNOWN_INSTANCE = "https://dev00000.service-now.com";
