/** The body of a curl line, from its options of data and form. */
import { type Body, newId, newPair, type Pair, type Part } from "../../workspace/model";
import { encodeText } from "../encode";
import { splitFields } from "./address";
import { baseName, contentType, ownContent, rawContent } from "./content";
import type { CurlState } from "./curl-options";
import type { Intake } from "./intake";

export interface CurlBody {
  headers: Pair[];
  body: Body;
  /** The data as parameters, with `--get`. */
  parameters: Pair[];
}

export function dataBody(state: CurlState, intake: Intake): CurlBody {
  const headers = state.headers.flatMap((line) => {
    const pair = headerPair(line);
    if (!pair) intake.lose(["curl"], "header without a value", "curl removes such a header");
    return pair ? [pair] : [];
  });
  const jsons = state.data.some(({ kind }) => kind === "json");
  if (jsons && !contentType(headers)) headers.push(newPair("Content-Type", "application/json"));
  if (jsons && !headers.some(({ name }) => /^accept$/i.test(name))) headers.push(newPair("Accept", "application/json"));
  if (state.form.length > 0) {
    return {
      ...ownContent(headers, { kind: "multipart", parts: state.form.map((one) => partOf(one, intake)) }),
      parameters: [],
    };
  }
  if (state.data.length === 0) return { headers, body: { kind: "none" }, parameters: [] };
  if (state.get) {
    return { headers, body: { kind: "none" }, parameters: state.data.flatMap((one) => fieldsOf(one, intake)) };
  }
  const [only] = state.data;
  const file = only && state.data.length === 1 ? fileOf(only) : undefined;
  if (file !== undefined) {
    const fileName = baseName(file);
    intake.lose(["curl"], `file ${fileName}`, "its content is not in the line; choose the file again");
    const type = contentType(headers) || "application/octet-stream";
    return { ...ownContent(headers, { kind: "file", fileName, contentType: type }), parameters: [] };
  }
  const typed = contentType(headers);
  const json = jsons || /json/i.test(typed) || (!typed && state.data.some(({ text }) => /^\s*[[{]/.test(text)));
  if (!json && (!typed || /^application\/x-www-form-urlencoded/i.test(typed)) && state.data.every(isFormText)) {
    const fields = state.data.flatMap((one) => fieldsOf(one, intake));
    return { ...ownContent(headers, { kind: "form", fields }), parameters: [] };
  }
  const text = state.data.map((one) => textOf(one, intake)).join(jsons ? "" : "&");
  return { ...rawContent(headers, text, json ? "json" : ""), parameters: [] };
}

type Datum = CurlState["data"][number];

/** curl reads a file for `@name`, except with `--data-raw`. */
function fileOf({ kind, text }: Datum): string | undefined {
  return kind !== "raw" && kind !== "urlencode" && text.startsWith("@") ? text.slice(1) : undefined;
}

function isFormText({ kind, text }: Datum): boolean {
  return kind === "urlencode" || /^[^\s{}<>="]+=[^\s]*$/.test(text) || /^[^\s{}<>="]+=[^\n]*$/.test(text);
}

function fieldsOf(one: Datum, intake: Intake): Pair[] {
  if (one.kind !== "urlencode") return splitFields(textOf(one, intake));
  const [name, value] = urlencodeParts(one.text);
  if (/^[^=]*@/.test(one.text)) intake.lose(["curl"], `file ${value}`, "its content is not in the line");
  return [newPair(name, value)];
}

function textOf(one: Datum, intake: Intake): string {
  const file = fileOf(one);
  if (file !== undefined) {
    intake.lose(["curl"], `file ${file}`, "its content is not in the line");
    return "";
  }
  if (one.kind === "urlencode") {
    const [name, value] = urlencodeParts(one.text);
    return name === "" ? encodeText(value) : `${name}=${encodeText(value)}`;
  }
  return one.text;
}

/** `content`, `=content`, `name=content`, `name@file`: only the content is encoded by curl. */
function urlencodeParts(text: string): [name: string, value: string] {
  const at = text.search(/[=@]/);
  return at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
}

function partOf({ text, literal }: CurlState["form"][number], intake: Intake): Part {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? "" : text.slice(equals + 1);
  if (literal || !/^[@<]/.test(value)) return { id: newId(), name, value, on: true };
  const [path = "", ...options] = value.slice(1).split(";");
  const fileName = baseName(path.replace(/^"|"$/g, ""));
  intake.lose(["curl"], `file ${fileName}`, "its content is not in the line; choose the file again");
  const type = options.find((option) => option.startsWith("type="))?.slice(5) ?? "";
  return {
    id: newId(),
    name,
    value: "",
    on: true,
    file: { fileName, contentType: type },
  };
}

function headerPair(line: string): Pair | undefined {
  const colon = line.indexOf(":");
  if (colon > 0) return newPair(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  // curl sends a header without a value as `Name;`.
  return line.endsWith(";") ? newPair(line.slice(0, -1).trim(), "") : undefined;
}
