/**
 * What the console keeps between visits: environments, collections, history, tabs and preferences. No secret is in it (see `vault/`).
 *
 * A record that does not fit its schema is set aside and reported, and the others are read all the same.
 */
import { signal } from "@preact/signals";
import { type Backing, memoryBacking } from "./backing";
import { type Database, databaseBacking, openDatabase } from "./database";
import { type Damaged, type Incoming, KINDS, type Kind, type Kinds, readRecord, record } from "./records";

export type Store = ReturnType<typeof createStore>;

/** The file of an export. Its version is that of the file, not of the records. */
interface ExportFile {
  format: "sysparm-console";
  version: 1;
  records: { [K in Kind]?: unknown[] };
}

/** Opens the database; without IndexedDB the store is in memory and says so. */
export async function openStore(): Promise<{ store: Store; database: Database | null }> {
  try {
    const database = await openDatabase();
    return { store: createStore(databaseBacking(database)), database };
  } catch {
    return { store: createStore(memoryBacking(), IN_MEMORY), database: null };
  }
}

const IN_MEMORY =
  "This browser keeps nothing for this page, as in a private window. What you make here is lost when the tab closes; export it to keep it.";

export function createStore(backing: Backing, says = "") {
  /** Records that were set aside, with the reason. Shown until the person dismisses them. */
  const damaged = signal<Damaged[]>([]);
  /** What the person should know about the store as a whole; empty if nothing. */
  const notice = signal(says);

  async function report(found: Damaged): Promise<void> {
    damaged.value = [...damaged.value, found];
    if (found.id !== "") await backing.setAside(found);
  }

  async function all<K extends Kind>(kind: K): Promise<Kinds[K][]> {
    const read: Kinds[K][] = [];
    for (const found of await backing.all(kind)) {
      const result = readRecord(kind, found);
      if ("data" in result) read.push(result.data);
      else await report(result.damaged);
    }
    return read;
  }

  /** Says in `notice` when a record could not be kept, for instance because the disk is full. */
  async function put<K extends Kind>(kind: K, data: Kinds[K]): Promise<void> {
    try {
      await backing.put(kind, record(kind, data));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      notice.value = `A change of ${kind} could not be kept: ${why}. Export your work, then free storage of this browser.`;
    }
  }

  const remove = (kind: Kind, id: string): Promise<void> => backing.remove(kind, id);

  /** Everything but secrets, as the text of one JSON file. */
  async function exportAll(): Promise<string> {
    const records: ExportFile["records"] = {};
    for (const kind of KINDS) records[kind] = await backing.all(kind);
    const file: ExportFile = { format: "sysparm-console", version: 1, records };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  /**
   * The records of an exported file. None is kept yet; those that do not fit are reported.
   * @throws Error for a file that is no export of the console
   */
  function readExport(text: string): Incoming[] {
    const file = parsed(text);
    const read: Incoming[] = [];
    for (const kind of KINDS) {
      const found = file.records[kind];
      for (const one of Array.isArray(found) ? found : []) {
        const result = readRecord(kind, one);
        if ("damaged" in result) damaged.value = [...damaged.value, result.damaged];
        else read.push({ kind, data: result.data } as Incoming);
      }
    }
    return read;
  }

  return { damaged, notice, all, put, remove, exportAll, readExport, aside: backing.aside };
}

function parsed(text: string): ExportFile {
  let file: Partial<ExportFile> | null;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("The file is not JSON. Choose a file that the console exported.");
  }
  if (file?.format !== "sysparm-console" || typeof file.records !== "object" || file.records === null)
    throw new Error("The file is not an export of the console. Choose one that it exported.");
  if (file.version !== 1) throw new Error(`The file's version is ${file.version}. Use a console of that version.`);
  return file as ExportFile;
}
