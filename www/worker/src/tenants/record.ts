/**
 * A tenant as an operator writes it. `www/worker/tenant.schema.json` is made of this schema. Only the registry and the administration load
 * this file.
 */

import type { ModelMap } from "sysparm/model";
import * as v from "valibot";
import { callersSchema } from "../callers/schema.ts";
import { isWebOrigin, objectionToUrl } from "../instance-url.ts";
import { list, options, problemsOf, text } from "../options.ts";
import { policySchema } from "../policy/schema.ts";
import { authSchema, type TenantAuth } from "./auth-schema.ts";

/** The first segment of a path, so it cannot be one that the worker itself answers. A letter or digit first: it never looks like a dot segment. */
export const TENANT_ID = /^(?!(?:api|admin|health)$)[a-z0-9][a-z0-9-]{0,62}$/;
const ID_MESSAGE =
  "Pass 1 to 63 of a-z, 0-9 and -, a letter or digit first. The names api, admin and health are the worker's own.";

const URL_MESSAGE = "Pass an address like https://dev12345.service-now.com (http:// is accepted for loopback only).";
const ORIGIN_MESSAGE =
  "Pass an origin as a browser sends it, like https://console.example.com: no path, and no * for all.";

const MOST_ORIGINS = 50;
const MOST_POLICIES = 50;

const MAP_MESSAGE = 'Pass a map of the unified model, such as { "version": 1, "tables": {} }.';

const name = text(100);
const policies = v.pipe(
  v.record(name, policySchema, "Pass an object of policies by name."),
  v.maxEntries(MOST_POLICIES, `Pass at most ${MOST_POLICIES} policies.`),
);

const entries = {
  id: v.pipe(v.string(ID_MESSAGE), v.regex(TENANT_ID, ID_MESSAGE)),
  instanceUrl: v.pipe(
    v.string(URL_MESSAGE),
    v.check((url) => objectionToUrl(url) === undefined, URL_MESSAGE),
  ),
  auth: v.optional(authSchema),
  allowedOrigins: v.optional(
    list(
      v.pipe(
        v.string(ORIGIN_MESSAGE),
        v.check((origin) => isWebOrigin(origin), ORIGIN_MESSAGE),
      ),
      MOST_ORIGINS,
    ),
    [],
  ),
  policies,
  callers: v.optional(callersSchema, []),
  map: v.optional(
    v.pipe(
      v.record(v.string(), v.unknown(), MAP_MESSAGE),
      v.description("The map of the unified model: what is different in this instance (sysparm/model)."),
    ),
  ),
  state: v.optional(v.picklist(["active", "paused"], "Pass active or paused.")),
};

/** The schema of `PUT /admin/tenants/{id}`. An existing tenant keeps its credentials without `auth`, and its state without `state`. */
export const tenantSchema = options(entries);

type Written = v.InferOutput<typeof tenantSchema>;

/** A checked tenant without what can be kept. */
export interface TenantRecord extends Omit<Written, "auth" | "state" | "map"> {
  /** What it holds is checked before it is stored. */
  map?: ModelMap | undefined;
}

/** Whether callers are served. */
export type TenantState = NonNullable<Written["state"]>;

/** Larger ones are refused: each isolate that serves the tenant holds one. */
export const MOST_RECORD_BYTES = 256 * 1024;

/** The outcome of reading what an operator wrote. */
export type ReadRecord =
  | { readonly record: TenantRecord; readonly state: TenantState | undefined; readonly auth: TenantAuth | undefined }
  | { readonly problems: readonly string[] };

/** Reads a tenant. All problems at once, and none with a value. */
export function readTenantRecord(given: unknown): ReadRecord {
  const read = v.safeParse(tenantSchema, given);
  if (!read.success) return { problems: problemsOf(read.issues) };
  const { auth, state, map, ...others } = read.output;
  const record: TenantRecord = { ...others, ...(map && { map: map as unknown as ModelMap }) };
  record.instanceUrl = new URL(record.instanceUrl.trim()).origin;
  const problems = contradictions(record);
  if (problems.length > 0) return { problems };
  if (new TextEncoder().encode(JSON.stringify(record)).length > MOST_RECORD_BYTES)
    return { problems: [`The tenant is larger than ${MOST_RECORD_BYTES} bytes. Shorten its policies.`] };
  return { record, state, auth };
}

/** What only several options together can show. */
function contradictions({ callers, policies }: TenantRecord): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  callers.forEach((caller, index) => {
    if (names.has(caller.name))
      problems.push(`Invalid option \`callers[${index}].name\`. Pass a name that no other caller has.`);
    names.add(caller.name);
    if (!Object.hasOwn(policies, caller.policy))
      problems.push(`Invalid option \`callers[${index}].policy\`. Pass the name of one of this tenant's policies.`);
  });
  return problems;
}
