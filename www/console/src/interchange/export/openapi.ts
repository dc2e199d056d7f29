/** Writes the requests of a collection as OpenAPI 3.1. Bodies and values become examples. */
import type { AuthSetting, Body, Collection, Item, Loss, Pair, SavedRequest } from "../../workspace/model";
import { type Exported, type ExportFacts, fileName } from "./exported";

export function exportOpenapi(collection: Collection, facts: ExportFacts): Exported {
  const losses: Loss[] = [];
  const paths = new Map<string, Map<string, object>>();
  const tags = new Set<string>();
  const plain = new Map(collection.variables.map(({ name, value }) => [name, value ?? ""]));

  const walk = (items: readonly Item[], where: readonly string[], tag: string): void => {
    for (const item of items) {
      const here = [...where, item.name];
      if (item.kind === "folder") {
        tags.add(tag || item.name);
        walk(item.items, here, tag || item.name);
        continue;
      }
      const lose = (what: string, why: string) => losses.push({ where: here.join(" > "), what, why });
      const { path, server } = placeOf(item.address);
      const operations = paths.get(path) ?? new Map<string, object>();
      const method = item.method.toLowerCase();
      if (operations.has(method)) {
        lose("request", "a path has one operation of each method");
        continue;
      }
      if (item.assertions.length + item.extractions.length > 0)
        lose("assertions and extractions", "OpenAPI has no place for them");
      operations.set(method, operationOf(item, path, server, tag, plain));
      paths.set(path, operations);
    }
  };
  walk(collection.items, [collection.name], "");

  const document = {
    openapi: "3.1.0",
    info: {
      title: collection.name,
      version: "1",
      ...(collection.description === "" ? {} : { description: collection.description }),
    },
    servers: [{ url: facts.instanceUrl }],
    tags: [...tags].map((name) => ({ name })),
    security: securityOf(collection.auth.kind === "inherit" ? facts.auth : collection.auth),
    paths: Object.fromEntries([...paths].map(([path, operations]) => [path, Object.fromEntries(operations)])),
    components: { securitySchemes: SCHEMES },
  };
  return {
    files: [
      {
        path: `${fileName(collection.name, "collection")}.openapi.json`,
        text: `${JSON.stringify(document, null, 2)}\n`,
      },
    ],
    losses,
  };
}

function operationOf(
  request: SavedRequest,
  path: string,
  server: string,
  tag: string,
  plain: ReadonlyMap<string, string>,
): object {
  const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? "");
  const body = bodyOf(request.body);
  return {
    summary: request.name,
    ...(request.description === "" ? {} : { description: request.description }),
    ...(tag === "" ? {} : { tags: [tag] }),
    ...(server === "" ? {} : { servers: [{ url: server }] }),
    ...(request.auth.kind === "inherit" ? {} : { security: securityOf(request.auth) }),
    parameters: [
      ...inPath.map((name) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
        example: plain.get(name) ?? "",
      })),
      ...request.parameters.map((pair) => parameterOf(pair, "query")),
      ...request.headers.map((pair) => parameterOf(pair, "header")),
    ],
    ...(body ? { requestBody: { content: body } } : {}),
    responses: { default: { description: "The reply" } },
  };
}

function parameterOf({ name, value, on, note }: Pair, place: "query" | "header"): object {
  return {
    name,
    in: place,
    required: on,
    ...(note === undefined ? {} : { description: note }),
    schema: { type: "string" },
    example: value,
  };
}

/** `{{name}}` in a path becomes a parameter. A whole address names its own server. */
function placeOf(address: string): { path: string; server: string } {
  const whole = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/i.exec(address);
  const variable = /^(\{\{[^{}]*\}\})(.*)$/.exec(address);
  const [server, rest] = whole ? [whole[1] ?? "", whole[2] ?? ""] : variable ? ["", variable[2] ?? ""] : ["", address];
  const path = rest.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, "{$1}");
  return { path: path.startsWith("/") ? path : `/${path}`, server };
}

function bodyOf(body: Body): object | undefined {
  switch (body.kind) {
    case "none":
      return undefined;
    case "json":
      return { "application/json": { example: parsed(body.text) } };
    case "text":
      return { [body.contentType]: { example: body.text } };
    case "form":
      return { "application/x-www-form-urlencoded": { schema: schemaOf(body.fields) } };
    case "multipart":
      return {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: Object.fromEntries(
              body.parts.map(({ name, value, file }) => [
                name,
                file ? { type: "string", format: "binary" } : { type: "string", example: value },
              ]),
            ),
          },
        },
      };
    case "file":
      return { [body.contentType]: { schema: { type: "string", format: "binary" } } };
  }
}

function schemaOf(fields: readonly Pair[]): object {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(({ name, value }) => [name, { type: "string", example: value }])),
  };
}

/** A text with variables need not be JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function securityOf(auth: AuthSetting): object[] {
  const names = {
    inherit: "",
    none: "",
    basic: "basic",
    bearer: "bearer",
    "api-key": "apiKey",
    oauth: "oauth",
  } as const;
  const name = names[auth.kind];
  return name === "" ? [] : [{ [name]: [] }];
}

const SCHEMES = {
  basic: { type: "http", scheme: "basic" },
  bearer: { type: "http", scheme: "bearer" },
  apiKey: { type: "apiKey", name: "x-sn-apikey", in: "header" },
  oauth: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "/oauth_token.do", scopes: {} } } },
};
