/** Writes values as expressions of each language. Every character of a text arrives as it is. */
import { encodeText } from "../encode";
import type { Piece, Value } from "./program";

/** A word of a POSIX shell. Line breaks and `$` are plain inside single quotes. */
export function shell(value: Value): string {
  return value.length === 0
    ? "''"
    : value.map((piece) => ("env" in piece ? `"$${piece.env}"` : shellText(piece.text))).join("");
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** An expression of JavaScript, for scripts and modules alike. */
export function javascript(value: Value): string {
  return expression(value, jsText, (name) => `process.env.${name}`, '""', " + ");
}

function jsText(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]|[\uD800-\uDFFF]/gu, escaped);
}

/** An expression of Python. Characters beyond the first plane are one escape there. */
export function python(value: Value): string {
  return expression(value, pythonText, (name) => `os.environ["${name}"]`, '""', " + ");
}

function pythonText(text: string): string {
  const inner = text.replace(/[\\"\p{Cc}\p{Cf}\u2028\u2029]|[\uD800-\uDFFF]/gu, (character) => {
    if (character === "\n") return "\\n";
    if (character === '"' || character === "\\") return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    // A lone half cannot be encoded when it is sent.
    if (code >= 0xd800 && code <= 0xdfff) return "\\ufffd";
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${inner}"`;
}

/** An expression of PowerShell, in brackets if it has several pieces. PowerShell takes typographic quotes for quotes too. */
export function powershell(value: Value): string {
  const inner = expression(value, powershellText, (name) => `$env:${name}`, "''", " + ");
  return value.length > 1 ? `(${inner})` : inner;
}

function powershellText(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201A\u201B]/g, "$&$&")}'`;
}

function expression(
  value: Value,
  text: (given: string) => string,
  env: (name: string) => string,
  empty: string,
  plus: string,
): string {
  if (value.length === 0) return empty;
  return value.map((piece) => ("env" in piece ? env(piece.env) : text(piece.text))).join(plus);
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** Characters that an address may not have, encoded; what is encoded already stays. */
export function legalAddress(value: Value): Value {
  return value.map((piece) =>
    "env" in piece
      ? piece
      : { text: piece.text.replace(/[^\x21-\x7e]+|["<>\\^`{|}]+|%(?![0-9A-Fa-f]{2})/g, encodeText) },
  );
}

/** The query as a text, or undefined if a part of it is known only when the program runs. */
export function literalQuery(parameters: readonly [Value, Value][]): string | undefined {
  if (parameters.some((pair) => pair.some((value) => value.some((piece) => "env" in piece)))) return undefined;
  return parameters.map(([name, value]) => `${encodeText(plain(name))}=${encodeText(plain(value))}`).join("&");
}

export function plain(value: Value): string {
  return value.map((piece: Piece) => ("env" in piece ? "" : piece.text)).join("");
}
