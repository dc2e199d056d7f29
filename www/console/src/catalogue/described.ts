/**
 * What an instance describes of itself: the OpenAPI files that the REST API Explorer exports, and the description of a practice instance.
 * Kept in memory, for each environment and address.
 */
import { computed, signal } from "@preact/signals";
import { isLoopback } from "../connection/practice";
import { readApart } from "../interchange/import/source";
import { hasWords, wordsOf } from "../kit/words";
import { replaceMarks } from "../tester/variables";
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

interface Reading {
  documents: readonly Described[];
  problem: string;
  /** Of the reading that goes on. */
  abort?: AbortController | undefined;
}

const NOTHING: Reading = { documents: [], problem: "" };

/** `target` names the environment in use and its address: of another address, nothing is shown. */
export function createDescribed(target: () => string, send: typeof fetch = (...given) => fetch(...given)) {
  const all = signal<ReadonlyMap<string, Reading>>(new Map());
  const here = computed(() => all.value.get(target()) ?? NOTHING);

  function set(key: string, part: Partial<Reading>): void {
    const others = [...all.peek()].filter(([name]) => name !== key).slice(1 - MOST_TARGETS);
    all.value = new Map([...others, [key, { ...(all.peek().get(key) ?? NOTHING), ...part }]]);
  }

  /** Adds a document to what was in use when it was asked for. One of the same title is replaced. A later reading ends an earlier one. */
  async function add(load: (signal: AbortSignal) => Promise<{ text: string; name: string }>): Promise<void> {
    const key = target();
    all.peek().get(key)?.abort?.abort();
    const abort = new AbortController();
    set(key, { abort, problem: "" });
    let part: Partial<Reading> = {};
    try {
      const { text, name } = await load(abort.signal);
      const read = describedOf(await readApart({ kind: "text", text, fileName: name }, abort.signal));
      const others = (all.peek().get(key)?.documents ?? []).filter(({ title }) => title !== read.title);
      part = { documents: [...others, read].slice(-MOST_DOCUMENTS) };
    } catch (thrown) {
      part = { problem: thrown instanceof Error ? thrown.message : String(thrown) };
    }
    if (!abort.signal.aborted) set(key, { ...part, abort: undefined });
  }

  function cancel(): void {
    const key = target();
    all.peek().get(key)?.abort?.abort();
    set(key, { abort: undefined });
  }

  const addFile = (file: File) => add(async () => ({ text: await file.text(), name: file.name }));

  /** Reads the description that a practice instance on this machine publishes. */
  const addPractice = (address: string) =>
    add(async (signal) => {
      if (!isLoopback(address)) throw new Error("Only a practice instance on this machine publishes its description.");
      const reply = await send(`${address}/__practice/openapi.json`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]),
      });
      if (!reply.ok) throw new Error(`The practice instance answered with status ${reply.status}.`);
      return { text: await reply.text(), name: "openapi.json" };
    });

  return {
    current: computed(() => here.value.documents),
    problem: computed(() => here.value.problem),
    busy: computed(() => here.value.abort !== undefined),
    addFile,
    addPractice,
    cancel,
  };
}

const MOST_TARGETS = 20;
const MOST_DOCUMENTS = 20;

const LONGEST_WAIT_MS = 10_000;

/** @throws Error for a text of another format */
function describedOf({ format, collections, losses }: Imported): Described {
  if (!format.startsWith("OpenAPI"))
    throw new Error(`This is ${format}, not OpenAPI. Import it under Import and export.`);
  const requests: DescribedRequest[] = [];
  for (const { items, variables } of collections) {
    const values = new Map(variables.map(({ name, value }) => [name.trim(), value ?? ""]));
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
  const address = replaceMarks(request.address, (name, whole) => values.get(name) || whole).replace(
    /^https?:\/\/[^/]+/i,
    "",
  );
  return { ...request, address, auth: { kind: "inherit" } };
}

/** A copy for a tab of its own. */
export function opened(request: SavedRequest): SavedRequest {
  return { ...request, id: newId() };
}

/** The requests with every typed word. */
export function foundIn({ requests }: Described, typed: string): DescribedRequest[] {
  const words = wordsOf(typed);
  return requests.filter(({ group, request }) =>
    hasWords(`${group} ${request.method} ${request.address} ${request.name}`, words),
  );
}
