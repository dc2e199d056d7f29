/**
 * Reads the inventories of the chosen environments at once, and compares them.
 *
 *     none --start--> reading --all read or failed--> ended, or failed where fewer than two were read
 *                        `--cancel, disconnect--> none
 */
import { computed, signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Comparison, Inventory } from "sysparm/environments";
import { hostOf } from "../environments/environments";
import { integrationOf, tablesIn } from "../environments/integration";
import type { Workspace } from "../environments/workspace";
import { failureOf } from "../failure/failure";
import { readFile } from "../kit/read-file";
import type { Environment } from "../workspace/model";
import { distinctNames } from "./distinct-names";

export type Comparing = ReturnType<typeof createComparing>;

export interface Ended {
  name: "ended";
  comparison: Comparison;
  markdown: string;
  inventories: Inventory[];
  /** Environments that could not be read at all. */
  failed: string[];
}

type Phase = { name: "none" } | { name: "reading"; abort: AbortController } | Ended;

type Library = Pick<typeof import("sysparm/environments"), "readInventory" | "compare" | "comparisonMarkdown">;

/** Characters of a file that is read. */
const MOST_CHARACTERS = 20_000_000;

/** Nothing that a call failed with: its message says it all. */
class TooFew extends Error {}

export function createComparing(
  { environments, connections }: Pick<Workspace, "environments" | "connections">,
  load: () => Promise<Library> = () => import("sysparm/environments"),
) {
  const phase = signal<Phase>({ name: "none" });
  /** Of the environments that are connected, those that are not wanted. */
  const leftOut = signal<ReadonlySet<string>>(new Set());
  /** Inventories of files. */
  const saved = signal<readonly Inventory[]>([]);
  const tables = signal("");
  const user = signal("");
  const problem = signal("");
  /** What is being read, by the environment's name. */
  const progress = signal<ReadonlyMap<string, string>>(new Map());

  const chosen = computed(() =>
    environments.list.value.filter(({ id }) => connections.of(id).name === "open" && !leftOut.value.has(id)),
  );
  const count = computed(() => chosen.value.length + saved.value.length);
  const wrongTable = computed(() => tablesIn(tables.value).wrong);

  function choose(id: string, isWanted: boolean): void {
    const others = [...leftOut.value].filter((other) => other !== id);
    leftOut.value = new Set(isWanted ? others : [...others, id]);
  }

  async function start(): Promise<void> {
    if (phase.value.name === "reading") return;
    const abort = new AbortController();
    phase.value = { name: "reading", abort };
    problem.value = "";
    progress.value = new Map();
    try {
      const library = await load();
      const ended = await readAndCompare(library, abort.signal);
      if (!abort.signal.aborted) phase.value = ended;
    } catch (thrown) {
      if (abort.signal.aborted) return;
      problem.value = thrown instanceof TooFew ? thrown.message : failureOf(thrown).message;
      phase.value = { name: "none" };
    }
  }

  async function readAndCompare(library: Library, signal: AbortSignal): Promise<Ended> {
    const wanted = chosen.value;
    const names = distinctNames([
      ...saved.value.map(({ name, url }) => ({ name, host: url })),
      ...wanted.map((environment) => ({ name: environment.name, host: hostOf(environment) })),
    ]);
    const ofFiles = saved.value.map((inventory, index) => ({ ...inventory, name: names[index] ?? inventory.name }));
    const failed: string[] = [];
    const readings = wanted.map(async (environment, index) => {
      const connection = connections.of(environment.id);
      const name = names[ofFiles.length + index] ?? environment.name;
      if (connection.name !== "open") return [];
      try {
        return [await readOne(library, connection.instance, environment, name, signal)];
      } catch (thrown) {
        signal.throwIfAborted();
        failed.push(`${name}: ${failureOf(thrown).message}`);
        return [];
      }
    });
    const inventories = [...ofFiles, ...(await Promise.all(readings)).flat()];
    if (inventories.length < 2) throw new TooFew(failed.join(" ") || "Fewer than two environments could be read.");
    const comparison = library.compare(inventories);
    return { name: "ended", comparison, markdown: library.comparisonMarkdown(comparison), inventories, failed };
  }

  function readOne(library: Library, instance: Instance, environment: Environment, name: string, signal: AbortSignal) {
    const account = user.value.trim();
    return library.readInventory(instance, {
      // With another account named, the environment's sign-in is the reader's, not the integration's.
      ...(account ? { user: account } : integrationOf(environment)),
      name,
      tables: tablesIn(tables.value).tables,
      signal,
      onProgress: (fact) => {
        progress.value = new Map([...progress.value, [name, fact]]);
      },
    });
  }

  function cancel(): void {
    if (phase.value.name !== "reading") return;
    phase.value.abort.abort();
    phase.value = { name: "none" };
  }

  /** Adds inventories of files that the program `sysparm compare --save` or this page has saved. */
  async function addSaved(files: readonly Pick<File, "name" | "size" | "text">[]): Promise<void> {
    problem.value = "";
    for (const file of files) {
      const read = file.size > MOST_CHARACTERS ? { text: "" } : await readFile(file);
      if ("problem" in read) {
        problem.value = `${file.name}: ${read.problem}`;
        continue;
      }
      const inventory = inventoryIn(read.text);
      if (inventory) saved.value = [...saved.value, inventory];
      else
        problem.value = `${file.name} is no inventory. Choose a file that was saved here or by sysparm compare --save.`;
    }
  }

  function removeSaved(inventory: Inventory): void {
    saved.value = saved.value.filter((other) => other !== inventory);
  }

  return {
    ...{ phase, leftOut, saved, tables, user, problem, progress, chosen, count, wrongTable },
    ...{ choose, start, cancel, addSaved, removeSaved },
  };
}

/** Whether it can be compared is said by the comparison. */
function inventoryIn(text: string): Inventory | undefined {
  try {
    const given = JSON.parse(text) as Partial<Inventory> | null;
    return given?.format === 1 && typeof given.name === "string" ? (given as Inventory) : undefined;
  } catch {
    return undefined;
  }
}
