/** Reads what is imported: a large text in a Worker, because parsing holds the page for seconds, and a small one at once. */
import type { Imported } from "../../workspace/model";
import type { TextFile } from "./bruno-files";

/** What the person gave. `fileName` is empty for a text that was pasted. */
export type Source = { kind: "text"; text: string; fileName: string } | { kind: "files"; files: readonly TextFile[] };

/** Reads in this thread. Rejects with an `ImportError`. */
export async function readSource(source: Source): Promise<Imported> {
  const { importFiles, importText } = await import("./index");
  return source.kind === "text" ? importText(source.text, source.fileName) : importFiles(source.files);
}

/** Rejects with the reason of the signal when that is aborted, and with what was expected of a text that cannot be read. */
export async function readApart(source: Source, signal: AbortSignal): Promise<Imported> {
  // Tests without a browser have no Workers.
  if (charactersOf(source) <= SMALL_CHARACTERS || typeof Worker === "undefined") {
    const imported = await readSource(source);
    signal.throwIfAborted();
    return imported;
  }
  const { sourceTask } = await import("./source-task");
  return sourceTask.run(source, { signal });
}

function charactersOf(source: Source): number {
  return source.kind === "text" ? source.text.length : source.files.reduce((sum, { text }) => sum + text.length, 0);
}

const SMALL_CHARACTERS = 200_000;
