/**
 * The instance's dictionary, read with the tenant's credential and not under the caller's policy, which seldom names `sys_dictionary`: the
 * description holds nothing of fields that the policy does not allow.
 */

import type { Instance, Page, Row } from "sysparm";
import { announcesMoreThan, cappedBody } from "../gateway/byte-cap.ts";
import { type Destination, passThrough } from "../gateway/pass-through.ts";
import type { Timing } from "../gateway/timing.ts";
import { compilePolicy } from "../policy/policy.ts";
import { Answered } from "../unified/answered.ts";
import { noDictionary, tooManyRequests } from "./refusals.ts";

const READING = compilePolicy({ unrestricted: ["GET"] });

/** A dictionary has some hundred kilobytes. */
const LONGEST_REPLY = 2 * 1024 * 1024;

/** Cloudflare's free plan allows 50 subrequests ("Workers", "Limits"); some are for a token and for repeats. One table needs up to 26. */
const MOST_REQUESTS = 40;

/** What `schema()` asks of an instance: lists, and one path. For one call, whose requests it counts. */
export function dictionaryOf(to: Destination, timing: Timing): Instance {
  const reading = { ...to, policy: READING, explains: true };
  let sent = 0;
  const send = async (target: string): Promise<Response> => {
    if (sent >= MOST_REQUESTS) throw new Answered(tooManyRequests);
    sent += 1;
    const request = new Request(to.instanceUrl + target, { headers: { accept: "application/json" } });
    const reply = await passThrough(request, target, reading, timing);
    if (!reply.ok) throw await failureOf(reply);
    if (announcesMoreThan(reply, LONGEST_REPLY)) {
      void reply.body?.cancel().catch(() => {});
      throw new Answered(noDictionary);
    }
    return new Response(cappedBody(reply, LONGEST_REPLY), reply);
  };
  const list = async (table: string, { query = "", fields = [], limit = 1 }: Asked): Promise<Listed> => {
    const parameters = { sysparm_query: query, sysparm_fields: fields.join(","), sysparm_limit: String(limit) };
    const text = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const reply = await send(`/api/now/table/${table}?${text.join("&")}&sysparm_exclude_reference_link=true`);
    const { result } = (await reply.json().catch(() => ({}))) as { result?: unknown };
    if (!Array.isArray(result)) throw new Answered(noDictionary);
    const total = Number(reply.headers.get("x-total-count") ?? Number.NaN);
    const isCounted = Number.isSafeInteger(total);
    // Access rules take rows out of a page after they were counted.
    const hidden = isCounted ? Math.max(0, Math.min(total, limit) - result.length) : 0;
    return { rows: result as Row[], total: isCounted ? total : null, hidden, complete: true };
  };
  return {
    url: to.instanceUrl,
    table: (name: string) => ({ list: (asked: Asked) => list(name, asked) }),
    request: send,
  } as unknown as Instance;
}

interface Asked {
  readonly query?: string;
  readonly fields?: readonly string[];
  readonly limit?: number;
}

type Listed = Pick<Page, "rows" | "total" | "hidden" | "complete">;

/** A table that is closed to this user, or that the instance does not have, is one that `schema()` does without. */
async function failureOf(reply: Response): Promise<unknown> {
  const text = await reply.text();
  const { code } = codeIn(text);
  if (reply.status === 403 || reply.status === 404) return { kind: "authorization", code };
  if (code === "table.unknown") return { kind: "request", code };
  return new Answered(new Response(text, reply));
}

function codeIn(text: string): { code?: string } {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error ?? {};
  } catch {
    return {};
  }
}
