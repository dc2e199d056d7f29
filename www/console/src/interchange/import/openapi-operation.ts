/** One operation of an OpenAPI document as a request. */
import { type Body, newId, newRequest, type Pair, type SavedRequest, type Variable } from "../../workspace/model";
import { isSecretName } from "../../workspace/secret-names";
import { methodOf } from "./address";
import type { Intake, Where } from "./intake";
import type { Auths } from "./openapi-auth";
import { exampleOf, sample } from "./openapi-example";
import type { References } from "./openapi-references";
import { entries, type Fields, field, list, pair, text } from "./reading";

export interface OperationSource {
  path: string;
  method: string;
  operation: Fields;
  /** The path item: its parameters count for every operation. */
  shared: unknown;
  /** What stands before every path. */
  base: string;
  collection: string;
  references: References;
  auths: Auths;
  intake: Intake;
  /** Gets a variable for each parameter of a path. */
  variables: Map<string, Variable>;
}

export function readOperation(source: OperationSource): SavedRequest {
  const { path, method, operation, base, collection, intake, auths } = source;
  const name =
    text(field(operation, "summary")) || text(field(operation, "operationId")) || `${method.toUpperCase()} ${path}`;
  const where = [collection, name];
  const parameters: Pair[] = [];
  const headers: Pair[] = [];
  for (const parameter of parametersOf(source)) {
    const called = text(field(parameter, "name"));
    const place = text(field(parameter, "in"));
    const value = statedValue(parameter, source);
    // Optional parameters are there to be switched on.
    const on = field(parameter, "required") === true;
    const note = text(field(parameter, "description"));
    if (place === "query") parameters.push(pair(called, isSecretName(called) ? "" : value, on, note));
    else if (place === "header") headers.push(pair(called, isSecretName(called) ? "" : value, on, note));
    else if (place === "path") addVariable(called, value, source.variables);
    else
      intake.lose(where, `${place.slice(0, 20)} parameter ${called.slice(0, 40)}`, "a browser sends its own cookies");
  }
  if (entries(field(operation, "callbacks")).length > 0)
    intake.lose(where, "callbacks", "the instance calls them, not the console");
  return newRequest({
    name,
    description: text(field(operation, "description")),
    method: methodOf(method, intake, where),
    address: base + path.replace(/\{([^{}]{1,200})\}/g, "{{$1}}"),
    parameters,
    headers,
    body: bodyOf(source, where),
    auth: auths.of(field(operation, "security"), where),
  });
}

/** Parameters of the operation replace those of the path with the same name and place. */
function parametersOf({ operation, shared, references, path }: OperationSource): Fields[] {
  const found = new Map<string, Fields>();
  for (const one of [...list(field(shared, "parameters")), ...list(field(operation, "parameters"))]) {
    const parameter = references.resolve(one, [path]) as Fields | undefined;
    if (field(parameter, "name") !== undefined && parameter) {
      found.set(`${text(field(parameter, "in"))} ${text(field(parameter, "name"))}`, parameter);
    }
  }
  return [...found.values()];
}

function statedValue(parameter: unknown, { references }: OperationSource): string {
  const example = exampleOf(parameter, references);
  if (example !== undefined) return text(example);
  const [content] = entries(field(parameter, "content"));
  const schema = references.resolve(field(parameter, "schema") ?? field(content?.[1], "schema"));
  const known = exampleOf(schema, references) ?? field(schema, "default") ?? list(field(schema, "enum"))[0];
  return text(known);
}

function addVariable(name: string, value: string, variables: Map<string, Variable>): void {
  if (!variables.has(name)) variables.set(name, { id: newId(), name, on: true, value });
}

function bodyOf({ operation, references, intake }: OperationSource, where: Where): Body {
  const given = references.resolve(field(operation, "requestBody"), where);
  const contents = entries(field(given, "content"));
  if (contents.length === 0) return { kind: "none" };
  const preferred =
    contents.find(([type]) => /^application\/json\b/i.test(type)) ??
    contents.find(([type]) => /json/i.test(type)) ??
    contents[0];
  const [type = "", content] = preferred ?? [];
  const others = contents.filter(([other]) => other !== type).map(([other]) => other.slice(0, 60));
  if (others.length > 0) intake.lose(where, `body as ${others.join(", ")}`, `a request has one body; ${type} is used`);
  const example = exampleOf(content, references) ?? sample(field(content, "schema"), references);
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return {
      kind: "form",
      fields: entries(example).map(([name, value]) => pair(name, isSecretName(name) ? "" : text(value), true, "")),
    };
  }
  if (/^multipart\//i.test(type)) {
    const properties = field(references.resolve(field(content, "schema")), "properties");
    return {
      kind: "multipart",
      parts: entries(example).map(([name, value]) => {
        const part = pair(name, text(value), true, "");
        return isFile(references.resolve(field(properties, name)))
          ? { ...part, value: "", file: { fileName: "", contentType: "" } }
          : part;
      }),
    };
  }
  if (/json/i.test(type)) {
    const json =
      typeof example === "string" && /^\s*[[{]/.test(example) ? example : JSON.stringify(example ?? {}, null, 2);
    return /^application\/json\b/i.test(type)
      ? { kind: "json", text: json }
      : { kind: "text", text: json, contentType: type };
  }
  if (/^(?:text\/|application\/xml\b)|\+xml\b/i.test(type))
    return { kind: "text", text: text(example), contentType: type };
  return { kind: "file", fileName: "", contentType: type };
}

function isFile(schema: unknown): boolean {
  return field(schema, "format") === "binary" || field(schema, "contentMediaType") !== undefined;
}
