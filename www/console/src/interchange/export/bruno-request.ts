/** One request as a text of Bruno. */
import type { Assertion, Body, Extraction, Pair, SavedRequest } from "../../workspace/model";
import { encodeText } from "../encode";
import { INSTANCE_VARIABLE } from "../names";
import { authBlock, authMode, type BrunoWriting } from "./bruno";
import { block, oneLine, type Row, rows, textBlock } from "./bruno-text";
import { type Ancestors, exportedAuth, NOT_INHERITED } from "./credentials";

const MODES: Record<Body["kind"], string> = {
  none: "none",
  json: "json",
  text: "text",
  form: "formUrlEncoded",
  multipart: "multipartForm",
  file: "file",
};

export function brunoRequest(
  request: SavedRequest,
  sequence: number,
  where: readonly string[],
  ancestors: Ancestors,
  write: BrunoWriting,
): string {
  const { body } = request;
  const auth = exportedAuth(request, ancestors, write.facts);
  if (auth.kind !== request.auth.kind) write.lose(where, "inherited credentials", NOT_INHERITED);
  const type: Row[] = body.kind === "text" ? [{ name: "Content-Type", value: body.contentType, on: true }] : [];
  const headers = rows([...request.headers, ...type], where, write);
  const query = rows(request.parameters, where, write);
  const assertions = request.assertions.flatMap((one) => assertionRow(one, where, write));
  const extractions = request.extractions.flatMap((one) => extractionRow(one, where, write));
  return [
    block("meta", [
      ...rows([{ name: "name", value: request.name, on: true }], where, write),
      "  type: http",
      `  seq: ${sequence}`,
    ]),
    block(request.method.toLowerCase(), [
      `  url: ${urlOf(request)}`,
      `  body: ${MODES[body.kind]}`,
      `  auth: ${authMode(auth)}`,
    ]),
    query.length === 0 ? "" : block("params:query", query),
    headers.length === 0 ? "" : block("headers", headers),
    authBlock(auth, write, where),
    bodyBlock(body, where, write),
    extractions.length === 0 ? "" : block("vars:post-response", rows(extractions, where, write)),
    assertions.length === 0 ? "" : block("assert", rows(assertions, where, write)),
    textBlock("docs", request.description, where, write),
  ].join("");
}

function urlOf({ address, parameters }: SavedRequest): string {
  const front = oneLine(address.startsWith("/") ? `{{${INSTANCE_VARIABLE}}}${address}` : address);
  const query = parameters.filter(({ on }) => on).map(({ name, value }) => `${encodeText(name)}=${encodeText(value)}`);
  return query.length === 0 ? front : `${front}?${query.join("&")}`;
}

function bodyBlock(body: Body, where: readonly string[], write: BrunoWriting): string {
  switch (body.kind) {
    case "none":
      return "";
    case "json":
    case "text":
      return textBlock(`body:${body.kind}`, body.text, where, write);
    case "form":
      return block("body:form-urlencoded", rows(body.fields, where, write));
    case "multipart":
      return block("body:multipart-form", rows(body.parts.map(partRow), where, write));
    case "file":
      write.lose(where, `file ${body.fileName}`, "its content is not exported");
      return "";
  }
}

function partRow({ name, value, on, file }: Pair & { file?: { fileName: string; contentType: string } }): Row {
  if (!file) return { name, value, on };
  return {
    name,
    value: `@file(${file.fileName})${file.contentType === "" ? "" : ` @contentType(${file.contentType})`}`,
    on,
  };
}

function assertionRow(one: Assertion, where: readonly string[], write: BrunoWriting): Row[] {
  const operators: Record<string, string> = {
    is: "eq",
    "is-not": "neq",
    below: "lt",
    contains: "contains",
    matches: "matches",
    "at-least": "gte",
    "at-most": "lte",
    exists: "isDefined",
    "is-absent": "isUndefined",
    "count-is": "length",
  };
  const value = oneLine(`${operators[one.operator] ?? "eq"} ${one.value}`);
  const path = one.subject === "body" ? simplePath(one.path) : undefined;
  const name =
    one.subject === "status"
      ? "res.status"
      : one.subject === "time"
        ? "res.responseTime"
        : one.subject === "header"
          ? `res.headers["${one.name.toLowerCase().replaceAll('"', "")}"]`
          : path;
  if (name !== undefined) return [{ name, value, on: one.on }];
  write.lose(where, "assertion on the body", "its path is more than names and indexes");
  return [];
}

function extractionRow(one: Extraction, where: readonly string[], write: BrunoWriting): Row[] {
  const value =
    one.from === "status"
      ? "res.status"
      : one.from === "header"
        ? `res.headers["${one.name.toLowerCase()}"]`
        : simplePath(one.path);
  if (value !== undefined) return [{ name: one.variable, value, on: one.on }];
  write.lose(where, `variable ${one.variable} of the reply`, "its path is more than names and indexes");
  return [];
}

function simplePath(path: string): string | undefined {
  const rest = /^\$((?:\.[A-Za-z_]\w*|\[\d+\])*)$/.exec(path)?.[1];
  return rest === undefined ? undefined : `res.body${rest}`;
}
