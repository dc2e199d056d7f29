/**
 * The routes of the administration. hono/tiny, because a handful of routes needs no other router.
 */

import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Hono } from "hono/tiny";
import type { CallerCount } from "../gateway/caller-use.ts";
import { ownReply } from "../gateway/envelope.ts";
import { refused, unknownFailure } from "../gateway/refusals.ts";
import { MOST_RECORD_BYTES, type TenantState } from "../tenants/record.ts";
import type { PutOutcome, ResealOutcome, TenantDetails, TenantPage } from "../tenants/registry-rpc.ts";
import { testPolicy } from "./policy-test.ts";
import {
  bodyTooLong,
  noSuchPath,
  noSuchTenant,
  notConfigured,
  notJson,
  problemsFound,
  wrongMethod,
} from "./refusals.ts";

/** The part of the registry that the administration uses. */
export interface AdministeredRegistry {
  put(given: unknown): Promise<PutOutcome>;
  list(asked: { after?: string; limit?: number }): Promise<TenantPage>;
  show(id: string): Promise<TenantDetails | null>;
  setState(id: string, state: TenantState): Promise<number | null>;
  remove(id: string): Promise<boolean>;
  reseal(after?: string): Promise<ResealOutcome>;
}

/** The part of a tenant's broker that the administration uses. */
export interface AdministeredBroker {
  pause(): Promise<void>;
  resume(): Promise<void>;
  resealTokens(): Promise<string | null>;
  forget(): Promise<void>;
}

/** What a request for the administration works with. */
export interface AdminEnvironment {
  Bindings: {
    readonly registry: AdministeredRegistry;
    readonly broker: (tenant: string) => AdministeredBroker;
    /** Makes this isolate ask the registry for a tenant again. */
    readonly forget: (tenant: string) => void;
    /** What this isolate has served. */
    readonly usage?: () => readonly CallerCount[];
  };
}

type AdminContext = Context<AdminEnvironment>;

/** A record, and what JSON adds to it: longer ones are refused before they are read. */
const MOST_BYTES = 2 * MOST_RECORD_BYTES;

const limited = bodyLimit({ maxSize: MOST_BYTES, onError: () => refused(bodyTooLong(MOST_BYTES)) });

/** The routes. */
export const administration = new Hono<AdminEnvironment>();

administration.get("/admin/tenants", async (context) => {
  const { after, limit } = context.req.query();
  const asked = { ...(after !== undefined && { after }), ...(limit !== undefined && { limit: Number(limit) }) };
  return json(200, await context.env.registry.list(asked));
});

administration.get("/admin/tenants/:id", async (context) => {
  const found = await context.env.registry.show(context.req.param("id"));
  return found === null ? refused(noSuchTenant) : json(200, found);
});

administration.put("/admin/tenants/:id", limited, async (context) => {
  const given = await bodyOf(context);
  if (given instanceof Response) return given;
  const id = context.req.param("id");
  if (typeof given === "object" && given !== null && "id" in given && given.id !== id)
    return refused(problemsFound(["Invalid option `id`. Pass the id of the path, or leave it out."]));
  const record = typeof given === "object" && given !== null && !Array.isArray(given) ? { ...given, id } : given;
  const outcome = await context.env.registry.put(record);
  if ("unconfigured" in outcome) return refused(notConfigured(outcome.unconfigured));
  if ("problems" in outcome) return refused(problemsFound(outcome.problems));
  context.env.forget(id);
  await changeBroker(context, id, (record as { state?: unknown }).state);
  const { created, version, credentialVersion } = outcome;
  return json(created ? 201 : 200, { id, version, credentialVersion });
});

administration.delete("/admin/tenants/:id", async (context) => {
  const id = context.req.param("id");
  const wasThere = await context.env.registry.remove(id);
  if (wasThere) context.env.forget(id);
  // Also where the tenant has gone: a removal that failed here before can be sent again.
  await context.env.broker(id).forget();
  if (!wasThere) return refused(noSuchTenant);
  return json(200, { id, removed: true });
});

administration.post("/admin/tenants/:id/pause", (context) => setState(context, context.req.param("id"), "paused"));
administration.post("/admin/tenants/:id/resume", (context) => setState(context, context.req.param("id"), "active"));

administration.post("/admin/reseal", async (context) => {
  const after = context.req.query("after");
  const outcome = await context.env.registry.reseal(after);
  if ("unconfigured" in outcome) return refused(notConfigured(outcome.unconfigured));
  if ("problems" in outcome) return refused(problemsFound(outcome.problems));
  const problem = await resealTokens(context, after);
  return problem === undefined ? json(200, outcome) : refused(problemsFound([problem]));
});

administration.post("/admin/policies/test", limited, async (context) => {
  const given = await bodyOf(context);
  if (given instanceof Response) return given;
  const tested = testPolicy(given);
  return "problems" in tested ? refused(problemsFound(tested.problems)) : json(200, tested);
});

administration.get("/admin/usage", (context) => json(200, { callers: context.env.usage?.() ?? [] }));

administration.all("/admin/usage", () => refused(wrongMethod("GET")));
administration.all("/admin/tenants", () => refused(wrongMethod("GET")));
administration.all("/admin/tenants/:id", () => refused(wrongMethod("GET, PUT, DELETE")));
administration.all("/admin/tenants/:id/:change{pause|resume}", () => refused(wrongMethod("POST")));
administration.all("/admin/policies/test", () => refused(wrongMethod("POST")));
administration.all("/admin/reseal", () => refused(wrongMethod("POST")));
administration.notFound(() => refused(noSuchPath));
administration.onError((error) => unknownFailure(error));

/** Of a page of tenants. Only a refresh token that replaced the registered one cannot be obtained again. */
async function resealTokens({ env }: AdminContext, after = ""): Promise<string | undefined> {
  const { tenants } = await env.registry.list({ after });
  for (const { id, credential } of tenants) {
    if (credential !== "refresh_token") continue;
    const problem = await env.broker(id).resealTokens();
    if (problem !== null) return `The tokens of ${id} cannot be opened. ${problem}`;
  }
  return undefined;
}

async function setState(context: AdminContext, id: string, state: TenantState): Promise<Response> {
  const version = await context.env.registry.setState(id, state);
  if (version === null) return refused(noSuchTenant);
  context.env.forget(id);
  await changeBroker(context, id, state);
  return json(200, { id, version, state });
}

/** A paused broker renews nothing. A resumed one sends credentials again that the instance has refused. */
async function changeBroker(context: AdminContext, id: string, state: unknown): Promise<void> {
  const broker = context.env.broker(id);
  if (state === "paused") await broker.pause();
  if (state === "active") await broker.resume();
}

/** The body as JSON, or what is wrong with it. The engine's message is dropped: it quotes the text, which may hold a secret. */
async function bodyOf({ req }: AdminContext): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(req.header("content-type") ?? "")) return refused(notJson);
  try {
    return JSON.parse(await req.text());
  } catch {
    return refused(notJson);
  }
}

function json(status: number, value: unknown): Response {
  return ownReply(JSON.stringify(value), status);
}
