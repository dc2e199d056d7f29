/**
 * `GET /{tenant}/openapi.json`: the Table API of a tenant's instance as the policy of this caller allows it, for assistants and for generators
 * of clients. The bearer is the caller's own key or token: the worker adds the instance's.
 */

import type { Instance } from "sysparm";
import { OpenApiError, openApi, type TableOperation } from "sysparm/openapi";
import { SchemaError, schema, type TableSchema } from "sysparm/schema";
import { TenantChanged } from "../broker/credential-memory.ts";
import { ownReply } from "../gateway/envelope.ts";
import { isReading } from "../gateway/examine.ts";
import type { Destination } from "../gateway/pass-through.ts";
import { rateRefused, refused, unknownFailure } from "../gateway/refusals.ts";
import type { Timing } from "../gateway/timing.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { Answered } from "../unified/answered.ts";
import { choiceFor, operationsOf } from "./choice.ts";
import { dictionaryOf } from "./dictionary.ts";
import { Held } from "./held.ts";
import * as refusals from "./refusals.ts";

/** A description of more is too large for an assistant. */
const MOST_TABLES = 7;
/** Of the policy's rate, for a table that extends one other. */
const REQUESTS_PER_TABLE = 6;

/** Dictionaries seldom change. */
const MAX_AGE_MS = 15 * 60_000;
const texts = new Held<string>(16, MAX_AGE_MS);
/** Of tenants, whatever the policy of the caller who asked first. */
const schemas = new Held<TableSchema>(60, MAX_AGE_MS);
/** Tables that nothing is known of. Soon asked for again: the right to read may have been given. */
const unknowns = new Held<null>(60, 60_000);

const OPERATIONS: readonly TableOperation[] = ["list", "get", "create", "update", "delete"];
const VERSIONS = ["3.0", "3.1"] as const;

interface Asked {
  readonly tables: readonly string[] | undefined;
  readonly operations: readonly TableOperation[] | undefined;
  readonly version: (typeof VERSIONS)[number];
}

/** Answers a call of a known caller. */
export async function openApiReply(request: Request, to: Destination, timing: Timing): Promise<Response> {
  try {
    if (!isReading(request.method)) throw new Answered(refusals.wrongMethod);
    return ownReply(await textFor(request, to, timing), 200);
  } catch (error) {
    if (error instanceof Answered) return error.reply;
    if (error instanceof OpenApiError && error.code === "openapi.too-large")
      return refused(refusals.tooLarge(error.message));
    // The gateway asks the registry again.
    if (error instanceof TenantChanged) throw error;
    return unknownFailure(error);
  }
}

async function textFor(request: Request, to: Destination, timing: Timing): Promise<string> {
  const { policy, use } = to;
  const { origin, searchParams, search } = new URL(request.url);
  const asked = askedFor(searchParams);
  const tables = tablesFor(policy, asked);
  const now = Date.now();
  const parts = [use.tenant, policy, origin, search];
  const known = texts.get(parts, now);
  const isHeld = (table: string) => heldSchema([use.tenant, to.instanceUrl, table], now) !== undefined;
  const unread = known === undefined ? tables.filter((table) => !isHeld(table)).length : 0;
  const { requestsPerMinute: most } = policy;
  // Readings of the dictionary count, but a policy of few requests must not make the description impossible.
  const waitMs = most && use.take(most, Math.min(most, 1 + REQUESTS_PER_TABLE * unread), now);
  if (waitMs) throw new Answered(rateRefused(waitMs / 1000));
  if (known !== undefined) return known;
  const found: TableSchema[] = [];
  const dictionary = dictionaryOf(to, timing);
  for (const table of tables) {
    const one = await schemaOf(table, to, dictionary);
    if (one) found.push(one);
  }
  if (found.length === 0) throw new Answered(refusals.noDictionary);
  const text = described(found, tables, `${origin}/${use.tenant}`, policy, asked);
  const oldest = Math.min(now, ...found.map(({ readAt }) => readAt));
  if (found.length === tables.length) texts.set(parts, text, oldest);
  return text;
}

function described(
  found: readonly TableSchema[],
  tables: readonly string[],
  url: string,
  policy: CompiledPolicy,
  { operations, version }: Asked,
): string {
  const chosen = found.map((one) => [
    one.table,
    choiceFor(policy, one, operationsOf(policy, one.table, operations), found),
  ]);
  const document = openApi({
    ...{ url, version, server: "worker", title: "ServiceNow through sysparm" },
    schemas: found,
    tables: Object.fromEntries(chosen),
  });
  const missing = tables.filter((table) => !found.some((one) => one.table === table));
  if (missing.length > 0)
    document.info.description += ` Not described, because the instance shows nothing of them: ${missing.join(", ")}.`;
  return JSON.stringify(document);
}

/** Null where the instance shows neither a dictionary nor a row. */
async function schemaOf(table: string, to: Destination, dictionary: Instance): Promise<TableSchema | null> {
  const parts = [to.use.tenant, to.instanceUrl, table];
  const now = Date.now();
  const known = heldSchema(parts, now);
  if (known !== undefined) return known;
  const read = await schema(dictionary, table).catch((error: unknown) => {
    const isClosed = error instanceof SchemaError || (error as { kind?: string } | null)?.kind !== undefined;
    if (isClosed && !(error instanceof Answered)) return null;
    throw error;
  });
  if (read === null) unknowns.set(parts, read, now);
  else schemas.set(parts, read, now);
  return read;
}

/** Null for a table that nothing is known of. */
function heldSchema(parts: readonly unknown[], now: number): TableSchema | null | undefined {
  return schemas.get(parts, now) ?? unknowns.get(parts, now);
}

/** @throws Answered */
function tablesFor(policy: CompiledPolicy, { tables, operations }: Asked): readonly string[] {
  const has = (table: string) => operationsOf(policy, table, operations).length > 0;
  const named = [...policy.tables.keys()].filter(has);
  if (tables && tables.length > MOST_TABLES) throw new Answered(refusals.tooManyNamed(MOST_TABLES));
  if (!tables && named.length > MOST_TABLES) throw new Answered(refusals.tooManyAllowed(MOST_TABLES));
  const isOpen = policy.unrestricted !== undefined || policy.prefixes.length > 0;
  if (!tables && named.length === 0 && isOpen) throw new Answered(refusals.noneNamed(MOST_TABLES));
  const chosen = tables ?? named;
  if (chosen.length > 0 && chosen.every(has)) return chosen;
  const begun = policy.prefixes.map(({ prefix }) => `${prefix}*`);
  throw new Answered(refusals.forbiddenTable([...named, ...begun].slice(0, 30).join(", ") || "none"));
}

/** @throws Answered */
function askedFor(parameters: URLSearchParams): Asked {
  const given = new Map(parameters);
  const { tables, operations, version = "3.1", ...others } = Object.fromEntries(given);
  const isKnown = Object.keys(others).length === 0 && given.size === [...parameters].length;
  const names = tables?.split(",");
  const wanted = operations?.split(",");
  const isValid =
    (names?.every((name) => /^[a-z0-9_]{1,80}$/.test(name)) ?? true) &&
    (wanted?.every((name) => OPERATIONS.some((one) => one === name)) ?? true);
  const known = VERSIONS.find((one) => one === version);
  if (isKnown && isValid && known)
    return {
      tables: names && [...new Set(names)],
      operations: wanted as TableOperation[] | undefined,
      version: known,
    };
  throw new Answered(
    refusals.invalidParameter(
      `Parameters: tables (names with commas between them), operations (${OPERATIONS.join(", ")}), version (3.0 or 3.1).`,
    ),
  );
}
