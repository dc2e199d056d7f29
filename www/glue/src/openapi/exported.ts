/**
 * Specifications that the REST API Explorer exports ("Export to OpenAPI specification" in the product documentation). An export of release
 * Australia has OpenAPI 3.0.1, no identifiers, no security, empty schemas of parameters and bodies, and empty `responses`, which OpenAPI
 * does not allow.
 */
import type { ExportedOptions, HttpMethod, OpenApiDocument, OpenApiOperation } from "sysparm/openapi";
import { checkArgument, checkOptions, type OptionTypes, wholeNumber } from "../protocol/check-options.js";
import { ADDRESS } from "./address.js";
import { securityOf, withinLimits } from "./document.js";
import { misused, OpenApiError } from "./error.js";
import { checksum, LONGEST_ID, LONGEST_SUMMARY, operationId, shortened } from "./names.js";
import { LONGEST_DESCRIPTION, LONGEST_PARAMETER } from "./words.js";

type Fields = Readonly<Record<string, unknown>>;

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** The largest exports have some hundred kilobytes. */
const LONGEST_TEXT = 10_000_000;
const MOST_HOPS = 20;

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const own = (value: unknown, name: string): unknown =>
  isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
const isText = (value: unknown) => typeof value === "string";
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

const lists = (expects: string, accepts: (one: unknown) => boolean) => ({
  expects,
  accepts: (value: unknown) =>
    isMap(value) && Object.values(value).every((list) => Array.isArray(list) && list.length > 0 && list.every(accepts)),
});

const OPTIONS: OptionTypes<ExportedOptions> = {
  paths: lists('methods by path, such as { "/api/now/table/{tableName}": ["GET"] }', (one) =>
    METHODS.includes(one as HttpMethod),
  ),
  values: lists("lists of strings by name", isText),
  url: ADDRESS,
  maxOperations: wholeNumber(1, 10_000),
  maxBytes: wholeNumber(1, 1e9),
};

/** Trims an exported specification. */
export function importExported(exported: unknown, options: ExportedOptions = {}): OpenApiDocument {
  checkOptions(options, OPTIONS, misused);
  const document = documentOf(exported);
  const { paths: chosen, values = {} } = options;
  const resolve = resolver(document);
  const ids = new Set<string>();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const unused = new Set(Object.keys(chosen ?? {}));
  for (const [path, given] of Object.entries((own(document, "paths") ?? {}) as Fields)) {
    const rule = chosen && ruleFor(chosen, path);
    if (!path.startsWith("/") || (chosen && rule === undefined)) continue;
    if (rule !== undefined) unused.delete(rule);
    const item = resolve(given);
    for (const method of METHODS) {
      const operation = resolve(own(item, method.toLowerCase()));
      const isChosen = rule === undefined || chosen?.[rule]?.includes(method);
      if (!isMap(operation) || !isChosen) continue;
      const made = trimmed({ path, method, operation, shared: own(item, "parameters"), resolve, values });
      made.operationId = uniqueId(textOf(operation.operationId), path, method, ids);
      paths[path] = { ...paths[path], [method.toLowerCase()]: made };
    }
  }
  const [missing] = unused;
  if (missing !== undefined) {
    const known = Object.keys((own(document, "paths") ?? {}) as Fields);
    throw misused(
      "",
      `Unknown path in \`paths\`: ${missing}. Paths of the document: ${known.slice(0, 20).join(", ")}.`,
    );
  }
  if (Object.keys(paths).length === 0) throw misused("", "No operation is left. Choose methods that the document has.");
  const info = own(document, "info");
  const { security, securitySchemes } = securityOf("An access token of the instance, or a key of the worker.");
  const description = textOf(own(info, "description"));
  return withinLimits(
    {
      openapi: textOf(document.openapi),
      info: {
        title: textOf(own(info, "title")) || "ServiceNow",
        version: textOf(own(info, "version")) || "1",
        ...(description && { description: shortened(description, LONGEST_PARAMETER) }),
      },
      servers: [{ url: serverOf(document, options) }],
      security,
      paths,
      components: { securitySchemes, schemas: usedSchemas(document, paths) },
    },
    options,
    "Choose fewer `paths`.",
  );
}

function documentOf(exported: unknown): Fields {
  let document = exported;
  if (typeof exported === "string") {
    checkArgument(
      "exported",
      exported,
      { expects: "at most 10 MB", accepts: () => exported.length <= LONGEST_TEXT },
      misused,
    );
    try {
      document = JSON.parse(exported);
    } catch {
      const advice = "Export it as JSON: YAML is not read here.";
      throw new OpenApiError("openapi.document", `The exported text is no JSON. ${advice}`);
    }
  }
  try {
    JSON.stringify(document);
  } catch {
    throw new OpenApiError("openapi.document", "The document is nested too deeply, or in a circle. Pass plain JSON.");
  }
  const version = textOf(own(document, "openapi"));
  if (isMap(document) && /^3\.[01]\.\d+$/.test(version) && isMap(document.paths)) return document;
  const what = version ? `has the version ${version.slice(0, 20)}` : "does not say `openapi`";
  throw new OpenApiError("openapi.document", `The document ${what}. Pass OpenAPI 3.0 or 3.1 with \`paths\`.`);
}

function serverOf(document: Fields, { url }: ExportedOptions): string {
  const servers = own(document, "servers");
  const [server] = Array.isArray(servers) ? (servers as unknown[]) : [];
  const address = url ?? textOf(own(server, "url"));
  if (ADDRESS.accepts(address)) return address.replace(/\/+$/, "");
  throw misused("", `Missing option \`url\`: the document names no such server. Pass ${ADDRESS.expects}.`);
}

/** The path itself, else the longest beginning. */
function ruleFor(chosen: Readonly<Record<string, unknown>>, path: string): string | undefined {
  if (Object.hasOwn(chosen, path)) return path;
  return Object.keys(chosen)
    .filter((rule) => rule.endsWith("*") && path.startsWith(rule.slice(0, -1)))
    .sort((one, other) => other.length - one.length)[0];
}

type Resolve = (value: unknown) => unknown;

/** Follows references within the document. One that leads nowhere is left out. */
function resolver(document: Fields): Resolve {
  return (value) => {
    let current = value;
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      const pointer = own(current, "$ref");
      if (typeof pointer !== "string") return current;
      if (!pointer.startsWith("#/")) return undefined;
      const names = pointer.slice(2).split("/");
      current = names
        .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce<unknown>((at, name) => own(at, name), document);
    }
    return undefined;
  };
}

interface Source {
  readonly path: string;
  readonly method: HttpMethod;
  readonly operation: Fields;
  /** Parameters of every method of the path. */
  readonly shared: unknown;
  readonly resolve: Resolve;
  readonly values: NonNullable<ExportedOptions["values"]>;
}

function trimmed(source: Source): OpenApiOperation {
  const { path, method, operation, resolve } = source;
  const summary = textOf(operation.summary) || textOf(operation.description) || `${method} ${path}`;
  const description = textOf(operation.description);
  const body = resolve(operation.requestBody);
  const content = contentOf(own(body, "content"), method === "POST" || method === "PUT" || method === "PATCH");
  return {
    operationId: "",
    summary: shortened(summary, LONGEST_SUMMARY),
    ...(description && { description: shortened(description, LONGEST_DESCRIPTION) }),
    ...(Array.isArray(operation.tags) && { tags: operation.tags.filter(isText) }),
    "x-openai-isConsequential": method !== "GET",
    parameters: parametersOf(source),
    ...(content && { requestBody: { required: own(body, "required") === true, content } }),
    responses: responsesOf(operation.responses, resolve),
  };
}

/** Those of the operation replace those of the path. Values of cookies and credentials are no parameters. */
function parametersOf({ path, operation, shared, resolve, values }: Source): object[] {
  const found = new Map<string, Fields>();
  for (const one of [shared, operation.parameters].flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = resolve(one);
    const [name, place] = [textOf(own(parameter, "name")), textOf(own(parameter, "in"))];
    const isSent =
      ["path", "query", "header"].includes(place) && !/^(?:authorization|accept|content-type)$/i.test(name);
    if (isMap(parameter) && name && isSent) found.set(`${place} ${name}`, parameter);
  }
  for (const [, name = ""] of path.matchAll(/\{([^{}]+)\}/g))
    if (!found.has(`path ${name}`)) found.set(`path ${name}`, { name, in: "path" });
  return [...found.values()].map(({ name, in: place, description, required, schema }) => {
    const known = Object.hasOwn(values, textOf(name)) ? values[textOf(name)] : undefined;
    const isTyped = isMap(schema) && Object.keys(schema).length > 0;
    const type = place === "path" && known ? { type: "string", enum: known } : isTyped ? schema : { type: "string" };
    return {
      ...{ name, in: place },
      ...(textOf(description) && { description: shortened(textOf(description), LONGEST_PARAMETER) }),
      required: place === "path" || required === true,
      schema: type,
    };
  });
}

/** JSON alone where there is any. An empty type of content is an object. */
function contentOf(given: unknown, isWritten: boolean): Record<string, object> | undefined {
  const types = Object.entries(isMap(given) ? given : {});
  if (types.length === 0 || !isWritten) return undefined;
  const json = types.filter(([type]) => /json/i.test(type));
  return Object.fromEntries((json.length > 0 ? json : types).map(([type, media]) => [type, mediaOf(type, media)]));
}

function mediaOf(type: string, media: unknown): object {
  const schema = own(media, "schema");
  if (isMap(schema) && Object.keys(schema).length > 0) return { schema };
  return /json/i.test(type) ? { schema: { type: "object" } } : {};
}

function responsesOf(given: unknown, resolve: Resolve): Record<string, object> {
  const all = Object.entries(isMap(given) ? given : {}).flatMap(([status, one]) => {
    const response = resolve(one);
    if (!/^(?:[1-5](?:\d\d|XX)|default)$/.test(status) || !isMap(response)) return [];
    const content = contentOf(response.content, true);
    const description = shortened(textOf(response.description) || status, LONGEST_DESCRIPTION);
    return [[status, { description, ...(content && { content }) }] as const];
  });
  if (all.length > 0) return Object.fromEntries(all);
  const content = { "application/json": { schema: { type: "object" } } };
  return { default: { description: "The reply. The export does not describe it.", content } };
}

function uniqueId(given: string, path: string, method: string, ids: Set<string>): string {
  const isUsable = given.length <= LONGEST_ID && /^\w+$/.test(given);
  let id = isUsable ? given : operationId(method.toLowerCase(), path.replace(/^\/api\//, "").replace(/^\W+|\W+$/g, ""));
  if (ids.has(id)) id = `${id.slice(0, LONGEST_ID - 9)}_${checksum(`${method} ${path}`)}`;
  ids.add(id);
  return id;
}

/** Schemas that operations refer to, and those that these refer to. */
function usedSchemas(document: Fields, paths: object): Record<string, object> {
  const all = own(own(document, "components"), "schemas");
  const used = new Map<string, object>();
  const open: unknown[] = [paths];
  while (open.length > 0) {
    for (const [, name = ""] of JSON.stringify(open.pop()).matchAll(/"\$ref":"#\/components\/schemas\/([^"/]+)/g)) {
      const schema = own(all, name);
      if (used.has(name)) continue;
      // A reference that leads nowhere is to anything.
      used.set(name, isMap(schema) ? schema : {});
      open.push(used.get(name));
    }
  }
  return Object.fromEntries(used);
}
