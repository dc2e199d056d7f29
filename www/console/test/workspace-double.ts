/** A workspace in memory, with the console's own parts. */
import { createRecordings } from "../src/activity/recording";
import { createConnections } from "../src/environments/connections";
import { createEnvironments } from "../src/environments/environments";
import { createGuard } from "../src/environments/guard";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";
import { createVault } from "../src/vault/vault";

/** Nothing is kept and no environment is there. A test gives the store or the vault that it is about. */
export function workspaceDouble({ store = createStore(memoryBacking()), vault = createVault(null) } = {}) {
  const environments = createEnvironments(store, vault);
  const guard = createGuard();
  const recordings = createRecordings(vault.conceal);
  const connections = createConnections(environments, vault, guard, recordings, "http://127.0.0.1/");
  return { store, vault, environments, guard, connections };
}
