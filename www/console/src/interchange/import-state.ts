/**
 * One import, from the text to the kept collections.
 *
 *     empty --read--> reading --> report --keep--> keeping --> kept
 *       ^               | `-----> problem  ^---not kept-'
 *       `---cancel------'
 */
import { signal } from "@preact/signals";
import { count, plural } from "../number";
import type { Imported, Item } from "../workspace/model";
import { readApart, type Source } from "./import/source";
import type { InterchangeStore, Kept } from "./interchange-store";

export type ImportPhase =
  | { phase: "empty" }
  | { phase: "reading" }
  | { phase: "problem"; problem: string }
  /** `problem` is why nothing was kept, after an attempt. */
  | { phase: "report"; imported: Imported; problem?: string }
  | { phase: "keeping"; imported: Imported }
  /** `problem`: a part may not have been kept. */
  | { phase: "kept"; says: string; problem: string };

export type ImportState = ReturnType<typeof createImportState>;

export function createImportState(interchangeStore: InterchangeStore) {
  const text = signal("");
  const remember = signal(false);
  const state = signal<ImportPhase>({ phase: "empty" });

  let abort: AbortController | undefined;

  /** A later reading takes the place of an earlier one. */
  async function run(source: () => Promise<Source>): Promise<void> {
    if (state.value.phase === "keeping") return;
    abort?.abort();
    const mine = new AbortController();
    abort = mine;
    const set = (next: ImportPhase) => {
      if (!mine.signal.aborted) state.value = next;
    };
    set({ phase: "reading" });
    try {
      set({ phase: "report", imported: await readApart(await source(), mine.signal) });
    } catch (thrown) {
      set({ phase: "problem", problem: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  async function readText(): Promise<void> {
    await run(async () => ({ kind: "text", text: text.value, fileName: "" }));
  }

  async function readFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    await run(async () => {
      // A folder that is kept in git holds many other files. Only these are read.
      const read = files.length === 1 ? files : files.filter(({ name }) => /\.bru$|^bruno\.json$/.test(name));
      if (read.length > MOST_FILES) {
        throw new Error(
          `The folder holds ${read.length} files of Bruno, at most ${MOST_FILES} are read. Choose a part of it.`,
        );
      }
      const texts = await Promise.all(
        read.map(async (file) => ({ path: file.webkitRelativePath || file.name, text: await file.text() })),
      );
      return { kind: "files", files: texts };
    });
  }

  function cancel(): void {
    abort?.abort();
    if (state.value.phase === "reading") state.value = { phase: "empty" };
  }

  /** A second call while the first is at work does nothing: everything would be added twice. */
  async function keep(): Promise<void> {
    if (state.value.phase !== "report") return;
    const { imported } = state.value;
    const given = text.value;
    state.value = { phase: "keeping", imported };
    try {
      const kept = await interchangeStore.keep(imported, remember.value);
      state.value = { phase: "kept", says: wordsOf(imported, kept), problem: kept.problem };
      // Another text may have been typed meanwhile.
      if (text.value === given) text.value = "";
    } catch (thrown) {
      state.value = { phase: "report", imported, problem: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  function discard(): void {
    state.value = { phase: "empty" };
  }

  return {
    text,
    remember,
    state,
    environment: interchangeStore.environment,
    readText,
    readFiles,
    cancel,
    keep,
    discard,
  };
}

function wordsOf({ collections: [only] }: Imported, kept: Kept): string {
  const words = [only ? `${only.name} is among the collections of the tester.` : ""];
  if (kept.problem === "") words.push(...keptWords(kept));
  return words.filter(Boolean).join(" ") || (kept.problem === "" ? ALREADY : "");
}

function keptWords({ environment, added, left, renamed }: Kept): string[] {
  if (left > 0)
    return [`There is no environment, so ${plural(left, "variable")} ${left === 1 ? "was" : "were"} not kept.`];
  if (environment === undefined) return [];
  const others = [...renamed].slice(0, MOST_NAMES).map(([name, free]) => `${name} is ${free}`);
  if (renamed.size > MOST_NAMES) others.push(`${count(renamed.size - MOST_NAMES)} more are renamed likewise`);
  return [
    added === 0 ? "" : `${plural(added, "variable")} ${added === 1 ? "was" : "were"} added to ${environment}.`,
    others.length === 0 ? "" : `${environment} keeps its own values: of the import, ${others.join(", ")}.`,
  ];
}

export interface Counts {
  requests: number;
  folders: number;
  variables: number;
  secrets: number;
}

export function countsOf({ collections, variables, secrets }: Imported): Counts {
  const counts: Counts = { requests: 0, folders: 0, variables: variables.length, secrets: secrets.size };
  const walk = (items: readonly Item[]): void => {
    for (const item of items) {
      if (item.kind === "request") counts.requests += 1;
      else {
        counts.folders += 1;
        counts.variables += item.variables.length;
        walk(item.items);
      }
    }
  };
  for (const collection of collections) {
    counts.variables += collection.variables.length;
    walk(collection.items);
  }
  return counts;
}

export interface LossGroup {
  what: string;
  why: string;
  where: string[];
}

/** Losses of the same kind together, the most frequent first. */
export function lossGroups(losses: Imported["losses"]): LossGroup[] {
  const groups = new Map<string, LossGroup>();
  for (const { what, why, where } of losses) {
    const key = `${what}\n${why}`;
    const group = groups.get(key) ?? { what, why, where: [] };
    group.where.push(where);
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.where.length - one.where.length);
}

const MOST_FILES = 2000;
const MOST_NAMES = 10;
const ALREADY = "Nothing was added: the environment has these variables already.";
