/**
 * Counts words that this project avoids because no other project uses them in this sense. tools/words.json lists each with a replacement.
 * Identifiers count too, in snake case and in camel case. Titles of tests that are too long to be read in a list of results count as well. Both
 * counts may only fall: `make lint` fails above the recorded ceilings. `WRITE=1` records lower ones. `LIST=1` prints every use and title.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { testTitles } from "./test-titles.ts";

interface List {
  words: Record<string, string>;
  /** Phrases of the field that hold an avoided word. */
  legitimate: string[];
  allowed: { file: string; word?: string; reason: string }[];
  ceiling: number;
  /** Titles of tests: those with more characters count. */
  titles: { longest: number; ceiling: number };
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
let titles = 0;
const longTitles: string[] = [];
for (const file of files) {
  const allowed = list.allowed.filter((entry) => entry.file === file);
  if (allowed.some(({ word }) => word === undefined)) continue;
  const content = readFileSync(file, "utf8");
  const named = testTitles(file, content);
  titles += named.length;
  longTitles.push(...named.filter((title) => title.length > list.titles.longest).map((title) => `${file}: ${title}`));
  let uses = 0;
  for (const [index, line] of content.split("\n").entries()) {
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
const { longest, ceiling: mostTitles } = list.titles;
if (process.env.LIST) for (const title of longTitles) console.log(`${title}: ${longest} characters at most`);
console.log(
  `titles: ${longTitles.length} of ${titles} titles of tests are longer than ${longest}, of at most ${mostTitles}`,
);

if (process.env.WRITE) {
  const recorded = [sum, longTitles.length];
  writeFileSync(
    LIST,
    readFileSync(LIST, "utf8").replace(/"ceiling": \d+/g, () => `"ceiling": ${recorded.shift()}`),
  );
} else if (sum > list.ceiling || longTitles.length > mostTitles) {
  console.error("words: more than before. LIST=1 prints every use and title, and what to write instead.");
  process.exitCode = 1;
}
