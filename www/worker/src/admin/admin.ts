/**
 * The way into the administration, `/admin/...`. Without the binding ADMIN_KEY_SHA256 there is none. The routes and their libraries are loaded
 * only after the operator's key was right, so they are no part of what others can reach.
 */

import { CallerKeys, sha256Of } from "../callers/keys.ts";
import { presentedBy } from "../callers/presented.ts";
import type { CallerCount } from "../gateway/caller-use.ts";
import { notConfigured, refused } from "../gateway/refusals.ts";
import { brokerProblem, registryProblem } from "../tenants/from-bindings.ts";
import { REGISTRY } from "../tenants/registry-rpc.ts";
import { brokerOf } from "../tenants/tenant.ts";
import type { AdministeredBroker, AdministeredRegistry } from "./routes.ts";

/** What the administration needs of the worker's bindings. */
export interface AdminBindings {
  /** The SHA-256 of the operator's key in hex digits; two of them, separated by a comma, while it is being replaced. */
  ADMIN_KEY_SHA256?: string;
  TENANT_REGISTRY: { getByName(name: string): AdministeredRegistry };
  TOKEN_BROKER: { getByName(name: string): AdministeredBroker };
}

/** Answers a request for `/admin/...`. `forget` makes this isolate ask the registry for a tenant again, `usage` is what it has served. */
export async function adminReply(
  request: Request,
  bindings: AdminBindings,
  forget: (tenant: string) => void,
  usage: () => readonly CallerCount[] = () => [],
): Promise<Response> {
  const keys = operatorKeys(bindings.ADMIN_KEY_SHA256);
  if (keys === undefined) return refused(NO_ADMINISTRATION);
  if (keys === "invalid") return refused(INVALID_BINDING);
  const presented = presentedBy(request.headers);
  const now = Date.now();
  const operator = presented && (keys.remembered(presented, now) ?? (await keys.callerOf(presented, now)));
  if (operator !== true) return refused(NO_OPERATOR);
  const problem = registryProblem(bindings) ?? brokerProblem(bindings);
  if (problem !== undefined) return notConfigured(problem);
  const { administration } = await import("./routes.ts");
  const registry = bindings.TENANT_REGISTRY.getByName(REGISTRY);
  const broker = (tenant: string) => bindings.TOKEN_BROKER.getByName(brokerOf(tenant));
  return administration.fetch(request, { registry, broker, forget, usage });
}

const NO_ADMINISTRATION = {
  status: 404,
  message: "Not found",
  code: "admin.off",
  why: "this worker has no administration",
  fix: ["The worker's operator can set the binding ADMIN_KEY_SHA256."],
};

const INVALID_BINDING = {
  status: 500,
  message: "Worker not configured",
  code: "admin.not-configured",
  why: "the binding ADMIN_KEY_SHA256 is not 64 hex digits, or two such values separated by a comma",
  fix: ["Set it to the SHA-256 of the operator's key, never to the key itself."],
};

const NO_OPERATOR = {
  status: 401,
  message: "User Not Authenticated",
  code: "admin.key",
  why: "it does not present the operator's key",
  fix: ["Send the key whose SHA-256 is in ADMIN_KEY_SHA256, as Authorization: Bearer <key>."],
  headers: { "www-authenticate": "Bearer" },
};

/** Of the binding that was read last. One isolate has one. */
let read: { readonly binding: string; readonly keys: CallerKeys<true> | "invalid" } | undefined;

function operatorKeys(binding: string | undefined): CallerKeys<true> | "invalid" | undefined {
  if (binding === undefined || binding === "") return undefined;
  if (read?.binding !== binding) read = { binding, keys: keysOf(binding) };
  return read.keys;
}

function keysOf(binding: string): CallerKeys<true> | "invalid" {
  const hashes = binding.split(",").map((hash) => hash.trim());
  if (hashes.length > 2 || !hashes.every((hash) => /^[0-9a-f]{64}$/i.test(hash))) return "invalid";
  return new CallerKeys(hashes.map((hash) => ({ caller: true as const, sha256: sha256Of(hash) })));
}
