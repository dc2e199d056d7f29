/**
 * What a reply means, of a request that anybody sent: what is told is checked here and handed over as texts and numbers, the
 * core decides, and the words of the causes come as they do for a failure of this package's own.
 */
import type { Classified, Context, Diagnosis, Observed } from "sysparm";
import { type RequestError, requestError } from "../errors/index.js";
import { checkOptions, LIST, type OptionTypes, TEXT } from "../protocol/check-options.js";
import { loadTexts, withTexts } from "../shared/explain.js";
import { classifiers } from "./wasm.js";

const CONTEXT: OptionTypes<Context> = {
  earlier: { ...LIST, expects: "a list of exchanges, oldest first" },
  release: TEXT,
};

/** How a request ended that brought no reply; the numbers are the core's. */
const ENDINGS = { unreachable: 0, "timed-out": 1, unreadable: 2, silent: 3, "mixed-content": 4 } as const;

/** The latest so many of the earlier exchanges are looked at: the core looks at no more. */
const MOST_EARLIER = 64;

/** No reply of the platform is longer: it bounds a Batch at 10 MB and cancels what takes a minute. */
const LONGEST_BODY = 16 * 1024 * 1024;

export async function classify(reply: Observed, context: Context = {}): Promise<Classified> {
  checkOptions(context, CONTEXT, requestError);
  const { earlier = [], release } = context;
  const last = checked(reply);
  const told = [...shortened(earlier.slice(-MOST_EARLIER).map(checked), last), last];
  await classifiers.load();
  const classifier = new classifiers.glue.Classifier();
  try {
    for (const { request, at, durationMs, status, headers, body, ending } of told) {
      classifier.sent(request.method, request.path, request.headers, request.body, at, durationMs);
      if (status === undefined) classifier.unanswered(ending);
      else classifier.replied(status, headers, body);
    }
    const diagnosis = read(classifier.diagnosed());
    await loadTexts(diagnosis);
    return { title: diagnosis.title, ...withTexts(diagnosis, release) };
  } finally {
    classifier.free();
  }
}

/** Of each earlier body at most this is handed over, unless it is a token or a page to compare with. */
const SHORT = 2048;
/** Pages of the same list, the latest first, together at most this many characters. */
const MOST_PAGES = 128 * 1024;

type Checked = ReturnType<typeof checked>;

/**
 * Earlier exchanges as far as they decide: a long body is told by its form alone, whole or not, so that a long history takes no longer
 * than a short one.
 */
function shortened(earlier: Checked[], last: Checked): Checked[] {
  const endpoint = ({ request }: Checked) => request.path.split("?", 1)[0] ?? "";
  let left = MOST_PAGES;
  return earlier
    .reverse()
    .map((told): Checked => {
      const { body = "", status = 0, request } = told;
      const sent = request.body && request.body.length > 32 * SHORT ? { ...request, body: undefined } : request;
      const isPage = endpoint(told) === endpoint(last) && body.length <= left;
      if (body.length <= SHORT || isPage || (endpoint(told).endsWith("/oauth_token.do") && body.length <= 32 * SHORT)) {
        if (body.length > SHORT) left -= body.length;
        return { ...told, request: sent };
      }
      const isGood = status >= 200 && status < 300 && looksWhole(body);
      return { ...told, request: sent, body: isGood ? undefined : body.slice(0, SHORT) };
    })
    .reverse();
}

function looksWhole(body: string): boolean {
  return (
    /^\s*[{[]/.test(body.slice(0, 64)) && /[}\]]\s*$/.test(body.slice(-64)) && !body.slice(-SHORT).includes('"error"')
  );
}

function read(told: string[]): Classified {
  const [code = "", title = "", kind, when, after, count] = told;
  const behind = 6 + 2 * Number(count);
  const causes: Diagnosis["causes"] = [];
  for (let at = 6; at < behind; at += 2) {
    const words = { title: "", tellApart: "", fix: [], source: "" };
    causes.push({ code: told[at] ?? "", likelihood: Number(told[at + 1]) / 100, ...words });
  }
  return {
    code,
    title,
    kind: kind as Diagnosis["kind"],
    retry: { when: when as Diagnosis["retry"]["when"], ...(after && { afterMs: Number(after) }) },
    causes,
    evidence: told.slice(behind),
  };
}

function checked(given: unknown) {
  const observed = object(given, "reply");
  const { status, transport } = observed;
  const at = number(observed.at, "at") ?? Date.now();
  const durationMs = number(observed.durationMs, "durationMs");
  const request = requested(observed.request);
  const rest = { at, durationMs, request, headers: lines(observed.headers, "headers"), body: text(observed, "body") };
  if (status !== undefined && status !== null) {
    const known = typeof status === "number" && Number.isInteger(status) && status >= 0 && status <= 999;
    if (!known) throw wrong("status", "a whole number, as a Response has it");
    return { ...rest, status, ending: 0 };
  }
  if (typeof transport !== "string" || !Object.hasOwn(ENDINGS, transport)) {
    throw wrong("transport", `a status, or why no reply came: ${Object.keys(ENDINGS).join(", ")}`);
  }
  return { ...rest, status: undefined, ending: ENDINGS[transport as keyof typeof ENDINGS] };
}

function requested(given: unknown) {
  if (given === undefined || given === null) return { method: "", path: "", headers: "", body: undefined };
  const request = object(given, "request");
  const method = (text(request, "method") ?? "GET").toUpperCase();
  // Of a whole address only what stands behind the origin is looked at, and never what stands behind #.
  const path = (text(request, "url") ?? "").replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  return { method, path, headers: lines(request.headers, "request.headers"), body: text(request, "body") };
}

/** Headers as lines; a line end within one would begin another. A date is read here, as it is for the client. */
function lines(given: unknown, name: string): string {
  if (given === undefined || given === null) return "";
  const all = object(given, name);
  const pairs: Iterable<unknown> = Symbol.iterator in all ? (all as never) : Object.entries(all);
  let out = "";
  for (const pair of pairs) {
    if (!Array.isArray(pair)) throw wrong(name, "Headers, an object of strings, or a list of pairs");
    const [header, value] = pair.map((part) => String(part).replace(/[\r\n\0]+/g, " "));
    const seconds = header?.toLowerCase() === "date" ? Date.parse(value ?? "") / 1000 : Number.NaN;
    out += `${header}: ${Number.isNaN(seconds) ? value : seconds}\n`;
  }
  return out;
}

function text(given: Record<string, unknown>, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrong(name, "a string; of a Response that is await response.text()");
  if (value.length > LONGEST_BODY) throw wrong(name, `at most ${LONGEST_BODY} characters`);
  return value;
}

function number(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || Number.isNaN(value)) throw wrong(name, "a number of milliseconds");
  return value;
}

function object(given: unknown, name: string): Record<string, unknown> {
  if (typeof given !== "object" || given === null) throw wrong(name, "an object");
  return given as Record<string, unknown>;
}

function wrong(name: string, expects: string): RequestError {
  return requestError("options.type", `Invalid member \`${name}\`. Pass ${expects}.`);
}
