/**
 * sysparm/openapi: OpenAPI descriptions of tables of an instance, for assistants, generators of clients and API tools.
 *
 * ```ts
 * import { openApi } from "sysparm/openapi";
 *
 * const document = openApi({
 *   url: "https://dev12345.service-now.com",
 *   schemas: [await instance.schema("incident")],
 *   tables: { incident: { fields: ["number", "state", "short_description"], operations: ["list", "get"] } },
 * });
 * await writeFile("openapi.json", JSON.stringify(document, null, 2));
 * ```
 *
 * Everything here is pure: nothing is requested, and the same arguments give the same document.
 */
import { RequestError } from "./index.js";
import type { TableSchema } from "./schema.js";

/**
 * Describes the Table API for chosen tables, fields and operations.
 *
 * Descriptions are written for an assistant: what a field means and its choices with labels, how to write an encoded query, and what an
 * empty answer may mean. They keep the limits that GPT actions document: 300 characters for an operation, 700 for a parameter.
 * Identifiers of operations depend on the table's name alone, are unique and have at most 64 characters.
 *
 * @throws OpenApiError `openapi.options` for what is missing or not known by the schemas, `openapi.too-large` for more than `maxOperations`
 * or `maxBytes`
 */
export function openApi(options: OpenApiOptions): OpenApiDocument;

/** Options of `openApi()`. */
export interface OpenApiOptions {
  /** What stands before `/api/now/table`: the instance's address, or that of a worker with the tenant's name. Without user, query and fragment. */
  url: string;
  /** What `instance.schema()` gives. Schemas of tables that are not described tell about fields behind references. */
  schemas: readonly TableSchema[];
  /** The tables to describe, by name; every one of `schemas`, to be read, unless given. */
  tables?: Readonly<Record<string, TableChoice>> | undefined;
  /** "3.1" unless given. */
  version?: "3.0" | "3.1" | undefined;
  /** "ServiceNow" unless given. */
  title?: string | undefined;
  /**
   * Who answers: "worker" for an edge worker whose policy adds fields and rows where a request names none. "instance" unless given: then
   * `sysparm_limit` is required, and `sysparm_fields` where a table's `fields` are chosen. Words for a worker name no table that is not described.
   */
  server?: "instance" | "worker" | undefined;
  /** 30 unless given: the editor of GPT actions is said to refuse more. */
  maxOperations?: number | undefined;
  /** Of the document as JSON without blanks; 1,000,000 unless given. */
  maxBytes?: number | undefined;
}

/** What is described of one table. */
export interface TableChoice {
  /** "list" and "get" unless given: nothing is written unless it is asked for. */
  operations?: readonly TableOperation[] | undefined;
  /**
   * Fields of replies, in this order; every field unless given, except those that hold passwords. A field behind a reference is named with a
   * dot: `caller_id.name`.
   */
  fields?: readonly string[] | undefined;
  /** Fields that queries may name; those of replies unless given. */
  conditions?: readonly string[] | undefined;
  /** Fields that may be written; unless given, those of replies that the dictionary does not declare read-only. */
  writable?: readonly string[] | undefined;
  /** The most rows of a reply; 100 unless given. */
  maxRows?: number | undefined;
  /** Whether labels may be asked for (`sysparm_display_value`); true unless given. */
  displayValues?: boolean | undefined;
}

/** `list` and `get` read, `update` changes the fields that are sent (PATCH). */
export type TableOperation = "list" | "get" | "create" | "update" | "delete";

/** An OpenAPI document: plain JSON. */
export interface OpenApiDocument {
  /** "3.0.3" or "3.1.0"; that of the exported document for `importExported()`. */
  openapi: string;
  /** Title, description and version. */
  info: { title: string; version: string; description?: string };
  /** One: the given `url`. */
  servers: { url: string }[];
  /** A bearer token for every operation. */
  security: Record<string, string[]>[];
  /** Operations by path and method. */
  paths: Record<string, Record<string, OpenApiOperation>>;
  /** Schemas that operations refer to, and the security scheme. */
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> } & Record<string, object>;
}

/** One operation of a document. */
export interface OpenApiOperation {
  /** Letters, digits and `_`, at most 64. */
  operationId: string;
  /** At most 300 characters. */
  summary?: string;
  /** At most 300 characters. */
  description?: string;
  /** What else OpenAPI has: `parameters`, `requestBody`, `responses`, `tags`. */
  [member: string]: unknown;
}

/**
 * Trims a specification that the REST API Explorer of an instance exported ("Export OpenAPI Specification (JSON)") and makes it one that
 * assistants and generators take. The platform leaves out identifiers, types and, in newer releases, every response: identifiers are made
 * of method and path, what has no type is text, and a bearer token is asked for. XML is left out where there is JSON.
 *
 * ```ts
 * const document = importExported(await readFile("now-table.json", "utf8"), {
 *   paths: { "/api/now/table/{tableName}": ["GET"] },
 *   values: { tableName: ["incident", "problem"] },
 * });
 * ```
 *
 * @throws OpenApiError `openapi.document` for what is no OpenAPI 3 in JSON, `openapi.options`, `openapi.too-large`
 */
export function importExported(exported: unknown, options?: ExportedOptions): OpenApiDocument;

/** Options of `importExported()`. */
export interface ExportedOptions {
  /** Methods by path, as the document writes it. A beginning of paths ends in `*`. Everything unless given. */
  paths?: Readonly<Record<string, readonly HttpMethod[]>> | undefined;
  /** The only values of a parameter of paths, by its name. */
  values?: Readonly<Record<string, readonly string[]>> | undefined;
  /** In place of the document's server: a worker, for example. */
  url?: string | undefined;
  /** 30 unless given. */
  maxOperations?: number | undefined;
  /** 1,000,000 unless given. */
  maxBytes?: number | undefined;
}

/** A method of an exported operation. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What cannot be described. */
export class OpenApiError extends RequestError {
  readonly code: "openapi.options" | "openapi.document" | "openapi.too-large";
  readonly kind: "request";
  private constructor();
}
