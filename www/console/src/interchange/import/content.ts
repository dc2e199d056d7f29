/** Turns a raw body and its headers into the model's body: the content type belongs to the body, not to the headers. */
import type { Body, Pair } from "../../workspace/model";
import { splitFields } from "./address";

export interface Content {
  headers: Pair[];
  body: Body;
}

/** `language` is what the format says of the text, such as "json"; empty if nothing. */
export function rawContent(headers: readonly Pair[], text: string, language = ""): Content {
  const given = contentType(headers);
  const rest = headers.filter((header) => !isContentType(header));
  if (text === "") return { headers: [...headers], body: { kind: "none" } };
  const type = given || typeOf(language) || (/^\s*[[{]/.test(text) ? "application/json" : "");
  if (/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(type))
    return { headers: rest, body: { kind: "json", text } };
  if (/^application\/x-www-form-urlencoded/i.test(type) && isForm(text)) {
    return { headers: rest, body: { kind: "form", fields: splitFields(text) } };
  }
  return { headers: rest, body: { kind: "text", text, contentType: type || "text/plain" } };
}

/** A body that sets its own content type, so that a header of this name is dropped. */
export function ownContent(headers: readonly Pair[], body: Body): Content {
  return { headers: headers.filter((header) => !isContentType(header)), body };
}

export function contentType(headers: readonly Pair[]): string {
  return headers.find((header) => header.on && isContentType(header))?.value.trim() ?? "";
}

export function isContentType({ name, on }: Pair): boolean {
  return on && name.trim().toLowerCase() === "content-type";
}

function isForm(text: string): boolean {
  return /^[^\s=&]+=[^\s]*$/.test(text.slice(0, 100_000)) && !/^[[{<]/.test(text);
}

function typeOf(language: string): string {
  const known = new Map([
    ["json", "application/json"],
    ["xml", "application/xml"],
    ["html", "text/html"],
    ["javascript", "application/javascript"],
    ["text", "text/plain"],
  ]);
  return known.get(language.toLowerCase()) ?? "";
}

/** Paths of files name people and machines. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
