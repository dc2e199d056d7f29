/** Which API a path belongs to, and what a call of it does with which table. The pages of the REST API reference, such as "Table API", "Batch API" and "Service Catalog API". */
import type { TableOperation } from "sysparm/environments";
import { SYS_ID } from "../../../shared/keys.js";

/** What one call is. */
export interface Called {
  /** As the platform calls it; of another API its address without identifiers. */
  api: string;
  uses: Use[];
  /** Why its uses are not all that it needs; absent where they are. */
  open?: string;
}

/** One operation on one table. */
export interface Use {
  table: string;
  operation: TableOperation;
}

const NAME = /^[a-z][a-z\d_]{0,79}$/;
const CLASSES = "which classes it reads and writes: each has rules of its own";
const CRITERIA = "the user criteria of catalogs, categories and items, which decide besides rules of tables";

/** Undefined for what is no API: a page, a file. */
export function calledOf(method: string, path: string): Called | undefined {
  const exported = /^\/([a-z\d_]+)_list\.do$/.exec(path)?.[1];
  if (exported) return { api: "Export of a list", uses: [{ table: exported, operation: "read" }] };
  const [space, root, ...rest] = path
    .split("/")
    .slice(1)
    .filter((part) => !/^v\d+$/.test(part));
  if (space !== "api" || root === undefined) return undefined;
  const [resource = "", table = "", ...deeper] = rest.map(decoded);
  if (root !== "now") return ofApplication(method, [root, ...rest]);
  const on = (api: string, operation = operationOf(method)): Called => ({
    api,
    uses: NAME.test(table) ? [{ table, operation }] : [],
  });
  switch (resource) {
    case "table":
      return on("Table API");
    case "stats":
      return on("Aggregate API", "read");
    case "import":
      return on("Import Set API");
    case "attachment":
      return { api: "Attachment API", uses: [{ table: "sys_attachment", operation: operationOf(method) }] };
    case "batch":
      return { api: "Batch API", uses: [] };
    case "identifyreconcile":
      return { api: "Identification and Reconciliation API", uses: [], open: CLASSES };
    case "cmdb": {
      const [name = ""] = deeper;
      const uses: Use[] = NAME.test(name) ? [{ table: name, operation: operationOf(method) }] : [];
      return table === "instance"
        ? { api: "CMDB Instance API", uses }
        : { api: "CMDB Meta API", uses: [], open: CLASSES };
    }
    default:
      return { api: nameless(["now", ...rest]), uses: [] };
  }
}

function ofApplication(method: string, parts: string[]): Called {
  const [root, resource, ...rest] = parts;
  if (root === "sn_sc" && resource === "servicecatalog")
    return { api: "Service Catalog API", uses: [], open: CRITERIA };
  if (root === "sn_chg_rest" && resource === "change") {
    const table = rest.includes("task") ? "change_task" : "change_request";
    return { api: "Change Management API", uses: [{ table, operation: operationOf(method) }] };
  }
  return { api: nameless(parts), uses: [] };
}

export function operationOf(method: string): TableOperation {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
    case "PATCH":
      return "write";
    case "DELETE":
      return "delete";
    default:
      return "read";
  }
}

/** The address of an API without what names a single record, so that calls of one route are one line. */
function nameless(parts: string[]): string {
  const shown = parts.map((part) => (SYS_ID.test(part) || /\d{3,}/.test(part) || part.length > 60 ? "{id}" : part));
  return `/api/${shown.slice(0, 8).join("/")}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What asks for a page. Everything else that a path with .do answers is a call of a processor, such as SOAP. */
const PAGES = /^(?:login|logout|login_with_sso|welcome|home|navpage|nav_to|oauth_auth)\.do$/;

/**
 * The name of a processor that a path calls: "incident.do" with ?SOAP, ?JSONv2, ?CSV and the like. Undefined for a page that is known by
 * its name or its reply, and for what is no processor.
 */
export function processorOf(path: string, reply: string | null): string | undefined {
  const name = /(?:^|\/)([\w$.-]{1,80}\.do)$/i.exec(path)?.[1];
  if (name === undefined || PAGES.test(name)) return undefined;
  return reply !== null && /^\s*<(?:!doctype html|html)\b/i.test(reply) ? undefined : name;
}
