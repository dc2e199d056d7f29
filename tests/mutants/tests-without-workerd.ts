/** Test files that start no server, so that they run in a second. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const STARTS = /\b(?:serveWorker|startWorkerd|spawn)\(/;
const IMPORTED = /from "(\.[^"]+\.ts)"/g;

/** Paths of the test files of a folder. */
export function testsWithoutWorkerd(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name))
    .filter((file) => !startsServer(file));
}

function startsServer(file: string): boolean {
  const found = new Set([file]);
  // What the worker's own files start counts only where a test calls it.
  for (const each of found)
    for (const imported of importsOf(each)) if (imported.startsWith("tests/")) found.add(imported);
  return [...found].some((each) => STARTS.test(readFileSync(each, "utf8")));
}

/** The files of a folder that these files import, directly or not. */
export function importedFrom(folder: string, files: readonly string[]): string[] {
  const found = new Set(files);
  for (const file of found) for (const imported of importsOf(file)) found.add(imported);
  return [...found].filter((file) => dirname(file) === folder).sort();
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return Array.from(text.matchAll(IMPORTED), ([, path = ""]) => join(dirname(file), path));
}
