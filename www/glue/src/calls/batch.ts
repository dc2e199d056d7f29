/**
 * The Batch API: many requests in one, each with an outcome of its own.
 *
 * ```text
 *  requests --cut by number and bytes--> Batch call --served--------> outcome, by the status of each
 *                 ^                          |--not reached---------> sent again, as long as each call serves some
 *                 |                          |--no call serves it----> a read goes by itself; a write's outcome is unknown
 *                 `--surely not there-- look up <--unknown, a write--'
 * ```
 *
 * Looked up is what can be found, where that is asked for; otherwise an unknown outcome is told as one.
 *
 * Not served is not the same as not processed: the instance lists there too what it began and could not answer. So a write is
 * sent again only if others were served before it in the same call and none behind it; a read always.
 */

import type { BatchOptions, BatchOutcome, BatchRequest, SysparmError } from "sysparm";
import type { Answered, Asked } from "../protocol/call.js";
import { explained, type Tools, wholeText } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { Lost, Recovering, Target } from "../recovery/batch.js";
import { incomplete } from "../shared/rows.js";

const PATH = "/api/now/v1/batch";
const SIZE = 50;
export const LARGEST_SIZE = 1000;
/** Of one request, as it is, and of a whole call: the instance's defaults, the latter with room for what stands around the bodies. */
const LARGEST_ITEM = 5 * 1024 * 1024;
const LARGEST_CALL = 9 * 1024 * 1024;
/** Calls in a row that may be lost with reads in them, or serve nothing. */
const ATTEMPTS = 3;
const UNKNOWN = "UnknownOutcomeError";

interface Item {
  id: string;
  method: string;
  path: string;
  writes: boolean;
  /** What it writes, where that is to be looked up. */
  target?: Target | undefined;
  /** How often it was sent without an answer that says what became of it. */
  sends: number;
  /** What is sent. */
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

export async function batch(
  tools: Tools,
  requests: readonly BatchRequest[],
  { size = SIZE, recovery, signal }: BatchOptions = {},
): Promise<BatchOutcome[]> {
  if (!Array.isArray(requests)) throw tools.invalid("options.type", "Invalid argument `requests`. Pass a list.");
  const isSafe = recovery !== undefined || requests.some((request) => request?.correlation !== undefined);
  const safe = isSafe ? await import("../recovery/calls.js") : undefined;
  const items = requests.map((request, place) => {
    const { request: keyed, target } = safe ? safe.aimed(tools, request) : { request };
    return { ...itemOf(tools, keyed, place), target };
  });
  const read = (paths: string[]) =>
    batch(
      tools,
      paths.map((path) => ({ path })),
      { size, ...(signal && { signal }) },
    );
  const reached = await reach(tools, items, size, safe?.recovering(tools, read, recovery, signal), signal);
  return items.map(({ id }) => reached.get(id) as BatchOutcome);
}

function itemOf(tools: Tools, asked: BatchRequest, place: number): Item {
  const { invalid } = tools;
  const { method = "GET", path, headers, body }: BatchRequest = { ...asked };
  const verb = String(method).toUpperCase();
  if (!["GET", "POST", "PUT", "PATCH", "DELETE"].includes(verb)) {
    throw invalid("request.method", `Request ${place} of the batch: ServiceNow serves no such method`);
  }
  if (typeof path !== "string" || !/^\/api\/[!-[\]-~]*$/.test(path) || path.includes("#")) {
    throw invalid("request.path", `Request ${place} of the batch: a path begins with /api/ and is percent-encoded`);
  }
  if (verb === "GET" && body !== undefined) {
    throw invalid("request.body", `Request ${place} of the batch: a GET carries no body`);
  }
  const all = tools.callerHeaders(headers);
  if (!all.has("accept")) all.set("accept", "application/json");
  let text: string | undefined;
  try {
    text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  } catch {
    throw invalid(
      "request.body",
      `Request ${place} of the batch: no JSON can be made of the body (a circle, or too deep)`,
    );
  }
  if (text !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
  const bytes = new TextEncoder().encode(text ?? "");
  if (bytes.length > LARGEST_ITEM) {
    throw invalid("request.body", `Request ${place} of the batch is larger than the 5 MB that the instance takes`);
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

/** Sends until every item is answered or given up; an item is in exactly one call at a time. */
async function reach(
  tools: Tools,
  items: readonly Item[],
  size: number,
  safe: Recovering | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<string, BatchOutcome>> {
  const reached = new Map<string, BatchOutcome>();
  let waiting = [...items];
  let failures = 0;
  let barren = 0;
  while (waiting.length > 0) {
    signal?.throwIfAborted();
    const call = cut(waiting, size);
    const lost: Lost<Item>[] = [];
    const end = (item: Item, outcome: BatchOutcome) => {
      const isUnknown = item.writes && !outcome.ok && outcome.error.name === UNKNOWN;
      if (!safe || !isUnknown) {
        if (outcome.ok) safe?.answered(item, outcome.result);
        reached.set(item.id, outcome);
        return;
      }
      item.sends += 1;
      lost.push({ item, error: outcome.error });
    };
    await safe?.before(call);
    let served: Map<string, Served> | undefined;
    try {
      served = await serve(tools, call, signal);
      failures = 0;
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = thrown as SysparmError;
      // A batch is a POST: what is unknown of it is unknown of its writes only.
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
        // Where nothing at all was served, the first has had its turn, and the others were not reached.
        const hadTurn = place < lastServed || (lastServed < 0 && place === 0);
        if (answer) end(item, await servedOutcome(tools, item, answer));
        else if (hadTurn || (barren >= ATTEMPTS && !item.writes)) end(item, await alone(tools, item, signal));
        else if (barren >= ATTEMPTS) {
          const none = new Response(null, { status: 200 });
          const unserviced = JSON.stringify({ unserviced_requests: [item.id] });
          reached.set(item.id, failing(await explained(tools, "POST", PATH, none, unserviced)));
        }
      }
    }
    // What comes behind may build on it, so it waits.
    if (safe && lost.length > 0) for (const [id, outcome] of await safe.settle(lost)) reached.set(id, outcome);
    waiting = waiting.filter(({ id }) => !reached.has(id));
  }
  return reached;
}

/** What no call answers: a read goes by itself. A write may have been carried out, with an answer too large to give. */
async function alone(tools: Tools, item: Item, signal: AbortSignal | undefined): Promise<BatchOutcome> {
  const { method, path, init } = item;
  if (item.writes) return failing(await explained(tools, method, path, new Response(null, { status: 200 }), undefined));
  try {
    const { reply } = await tools.send({ method, path, expect: ExpectedBody.untouched, init, signal });
    const text = await (reply as Response).text();
    return await outcomeOf(tools, item, { reply: reply as Response, text });
  } catch (thrown) {
    signal?.throwIfAborted();
    return failing(thrown as SysparmError);
  }
}

function failing(error: SysparmError): BatchOutcome {
  return { ok: false, ...(error.status !== undefined && { status: error.status }), error };
}

/** As many of the first as one call takes. */
function cut(items: readonly Item[], size: number): Item[] {
  let bytes = 0;
  const most = items.findIndex((item, place) => {
    bytes += item.bytes;
    return place >= size || (place > 0 && bytes > LARGEST_CALL);
  });
  return items.slice(0, most < 0 ? items.length : most);
}

async function serve(tools: Tools, call: Item[], signal: AbortSignal | undefined): Promise<Map<string, Served>> {
  const body = JSON.stringify({ batch_request_id: "1", rest_requests: call.map(({ request }) => request) });
  const { reply } = await tools.send({ method: "POST", path: PATH, expect: ExpectedBody.done, init: { body }, signal });
  const text = await wholeText(reply);
  let told: unknown;
  try {
    told = JSON.parse(text ?? "");
  } catch {
    // Refused below.
  }
  const { serviced_requests: all } = Object(told);
  if (!Array.isArray(all)) throw await explained(tools, "POST", PATH, reply, text);
  const served = all.map((one): Served => Object(one));
  return new Map(served.map((one) => [String(one.id), one]));
}

/** Undefined for what is no reply: without a status it would be taken for a success. */
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

/** An entry that is no reply was served all the same: of a write it is not known how. */
async function servedOutcome(tools: Tools, item: Item, answer: Served): Promise<BatchOutcome> {
  const arrived = replyOf(answer);
  if (arrived) return outcomeOf(tools, item, arrived);
  const { method, path, writes } = item;
  const none = new Response(null, { status: 200 });
  return failing(
    writes
      ? await explained(tools, method, path, none)
      : incomplete(tools.invalid, `no reply to ${method} ${path.split("?")[0]}`),
  );
}

async function outcomeOf(tools: Tools, { method, path }: Item, { reply, text }: Arrived): Promise<BatchOutcome> {
  const { status, headers } = reply;
  const isJson = headers.get("content-type")?.includes("json") ?? /^\s*[{[]/.test(text);
  let body: unknown = text === "" ? null : text;
  let isWhole = reply.ok;
  if (isJson && text !== "") {
    try {
      body = JSON.parse(text);
      // A cancelled transaction answers 200 too, and says so behind what it had.
      isWhole &&= !(typeof body === "object" && body !== null && "error" in body);
    } catch {
      isWhole = false;
    }
  }
  if (!isWhole || headers.get("content-type")?.includes("html")) {
    return { ok: false, status, error: await explained(tools, method, path, reply, text) };
  }
  const result = typeof body === "object" && body !== null && "result" in body ? body.result : body;
  return { ok: true, status, headers, result };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: an argument list has a bound.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

interface Joined {
  asked: Asked;
  resolve(answered: Answered): void;
  reject(reason: unknown): void;
}

/** Reads of records that somebody waits for, begun in one tick, as one Batch call. */
export function joining(tools: Tools): (asked: Asked) => Promise<Answered> {
  let tick: Joined[] = [];

  // Who is alone gains nothing, and what does not come well in the batch goes by itself: the client repeats and explains it.
  const single = ({ asked, resolve, reject }: Joined) => void tools.send(asked).then(resolve, reject);

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

  const sendJoined = async (joined: readonly Joined[]) => {
    const items = joined.map(({ asked }, place) => itemOf(tools, { path: asked.path }, place));
    for (let at = 0; at < items.length; ) {
      const call = cut(items.slice(at), SIZE);
      const served = await serve(tools, call, undefined).catch(() => new Map<string, Served>());
      for (const item of call) {
        const one = joined[at] as Joined;
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
      // The others of its call go on.
      const end = () => settle(() => reject(ends?.reason));
      const settle = (how: () => void) => {
        ends?.removeEventListener("abort", end);
        how();
      };
      ends?.addEventListener("abort", end);
      tick.push({
        asked,
        resolve: (answered) => settle(() => resolve(answered)),
        reject: (reason) => settle(() => reject(reason)),
      });
      if (tick.length === 1) setTimeout(flush, 0);
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
