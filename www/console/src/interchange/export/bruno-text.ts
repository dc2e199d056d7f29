/** Blocks of Bruno's text format. What a line cannot hold is reported. */
import type { BrunoWriting } from "./bruno";

export interface Row {
  name: string;
  value: string;
  on: boolean;
}

export function block(name: string, lines: readonly string[]): string {
  return `${name} {\n${lines.map((line) => `${line}\n`).join("")}}\n\n`;
}

/** Empty for an empty text. */
export function textBlock(name: string, text: string, where: readonly string[], write: BrunoWriting): string {
  if (text === "") return "";
  if (text.includes("\r")) write.lose(where, `carriage returns in ${name}`, "a text has line feeds only");
  return block(
    name,
    text
      .replace(/\r\n?/g, "\n")
      .split("\n")
      .map((line) => `  ${line}`),
  );
}

export function rows(pairs: readonly Row[], where: readonly string[], write: BrunoWriting): string[] {
  return pairs.flatMap(({ name, value, on }) => {
    const called = oneLine(name);
    if (called === "") {
      if (value !== "") write.lose(where, "value without a name", "a line begins with a name");
      return [];
    }
    const front = `  ${on ? "" : "~"}${/[:"{}\s~]/.test(called) ? `"${called.replaceAll('"', '\\"')}"` : called}: `;
    const several = value.includes("\n") || value.trim() === "'''";
    const plain = value.replace(/[\r\u2028\u2029]/g, " ");
    const held = several ? plain : plain.trim();
    if (held !== value || called !== name || (several && /^\s*'''/m.test(value))) {
      write.lose(where, `white space or quotes of ${called.slice(0, 60)}`, "a line cannot hold them");
    }
    if (!several) return [front + held];
    return [
      `${front}'''`,
      ...held
        .replace(/^(\s*)'''/gm, "$1' ' '")
        .split("\n")
        .map((line) => `    ${line}`),
      "  '''",
    ];
  });
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
