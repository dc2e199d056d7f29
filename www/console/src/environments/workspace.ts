/** Everything that a page holds of environments: the store, the vault, the list, the connections. Made once, by `main.tsx`. */
import { createRecordings, type Recordings } from "../activity/recording";
import { session } from "../store/browser-tab";
import { openStore } from "../store/open";
import type { Store } from "../store/store";
import { forgetUnused } from "../vault/references";
import { announcing, databaseSeals } from "../vault/seals";
import { createVault, type Vault } from "../vault/vault";
import { type Connections, createConnections, needsPerson } from "./connections";
import { createEnvironments, type Environments } from "./environments";
import { type Guard, guard } from "./guard";
import { createScenarios, type Scenarios } from "./scenarios";
import { endSignIn, noteSignIn } from "./sign-in";

export interface Workspace {
  store: Store;
  vault: Vault;
  environments: Environments;
  connections: Connections;
  /** What each connection did. */
  recordings: Recordings;
  guard: Guard;
  scenarios: Scenarios;
}

/** Opens the store and reads what is kept. Opens no connection, but ends a sign-in whose return is this page's address. */
export async function openWorkspace(): Promise<Workspace> {
  const { store, database, channel } = await openStore();
  const vault = createVault(
    database && announcing(databaseSeals(database), (what) => channel?.send({ secrets: what })),
  );
  const environments = createEnvironments(store, vault);
  // Without query and fragment: what a registry record has as its redirect URL.
  const recordings = createRecordings(vault.conceal);
  const connections = createConnections(environments, vault, guard, recordings, location.origin + location.pathname);
  channel?.listen((heard) => {
    if (!("secrets" in heard)) return;
    if (heard.secrets === "forgotten") connections.closeAll();
    void vault.refresh(heard.secrets === "forgotten");
  });
  await Promise.all([vault.open(), environments.load()]);
  const workspace = { store, vault, environments, connections, recordings, guard, scenarios: createScenarios() };
  guard.unlocked.subscribe((unlocked) => {
    for (const until of unlocked.values()) setTimeout(guard.endUnlocks, Math.max(0, until - Date.now()));
  });
  await returned(workspace);
  void forgetLeftOver(workspace);
  return workspace;
}

/** Held by each tab, so that one that opens knows whether it is the only one. */
const TAB_LOCK = "sysparm-console-open";

/**
 * Forgets remembered secrets to which nothing refers, such as those of a removal that could still be undone when its tab closed. Not
 * while another tab is open: it may hold what it has not stored.
 */
async function forgetLeftOver({ store, vault }: Workspace): Promise<void> {
  // Absent on a page that is not secure.
  const locks = navigator.locks as LockManager | undefined;
  const found = vault.remembered.value;
  await locks?.request(TAB_LOCK, { ifAvailable: true }, (lock) => lock && forgetUnused(found, { store, vault }));
  void locks?.request(TAB_LOCK, { mode: "shared" }, () => new Promise(() => undefined));
}

async function returned(workspace: Workspace): Promise<void> {
  const { href, pathname, search, hash } = location;
  const given = new URLSearchParams(search);
  if (!given.has("state") || !(given.has("code") || given.has("error"))) return;
  // Whatever comes of it: a code must not stay in the address bar and the history.
  history.replaceState(history.state, "", pathname + hash);
  await endSignIn(workspace, session(), href);
}

/** Opens the connection of an environment; one whose grant needs a person leaves this page for the instance's. */
export async function openConnection({ environments, connections }: Workspace, id: string): Promise<void> {
  const environment = environments.find(id);
  if (environment && needsPerson(environment)) noteSignIn(session(), id);
  await connections.open(id);
}

/** Forgets every secret. The connections hold tokens and secrets of their own: they are closed first. */
export async function forgetSecrets({ vault, connections }: Pick<Workspace, "vault" | "connections">): Promise<void> {
  connections.closeAll();
  await vault.forgetAll();
}
