/**
 * The Batch API: many requests in one, each with an outcome of its own.
 *
 * ```text
 *  requests --split by count and bytes--> Batch call --served-------> outcome, by the status of each
 *                 ^                          |--not reached---------> sent again, as long as each call serves some
 *                 |                          |--no call serves it----> a read is sent separately; a write's outcome is unknown
 *                 `--certainly absent-- look up <--unknown, a write--'
 * ```
 *
 * A write with an unknown outcome is looked up if the options say so and it can be found. Otherwise it is reported as unknown.
 *
 * Unserviced does not mean unprocessed: the instance also lists requests that it began and could not answer. So a write is sent again only
 * if others were served before it in the same call and none after it; a read always.
 */

import type { BatchOptions, BatchOutcome, BatchRequest, SysparmError } from "sysparm";
import type { Answered, Asked } from "../protocol/call.js";
import { type CallContext, replyError, wholeText } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { BatchRecovery, LostWrite, Target } from "../recovery/batch.js";
import { incomplete } from "../shared/rows.js";
import { atEndOfTick } from "./tick.js";

const PATH = "/api/now/v1/batch";
const SIZE = 50;
/** The most requests in one Batch call. */
export const LARGEST_SIZE = 1000;
/** The instance's default limits for one request and for a whole call; the latter is smaller than the instance's, to allow for the envelope. */
const LARGEST_ITEM = 5 * 1024 * 1024;
const LARGEST_CALL = 9 * 1024 * 1024;
/** Consecutive calls that may be lost with reads in them, or serve nothing. */
const ATTEMPTS = 3;
const UNKNOWN = "UnknownOutcomeError";

interface Item {
  id: string;
  method: string;
  path: string;
  writes: boolean;
  /** What it writes, if that can be looked up. */
  target?: Target | undefined;
  /** How often it was sent without an answer that decides its outcome. */
  sends: number;
  /** The request's entry in a Batch call. */
  request: object;
  bytes: number;
  init: RequestInit;
}

interface Served {
  id: string;
  status_code: number;
  body?: string;
  headers?: { name: string; value: string }[];
}

interface Arrived {
  reply: Response;
  text: string;
}

/** Sends requests as Batch calls; each has an outcome of its own. */
export async function sendBatch(
  context: CallContext,
  requests: readonly BatchRequest[],
  { size = SIZE, recovery, signal }: BatchOptions = {},
): Promise<BatchOutcome[]> {
  if (!Array.isArray(requests)) throw context.invalid("options.type", "Invalid argument `requests`. Pass a list.");
  const isSafe = recovery !== undefined || requests.some((request) => request?.correlation !== undefined);
  const safe = isSafe ? await import("../recovery/calls.js") : undefined;
  const items = requests.map((request, place) => {
    const { request: keyed, target } = safe ? safe.withTarget(context, request) : { request };
    return { ...itemOf(context, keyed, place), target };
  });
  const read = (paths: string[]) =>
    sendBatch(
      context,
      paths.map((path) => ({ path })),
      { size, ...(signal && { signal }) },
    );
  const outcomes = await sendAll(context, items, size, safe?.batchRecovery(context, read, recovery, signal), signal);
  return items.map(({ id }) => outcomes.get(id) as BatchOutcome);
}

function itemOf(context: CallContext, asked: BatchRequest, place: number): Item {
  const { invalid } = context;
  const { method = "GET", path, headers, body }: BatchRequest = { ...asked };
  const verb = String(method).toUpperCase();
  if (!["GET", "POST", "PUT", "PATCH", "DELETE"].includes(verb)) {
    throw invalid(
      "request.method",
      `Invalid \`method\` of Request ${place} of the batch. Pass GET, POST, PUT, PATCH or DELETE.`,
    );
  }
  if (typeof path !== "string" || !/^\/api\/[!-[\]-~]*$/.test(path) || path.includes("#")) {
    throw invalid(
      "request.path",
      `Invalid \`path\` of Request ${place} of the batch. Pass one that begins with /api/ and is percent-encoded.`,
    );
  }
  if (verb === "GET" && body !== undefined) {
    throw invalid(
      "request.body",
      `Invalid \`body\` of Request ${place} of the batch: a GET has none. Remove it or pass another method.`,
    );
  }
  const all = context.callerHeaders(headers);
  if (!all.has("accept")) all.set("accept", "application/json");
  let text: string | undefined;
  try {
    text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  } catch {
    throw invalid(
      "request.body",
      `Invalid \`body\` of Request ${place} of the batch: circular or too deep. Pass what JSON can hold.`,
    );
  }
  if (text !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
  const bytes = new TextEncoder().encode(text ?? "");
  if (bytes.length > LARGEST_ITEM) {
    throw invalid(
      "request.body",
      `Request ${place} of the batch is larger than the 5 MB that the instance takes. Pass a smaller body.`,
    );
  }
  const id = String(place + 1);
  const request = {
    id,
    method: verb,
    url: path,
    headers: Array.from(all, ([name, value]) => ({ name, value })),
    ...(text !== undefined && { body: base64(bytes) }),
  };
  const init: RequestInit = { headers: all, ...(text !== undefined && { body: text }) };
  const bytesSent = JSON.stringify(request).length;
  return { id, method: verb, path, writes: verb !== "GET", sends: 0, request, bytes: bytesSent, init };
}

/** Sends until every item has an outcome. An item is in one call at a time. */
async function sendAll(
  context: CallContext,
  items: readonly Item[],
  size: number,
  safe: BatchRecovery | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<string, BatchOutcome>> {
  const outcomes = new Map<string, BatchOutcome>();
  let waiting = [...items];
  let failures = 0;
  let barren = 0;
  while (waiting.length > 0) {
    signal?.throwIfAborted();
    const call = nextCall(waiting, size);
    const lost: LostWrite<Item>[] = [];
    const end = (item: Item, outcome: BatchOutcome) => {
      const isUnknown = item.writes && !outcome.ok && outcome.error.name === UNKNOWN;
      if (!safe || !isUnknown) {
        if (outcome.ok) safe?.answered(item, outcome.result);
        outcomes.set(item.id, outcome);
        return;
      }
      item.sends += 1;
      lost.push({ item, error: outcome.error });
    };
    await safe?.before(call);
    let served: Map<string, Served> | undefined;
    try {
      served = await serve(context, call, signal);
      failures = 0;
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = thrown as SysparmError;
      // The batch is a POST, but an unknown outcome concerns only the writes in it.
      const isLost = error.name === UNKNOWN;
      failures += 1;
      for (const item of call) if (item.writes || !isLost || failures >= ATTEMPTS) end(item, failing(error));
    }
    if (served) {
      const ids = call.map(({ id }) => (served as Map<string, Served>).has(id));
      const lastServed = ids.lastIndexOf(true);
      barren = lastServed < 0 ? barren + 1 : 0;
      for (const [place, item] of call.entries()) {
        const answer = served.get(item.id);
        // If nothing was served, the first request was processed and the others were not reached.
        const wasProcessed = place < lastServed || (lastServed < 0 && place === 0);
        if (answer) end(item, await servedOutcome(context, item, answer));
        else if (wasProcessed || (barren >= ATTEMPTS && !item.writes))
          end(item, await sendSeparately(context, item, signal));
        else if (barren >= ATTEMPTS) {
          const none = new Response(null, { status: 200 });
          const unserviced = JSON.stringify({ unserviced_requests: [item.id] });
          outcomes.set(item.id, failing(await replyError(context, "POST", PATH, none, unserviced)));
        }
      }
    }
    // Later requests may depend on these writes, so they wait.
    if (safe && lost.length > 0) for (const [id, outcome] of await safe.recover(lost)) outcomes.set(id, outcome);
    waiting = waiting.filter(({ id }) => !outcomes.has(id));
  }
  return outcomes;
}

/** For an item that no call answers. A read is sent separately. A write may have happened and its answer be too large. */
async function sendSeparately(
  context: CallContext,
  item: Item,
  signal: AbortSignal | undefined,
): Promise<BatchOutcome> {
  const { method, path, init } = item;
  if (item.writes)
    return failing(await replyError(context, method, path, new Response(null, { status: 200 }), undefined));
  try {
    const { reply } = await context.send({ method, path, expect: ExpectedBody.untouched, init, signal });
    const text = await (reply as Response).text();
    return await itemOutcome(context, item, { reply: reply as Response, text });
  } catch (thrown) {
    signal?.throwIfAborted();
    return failing(thrown as SysparmError);
  }
}

function failing(error: SysparmError): BatchOutcome {
  return { ok: false, ...(error.status !== undefined && { status: error.status }), error };
}

/** The first items, up to the size of one call. */
function nextCall(items: readonly Item[], size: number): Item[] {
  let bytes = 0;
  const most = items.findIndex((item, place) => {
    bytes += item.bytes;
    return place >= size || (place > 0 && bytes > LARGEST_CALL);
  });
  return items.slice(0, most < 0 ? items.length : most);
}

async function serve(
  context: CallContext,
  call: Item[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Served>> {
  const body = JSON.stringify({ batch_request_id: "1", rest_requests: call.map(({ request }) => request) });
  const { reply } = await context.send({
    method: "POST",
    path: PATH,
    expect: ExpectedBody.done,
    init: { body },
    signal,
  });
  const text = await wholeText(reply);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? "");
  } catch {
    // Reported below.
  }
  const { serviced_requests: all } = Object(parsed);
  if (!Array.isArray(all)) throw await replyError(context, "POST", PATH, reply, text);
  const served = all.map((one): Served => Object(one));
  return new Map(served.map((one) => [String(one.id), one]));
}

/** Undefined for an entry without a valid status, which would be taken for a success. */
function replyOf({ status_code, headers, body }: Served): Arrived | undefined {
  const status = Number(status_code) || 0;
  try {
    const bytes = Uint8Array.from(atob(body ?? ""), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    const empty = status === 204 || status === 205 || status === 304;
    const init = { status, headers: (headers ?? []).map(({ name, value }): [string, string] => [name, value]) };
    return { reply: new Response(empty ? null : bytes, init), text };
  } catch {
    return undefined;
  }
}

/** An invalid entry was served, too: of a write its outcome is unknown. */
async function servedOutcome(context: CallContext, item: Item, answer: Served): Promise<BatchOutcome> {
  const arrived = replyOf(answer);
  if (arrived) return itemOutcome(context, item, arrived);
  const { method, path, writes } = item;
  const none = new Response(null, { status: 200 });
  return failing(
    writes
      ? await replyError(context, method, path, none)
      : incomplete(context.invalid, `no reply to ${method} ${path.split("?")[0]}`),
  );
}

async function itemOutcome(
  context: CallContext,
  { method, path }: Item,
  { reply, text }: Arrived,
): Promise<BatchOutcome> {
  const { status, headers } = reply;
  const isJson = headers.get("content-type")?.includes("json") ?? /^\s*[{[]/.test(text);
  let body: unknown = text === "" ? null : text;
  let isWhole = reply.ok;
  if (isJson && text !== "") {
    try {
      body = JSON.parse(text);
      // A cancelled transaction answers 200, too, with an error after the rows.
      isWhole &&= !(typeof body === "object" && body !== null && "error" in body);
    } catch {
      isWhole = false;
    }
  }
  if (!isWhole || headers.get("content-type")?.includes("html")) {
    return { ok: false, status, error: await replyError(context, method, path, reply, text) };
  }
  const result = typeof body === "object" && body !== null && "result" in body ? body.result : body;
  return { ok: true, status, headers, result };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, because argument lists are limited.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

interface WaitingRead {
  asked: Asked;
  resolve(answered: Answered): void;
  reject(reason: unknown): void;
}

/** Sends the interactive reads of one tick as one Batch call. */
export function joining(context: CallContext): (asked: Asked) => Promise<Answered> {
  let tick: WaitingRead[] = [];

  // A single read, or one that failed in the batch, is sent separately: the client then repeats and diagnoses it.
  const single = ({ asked, resolve, reject }: WaitingRead) => void context.send(asked).then(resolve, reject);

  const flush = async () => {
    const joined = tick;
    tick = [];
    try {
      if (joined.length > 1) await sendJoined(joined);
      else joined.forEach(single);
    } catch {
      joined.forEach(single);
    }
  };

  const sendJoined = async (joined: readonly WaitingRead[]) => {
    const items = joined.map(({ asked }, place) => itemOf(context, { path: asked.path }, place));
    for (let at = 0; at < items.length; ) {
      const call = nextCall(items.slice(at), SIZE);
      const served = await serve(context, call, undefined).catch(() => new Map<string, Served>());
      for (const item of call) {
        const one = joined[at] as WaitingRead;
        const answer = served.get(item.id);
        const arrived = answer && replyOf(answer);
        const answered = arrived && answeredBy(arrived, one.asked);
        if (answered) one.resolve(answered);
        else single(one);
        at += 1;
      }
    }
  };

  return (asked) =>
    new Promise((resolve, reject) => {
      const ends = asked.signal ?? asked.cancellation;
      ends?.throwIfAborted();
      // The other reads of the call continue.
      const end = () => finish(() => reject(ends?.reason));
      const finish = (how: () => void) => {
        ends?.removeEventListener("abort", end);
        how();
      };
      ends?.addEventListener("abort", end);
      tick.push({
        asked,
        resolve: (answered) => finish(() => resolve(answered)),
        reject: (reason) => finish(() => reject(reason)),
      });
      if (tick.length === 1) atEndOfTick(flush);
    });
}

function answeredBy({ reply, text }: Arrived, { expect }: Asked): Answered | undefined {
  try {
    const body = JSON.parse(text) as { result?: unknown; error?: unknown };
    const { result } = body;
    const fits =
      Array.isArray(result) === (expect === ExpectedBody.rows) && typeof result === "object" && result !== null;
    return reply.ok && !("error" in body) && fits ? { reply, result } : undefined;
  } catch {
    return undefined;
  }
}
