/** The titles of tests: functions in Rust, titles in TypeScript, and the names of the cases that every runtime runs. */

const FUNCTION = /#\[(?:test|wasm_bindgen_test)\][^{]*?\bfn (\w+)/g;
const TITLE = /\b(?:test|it|describe)\(\s*(["`])(.*?)\1/g;
const CASE = /^ {2}"([^"]*)":/gm;

export function testTitles(file: string, text: string): string[] {
  const found = (pattern: RegExp, group: number) => [...text.matchAll(pattern)].map((match) => match[group] ?? "");
  if (file.endsWith(".rs")) return found(FUNCTION, 1);
  if (/\.test\.tsx?$/.test(file)) return found(TITLE, 2);
  return /(?:^|[/-])cases\.ts$/.test(file) ? found(CASE, 1) : [];
}
