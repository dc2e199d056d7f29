/**
 * Loads every test file of this folder into one process, so that they share one built console and one browser: 3 s of processor time
 * for each file. One file alone: `node --import tsx --test tests/console/NAME.test.ts`.
 */
import { readdir } from "node:fs/promises";

const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".test.ts")).sort();
if (files.length === 0) throw new Error("tests/console has no test file");
for (const file of files) await import(`./${file}`);
