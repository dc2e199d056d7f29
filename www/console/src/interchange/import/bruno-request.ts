/** One request of Bruno. The text format and the JSON export are brought to the same shape first. */
import {
  type Assertion,
  type Body,
  type Extraction,
  newId,
  newRequest,
  type Pair,
  type SavedRequest,
} from "../../workspace/model";
import { methodOf, splitAddress } from "./address";
import { type BrunoAuth, brunoAuth } from "./bruno-auth";
import { NO_CONTENT } from "./collection-parts";
import { baseName, type Content, ownContent, rawContent } from "./content";
import type { Intake, Where } from "./intake";
import { pair } from "./reading";
import { hideBody, hidePairs, takeHeaders } from "./secrecy";

export interface BrunoRow {
  name: string;
  value: string;
  on: boolean;
  /** "file", "path", or empty. */
  type?: string;
}

export interface BrunoRequest {
  name: string;
  method: string;
  url: string;
  parameters: BrunoRow[];
  headers: BrunoRow[];
  auth: BrunoAuth;
  body: { mode: string; text: string; variables: string; rows: BrunoRow[] };
  assertions: BrunoRow[];
  variables: { request: BrunoRow[]; response: BrunoRow[] };
  docs: string;
  scripts: string[];
}

export function readBrunoRequest(given: BrunoRequest, where: Where, intake: Intake): SavedRequest {
  for (const script of given.scripts) intake.lose(where, script, "scripts are not run");
  if (given.variables.request.length > 0)
    intake.lose(
      where,
      `${given.variables.request.length} variables of the request`,
      "folders and collections have variables",
    );
  const split = splitAddress(given.url);
  const path = new Map(given.parameters.filter(({ type }) => type === "path").map(({ name, value }) => [name, value]));
  const query = given.parameters.filter(({ type }) => type !== "path");
  const start = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(split.address)?.[0].length ?? 0;
  const address =
    split.address.slice(0, start) +
    split.address
      .slice(start)
      .replace(/\/:([A-Za-z_][\w-]*)/g, (_, name: string) => `/${path.get(name) || `{{${name}}}`}`);
  const content = contentOf(given, pairs(given.headers), where, intake);
  return newRequest({
    name: given.name,
    description: given.docs,
    method: methodOf(given.method || "GET", intake, where),
    address,
    parameters: hidePairs(query.length > 0 ? pairs(query) : split.parameters, intake),
    body: hideBody(content.body, intake),
    ...takeHeaders(content.headers, brunoAuth(given.auth, where, intake), intake),
    assertions: given.assertions.flatMap((row) => assertionOf(row, where, intake)),
    extractions: given.variables.response.flatMap((row) => extractionOf(row, where, intake)),
  });
}

function pairs(rows: readonly BrunoRow[]): Pair[] {
  return rows.map(({ name, value, on }) => pair(name, value, on, ""));
}

function contentOf({ body }: BrunoRequest, headers: Pair[], where: Where, intake: Intake): Content {
  switch (body.mode) {
    case "":
    case "none":
      return { headers, body: { kind: "none" } };
    case "json":
    case "text":
    case "xml":
      return rawContent(headers, body.text, body.mode);
    case "sparql":
      return ownContent(headers, { kind: "text", text: body.text, contentType: "application/sparql-query" });
    case "graphql": {
      let variables: unknown;
      try {
        variables = body.variables.trim() === "" ? undefined : JSON.parse(body.variables);
      } catch {
        variables = body.variables;
      }
      return ownContent(headers, { kind: "json", text: JSON.stringify({ query: body.text, variables }, null, 2) });
    }
    case "form-urlencoded":
    case "formUrlEncoded":
      return ownContent(headers, { kind: "form", fields: pairs(body.rows) });
    case "multipart-form":
    case "multipartForm":
      return ownContent(headers, { kind: "multipart", parts: body.rows.map((row) => partOf(row, where, intake)) });
    default:
      intake.lose(where, `body ${body.mode.slice(0, 40)}`, "choose the file again");
      return { headers, body: { kind: "none" } };
  }
}

function partOf(
  { name, value, on, type }: BrunoRow,
  where: Where,
  intake: Intake,
): Extract<Body, { kind: "multipart" }>["parts"][number] {
  const plain = value.replace(/\s*@contentType\([^)]*\)\s*$/, "");
  const file = /^@file\((.*)\)$/.exec(plain)?.[1] ?? (type === "file" ? plain : undefined);
  if (file === undefined) return { id: newId(), name, value: plain, on };
  const contentType = /@contentType\(([^)]*)\)\s*$/.exec(value)?.[1] ?? "";
  const fileName = baseName(file.split("|")[0] ?? "");
  if (fileName !== "") intake.lose(where, `file ${fileName}`, NO_CONTENT);
  return { id: newId(), name, value: "", on, file: { fileName, contentType } };
}

const BODY_OPERATORS = new Map([
  ["eq", "is"],
  ["neq", "is-not"],
  ["contains", "contains"],
  ["matches", "matches"],
  ["gte", "at-least"],
  ["lte", "at-most"],
  ["isDefined", "exists"],
  ["isUndefined", "is-absent"],
  ["length", "count-is"],
] as const);

function assertionOf({ name, value: whole, on }: BrunoRow, where: Where, intake: Intake): Assertion[] {
  const [, operator = "eq", value = ""] = /^\s*(\w+)(?:\s+([\s\S]*))?$/.exec(whole) ?? [undefined, "eq", whole];
  const base = { id: newId(), on };
  const known = BODY_OPERATORS.get(operator as "eq");
  const status = new Map([
    ["eq", "is"],
    ["neq", "is-not"],
    ["lt", "below"],
  ] as const).get(operator as "eq");
  const path = bodyPath(name);
  const header = /^res\.headers(?:\.([\w-]+)|\["([^"]+)"\])$/.exec(name);
  if (name === "res.status" && status) return [{ ...base, subject: "status", operator: status, value }];
  if (name === "res.responseTime" && operator === "lt") return [{ ...base, subject: "time", operator: "below", value }];
  if (header && (known === "is" || known === "contains" || known === "exists")) {
    return [{ ...base, subject: "header", name: header[1] ?? header[2] ?? "", operator: known, value }];
  }
  if (path !== undefined && known) return [{ ...base, subject: "body", path, operator: known, value: unquoted(value) }];
  intake.lose(where, `assertion ${name.slice(0, 60)}`, `${operator.slice(0, 20)} on this has no counterpart`);
  return [];
}

function extractionOf({ name, value, on }: BrunoRow, where: Where, intake: Intake): Extraction[] {
  const base = { id: newId(), on, variable: name };
  const path = bodyPath(value.trim());
  const header = /^res\.headers(?:\.([\w-]+)|\["([^"]+)"\])$/.exec(value.trim());
  if (value.trim() === "res.status") return [{ ...base, from: "status" }];
  if (header) return [{ ...base, from: "header", name: header[1] ?? header[2] ?? "" }];
  if (path !== undefined) return [{ ...base, from: "body", path }];
  intake.lose(where, `variable ${name.slice(0, 60)} of the reply`, "its expression has no counterpart");
  return [];
}

/** `res.body.result[0].x` is the JSONPath `$.result[0].x`. */
function bodyPath(expression: string): string | undefined {
  const rest = /^res\.body((?:\.[A-Za-z_]\w*|\[\d+\]){0,30})$/.exec(expression)?.[1];
  return rest === undefined ? undefined : `$${rest}`;
}

function unquoted(value: string): string {
  return value.replace(/^(["'])([\s\S]*)\1$/, "$2");
}
