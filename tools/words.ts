/**
 * Counts words that this project avoids because no other project uses them in this sense. tools/words.json lists each with a replacement.
 * Identifiers count too, in snake case and in camel case. The count may only fall: `make lint` fails above the recorded ceiling.
 * `WRITE=1` records a lower ceiling. `LIST=1` prints every use.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

interface List {
  words: Record<string, string>;
  /** Phrases of the field that hold an avoided word. */
  legitimate: string[];
  allowed: { file: string; word?: string; reason: string }[];
  ceiling: number;
}

const LIST = "tools/words.json";
const list = JSON.parse(readFileSync(LIST, "utf8")) as List;
const phrases = (texts: string[]) => new RegExp(`\\b(?:${texts.join("|")})\\b`, "g");
const avoided = phrases(Object.keys(list.words));
const legitimate = phrases(list.legitimate);

/** A line as separate lower-case words, identifiers split at underscores and capitals. */
const plain = (line: string) =>
  line
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .toLowerCase()
    .replace(legitimate, "");

const files = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" })
  .split("\0")
  .filter((file) => /\.(rs|ts|tsx|css|html|md|toml|json|sh)$|^Makefile$|^tools\/\w+$/.test(file));

const counts = new Map<string, number>();
let filesWithUses = 0;
for (const file of files) {
  const allowed = list.allowed.filter((entry) => entry.file === file);
  if (allowed.some(({ word }) => word === undefined)) continue;
  let uses = 0;
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    for (const [word] of plain(line).matchAll(avoided)) {
      if (allowed.some((entry) => entry.word === word)) continue;
      counts.set(word, (counts.get(word) ?? 0) + 1);
      uses += 1;
      if (process.env.LIST) console.log(`${file}:${index + 1}: "${word}": write ${list.words[word]}`);
    }
  }
  if (uses > 0) filesWithUses += 1;
}

const sum = [...counts.values()].reduce((total, count) => total + count, 0);
const most = [...counts].sort(([, a], [, b]) => b - a).map(([word, count]) => `${word} ${count}`);
console.log(
  `words: ${sum} uses of avoided words in ${filesWithUses} files, of at most ${list.ceiling}: ${most.join(", ")}`,
);
if (process.env.WRITE) writeFileSync(LIST, readFileSync(LIST, "utf8").replace(/"ceiling": \d+/, `"ceiling": ${sum}`));
else if (sum > list.ceiling) {
  console.error(`words: ${sum - list.ceiling} more than before. LIST=1 prints every use and what to write instead.`);
  process.exitCode = 1;
}
