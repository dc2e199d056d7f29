/** Opens the store of this browser. */
import { memoryBacking } from "./backing";
import { type Channel, openChannel } from "./channel";
import { DATABASE, type Database, databaseBacking, openDatabase } from "./database";
import { CLOSED } from "./loss";
import { createStore, type Store } from "./store";

export interface Opened {
  store: Store;
  /** Null where the store is in memory. */
  database: Database | null;
  channel: Channel | null;
}

/** Without IndexedDB the store is in memory and says so. */
export async function openStore(): Promise<Opened> {
  try {
    let store: Store | undefined;
    const database = await openDatabase(() => {
      if (store) store.notice.value = CLOSED;
    });
    const channel = openChannel(DATABASE);
    store = createStore(databaseBacking(database), "", channel);
    return { store, database, channel };
  } catch (thrown) {
    const isNewer = thrown instanceof DOMException && thrown.name === "VersionError";
    return { store: createStore(memoryBacking(), isNewer ? NEWER : IN_MEMORY), database: null, channel: null };
  }
}

const IN_MEMORY =
  "This browser keeps nothing for this page, as in a private window. What you make here is lost when the tab closes; export it to keep it.";
const NEWER =
  "A newer console keeps its records in this browser, and this one cannot read them. Nothing of them was changed. Close all tabs of the console, then open it again.";
