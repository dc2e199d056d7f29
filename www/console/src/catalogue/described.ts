/**
 * What an instance describes of itself: the OpenAPI files that the REST API Explorer exports, and the description of a practice instance.
 * Kept for each environment, in memory.
 */
import { computed, signal } from "@preact/signals";
import { isLoopback } from "../connection/practice";
import { importText } from "../interchange/import/index";
import { type Imported, type Item, newId, type SavedRequest } from "../workspace/model";

export interface Described {
  title: string;
  requests: readonly DescribedRequest[];
  losses: Imported["losses"];
}

export interface DescribedRequest {
  /** The first tag. */
  group: string;
  request: SavedRequest;
}

export type DescribedState = ReturnType<typeof createDescribed>;

/** `environmentId` is that of the environment in use; empty for none. */
export function createDescribed(environmentId: () => string, send: typeof fetch = (...given) => fetch(...given)) {
  const all = signal<ReadonlyMap<string, readonly Described[]>>(new Map());
  const problem = signal("");
  const busy = signal(false);
  const current = computed(() => all.value.get(environmentId()) ?? []);

  /** Adds a document to the environment that was in use when it was asked for. One of the same title is replaced. */
  async function add(load: () => Promise<{ text: string; name: string }>): Promise<void> {
    const id = environmentId();
    problem.value = "";
    busy.value = true;
    try {
      const { text, name } = await load();
      const read = describedOf(await importText(text, name));
      const others = (all.value.get(id) ?? []).filter(({ title }) => title !== read.title);
      all.value = new Map([...all.value, [id, [...others, read]]]);
    } catch (thrown) {
      problem.value = thrown instanceof Error ? thrown.message : String(thrown);
    } finally {
      busy.value = false;
    }
  }

  const addFile = (file: File) => add(async () => ({ text: await file.text(), name: file.name }));

  /** Reads the description that a practice instance on this machine publishes. */
  const addPractice = (address: string) =>
    add(async () => {
      if (!isLoopback(address)) throw new Error("Only a practice instance on this machine publishes its description.");
      const reply = await send(`${address}/__practice/openapi.json`, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
      if (!reply.ok) throw new Error(`The practice instance answered with status ${reply.status}.`);
      return { text: await reply.text(), name: "openapi.json" };
    });

  return { current, problem, busy, addFile, addPractice };
}

const LONGEST_WAIT_MS = 10_000;

/** @throws Error for a text of another format */
export function describedOf({ format, collections, losses }: Imported): Described {
  if (!format.startsWith("OpenAPI"))
    throw new Error(`This is ${format}, not OpenAPI. Import it under Import and export.`);
  const requests: DescribedRequest[] = [];
  for (const { items, variables } of collections) {
    const values = new Map(variables.map(({ name, value }) => [name, value ?? ""]));
    const walk = (list: readonly Item[], group: string): void => {
      for (const item of list) {
        if (item.kind === "folder") walk(item.items, item.name);
        else requests.push({ group, request: withValues(item, values) });
      }
    };
    walk(items, "");
  }
  return { title: collections[0]?.name ?? "OpenAPI", requests, losses };
}

/** With the values that the document states in place of their variables. The address is a path of the instance in use. */
function withValues(request: SavedRequest, values: ReadonlyMap<string, string>): SavedRequest {
  const address = request.address
    .replace(/\{\{([^{}]+)\}\}/g, (whole, name: string) => values.get(name) || whole)
    .replace(/^https?:\/\/[^/]+/i, "");
  return { ...request, address, auth: { kind: "inherit" } };
}

/** A copy for a tab of its own. */
export function opened(request: SavedRequest): SavedRequest {
  return { ...request, id: newId() };
}

/** The requests with every typed word, as far as they are shown. */
export function foundIn({ requests }: Described, typed: string): DescribedRequest[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return requests
    .filter(({ group, request }) => {
      const text = `${group} ${request.method} ${request.address} ${request.name}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .slice(0, MOST_SHOWN);
}

export const MOST_SHOWN = 300;
