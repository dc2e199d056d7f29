/** What the administration refuses, with a stable code and what to do. No value of a request is repeated: it may be a secret. */

import type { OwnRefusal } from "../gateway/refusals.ts";

/** The codes of these refusals. */
export type AdminCode =
  | "admin.body"
  | "admin.body-too-long"
  | "admin.method"
  | "admin.not-configured"
  | "admin.path"
  | "admin.problems"
  | "admin.tenant";

interface AdminRefusal extends OwnRefusal {
  readonly code: AdminCode;
}

const ROUTES =
  "PUT, GET and DELETE /admin/tenants/{id}, GET /admin/tenants, POST /admin/tenants/{id}/pause and /resume, POST /admin/policies/test, POST /admin/reseal, GET /admin/usage";

/** No route has this path. */
export const noSuchPath: AdminRefusal = {
  status: 404,
  message: "Not found",
  code: "admin.path",
  why: "the administration has no such path",
  fix: [`Use one of ${ROUTES}.`],
};

/** The registry does not know the tenant. */
export const noSuchTenant: AdminRefusal = {
  status: 404,
  message: "Tenant not found",
  code: "admin.tenant",
  why: "the registry has no tenant with this id",
  fix: ["GET /admin/tenants lists the ids."],
};

/** The body is not JSON. */
export const notJson: AdminRefusal = {
  status: 400,
  message: "Invalid body",
  code: "admin.body",
  why: "its body is not valid JSON",
  fix: ["Send JSON with Content-Type: application/json."],
};

/** A binding is missing or invalid. `problem` names it, and the command that sets it. */
export function notConfigured(problem: string): AdminRefusal {
  const [what = problem, ...how] = problem.split(/(?<=\.) /);
  return {
    status: 500,
    message: "Worker not configured",
    code: "admin.not-configured",
    why: what.replace(/\.$/, ""),
    fix: [how.join(" ")],
  };
}

/** The path has other methods. */
export function wrongMethod(allow: string): AdminRefusal {
  return {
    status: 405,
    message: "Method not allowed",
    code: "admin.method",
    why: `this path has the methods ${allow} only`,
    fix: [`Use one of ${ROUTES}.`],
    headers: { allow },
  };
}

/** The body is longer than any record. */
export function bodyTooLong(most: number): AdminRefusal {
  return {
    status: 413,
    message: "Body too long",
    code: "admin.body-too-long",
    why: `its body may have ${most} bytes`,
    fix: ["Shorten the policies, or spread the callers over several tenants."],
  };
}

/** Options that cannot be accepted, by name. */
export function problemsFound(problems: readonly string[]): AdminRefusal {
  return {
    status: 400,
    message: "Invalid options",
    code: "admin.problems",
    why: `${problems.length === 1 ? "an option is" : `${problems.length} options are`} missing, unknown or invalid`,
    fix: problems,
  };
}
