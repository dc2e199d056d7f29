/** The table of bundlers and frameworks in the package's documentation. */
import type { Combination } from "./combinations.ts";

const BEGIN = "<!-- written by `make matrix` -->";
const END = "<!-- end of what `make matrix` writes -->";

/** One line for each tool; what does not work is named. */
export function tableOf(combinations: readonly Combination[], failed: ReadonlySet<Combination> = new Set()): string {
  const tools = [...new Set(combinations.map(({ tool }) => tool))];
  const lines = tools.map((name) => {
    const all = combinations.filter(({ tool }) => tool === name);
    const uses = (list: Combination[]) => list.map(({ use }) => `\`${use}\``.replaceAll("`", "")).join(" · ");
    const not = all.filter((one) => failed.has(one));
    return `| ${name} | ${uses(all.filter((one) => !failed.has(one)))} | ${uses(not)} |`;
  });
  return ["| with | works | does not work |", "|---|---|---|", ...lines].join("\n");
}

export function sectionOf(readme: string): string {
  return split(readme)[1];
}

export function withTable(readme: string, table: string): string {
  const [before, , after] = split(readme);
  return `${before}\n\n${table}\n\n${after}`;
}

function split(readme: string): [before: string, section: string, after: string] {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no ${BEGIN} followed by ${END}`);
  const from = begin + BEGIN.length;
  return [readme.slice(0, from), readme.slice(from, end).trim(), readme.slice(end)];
}
