/** Decisions about attachments, import sets, GraphQL and APIs that a policy names by their paths. */

import type { Address } from "./address.ts";
import { type CompiledPolicy, type FieldRules, type PathRules, rulesFor, type TableRules } from "./compile.ts";
import type { QueryTerm } from "./encoded-query.ts";
import { readJson } from "./json-body.ts";
import { OF_ATTACHMENTS, OF_IMPORT, OF_NOTHING, OF_UPLOAD, readParameters } from "./parameters.ts";
import { forbidden, quoted, type Refusal, someOf, unreadable } from "./refusal.ts";
import { type AskedRequest, refuseContentType, refuseForm } from "./request.ts";
import { noSuchPath, type Outcome, refuseLimit, refuseMembers } from "./table-rules.ts";

/** Decides a request of the Attachment API. A file's address does not say which table its record is in. */
export function decideAttachment(
  policy: CompiledPolicy,
  address: Address,
  method: string,
  asked: AskedRequest,
): Outcome {
  const [first, second, ...more] = address.rest;
  if (more.length > 0) return noSuchPath(address);
  if (first === undefined) return method === "GET" ? decideList(policy, address) : noSuchPath(address);
  const isForm = first === "upload" && second === undefined && method === "POST";
  const refusal = method === "GET" || isForm ? undefined : refuseForm(asked.headers);
  if (refusal) return refusal;
  if (first === "file" && second === undefined && method === "POST") return decideUpload(policy, address);
  if (!policy.attachments.has(method)) {
    return forbidden(
      "policy.attachment",
      `${quoted(address.path)} does not say which table the file belongs to. It needs ${quoted(method)} in the policy's \`attachments\` for all tables.`,
    );
  }
  const { problem } = readParameters(address.query, OF_NOTHING);
  return problem ?? { added: "", maxBytes: policy.maxBytes };
}

function decideList(policy: CompiledPolicy, address: Address): Outcome {
  const asks = readParameters(address.query, OF_ATTACHMENTS);
  if (asks.problem) return asks.problem;
  const walked = asks.compared.find((field) => field.includes("."));
  if (walked !== undefined)
    return forbidden(
      "policy.condition",
      `Field ${quoted(walked)} leads to another table. Use fields of sys_attachment.`,
    );
  if (asks.textSearch)
    return forbidden("policy.text-search", "Text search is not allowed for attachments. Compare single fields.");
  const ofTable = policy.attachments.has("GET") ? undefined : allowedTable(policy, asks.terms);
  if (!policy.attachments.has("GET") && ofTable === undefined) {
    return forbidden(
      "policy.attachment",
      "Attachments of all tables are not allowed. Begin sysparm_query with table_name=<an allowed table>, and use neither OR nor NQ.",
    );
  }
  const maxRows = smaller(policy.maxRows, ofTable?.maxRows);
  const refusal = asks.limit === undefined ? undefined : refuseLimit(asks.limit, maxRows);
  const added = asks.limit === undefined && maxRows !== undefined ? `sysparm_limit=${maxRows}` : "";
  return refusal ?? { added, maxBytes: smaller(policy.maxBytes, ofTable?.maxBytes) };
}

/** The narrower of two bounds; undefined is none. */
export function smaller(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** The rules of the table that every row belongs to: a condition on it holds only where nothing is an alternative to it. */
function allowedTable(policy: CompiledPolicy, terms: readonly QueryTerm[]): TableRules | undefined {
  if (terms.some(({ joined }) => joined !== "and")) return undefined;
  const term = terms.find(
    ({ field, operator, value }) => field === "table_name" && operator === "=" && allows(policy, value, "GET"),
  );
  return term && rulesFor(policy, term.value);
}

function allows(policy: CompiledPolicy, table: string, method: string): boolean {
  return rulesFor(policy, table)?.attachments.has(method) === true;
}

function decideUpload(policy: CompiledPolicy, address: Address): Outcome {
  const asks = readParameters(address.query, OF_UPLOAD);
  if (asks.problem) return asks.problem;
  const table = asks.texts?.get("table_name") ?? "";
  if (policy.attachments.has("POST") || allows(policy, table, "POST")) return { added: "", maxBytes: policy.maxBytes };
  return forbidden("policy.attachment", `Attachments may not be added to records of table ${quoted(table)}.`);
}

/** Decides a request of the Import Set API. */
export function decideImport(policy: CompiledPolicy, address: Address, method: string, asked: AskedRequest): Outcome {
  const [table = "", second, ...more] = address.rest;
  const rules = policy.importSets.get(table);
  if (rules === undefined) {
    return forbidden(
      "policy.import",
      `Staging table ${quoted(table)} is not allowed. Allowed: ${someOf(policy.importSets.keys())}.`,
    );
  }
  if (!rules.methods.has(method)) {
    return forbidden(
      "policy.method",
      `Method ${quoted(method)} is not allowed for staging table ${quoted(table)}. Allowed: ${someOf(rules.methods)}.`,
    );
  }
  const isMultiple = method === "POST" && second === "insertMultiple";
  const fits = isMultiple || (method === "POST" ? second === undefined : method === "GET" && second !== undefined);
  if (more.length > 0 || !fits) return noSuchPath(address);
  const { problem } = readParameters(address.query, OF_IMPORT);
  const refusal = problem ?? (method === "POST" ? refuseImported(rules.writable, isMultiple, asked) : undefined);
  return refusal ?? { added: "", maxBytes: policy.maxBytes };
}

function refuseImported(writable: FieldRules, isMultiple: boolean, asked: AskedRequest): Refusal | undefined {
  if (writable.all) return refuseContentType(asked.headers);
  if (isMultiple) {
    return forbidden(
      "policy.import",
      "insertMultiple names columns by label or by name, so that the restricted fields cannot be checked. Send single records.",
    );
  }
  const json = readJson(asked.body, asked.headers?.get("content-type"));
  return "problem" in json ? json.problem : refuseMembers(json.value, writable);
}

/** Decides a request of the GraphQL API. */
export function decideGraphql(policy: CompiledPolicy, address: Address, method: string): Outcome {
  if (!policy.graphql) return forbidden("policy.graphql", "The GraphQL API is not allowed. Use the Table API.");
  if (method !== "POST" || address.rest.length > 0) return noSuchPath(address);
  return { added: "", maxBytes: policy.maxBytes };
}

/** The rule of the longest path that is the given one, or above it. */
function pathRule({ paths }: CompiledPolicy, given: string, read = asWritten): PathRules | undefined {
  const text = `${read(given)}/`;
  return paths.find(({ path }) => text.startsWith(`${read(path)}/`));
}

const asWritten = (path: string) => path;

/** As a server reads a path that ignores case, and dots at the end of a name. */
const folded = (path: string) => path.toLowerCase().replace(/\.+(?=\/|$)/g, "");

/** Decides a request of an API that has no options of its own: only its path counts. */
export function decidePath(policy: CompiledPolicy, address: Address, method: string): Outcome {
  const rule = pathRule(policy, address.path);
  if (rule === undefined)
    return forbidden("policy.path", `Path ${quoted(address.path)} is not allowed. The policy names no such path.`);
  // The instance decodes escapes (RFC 3986, section 6.2.2.2), and whether it ignores case is not documented: another rule could be meant.
  if (address.path.includes("%"))
    return unreadable(
      "policy.path",
      `Path ${quoted(address.path)} holds an escape.`,
      `Below ${quoted(rule.path)}, send plain characters. Other values belong into the query string.`,
    );
  if (pathRule(policy, address.path, folded) !== rule)
    return unreadable(
      "policy.path",
      `Path ${quoted(address.path)} differs from one of the policy in capitals or dots alone.`,
      "Write it as the policy does.",
    );
  if (!rule.methods.has(method)) {
    return forbidden(
      "policy.method",
      `Method ${quoted(method)} is not allowed for path ${quoted(rule.path)}. Allowed: ${someOf(rule.methods)}.`,
    );
  }
  return { added: "", maxBytes: policy.maxBytes };
}
