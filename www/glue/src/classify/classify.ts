/**
 * `classify()`: what a reply means, whatever client sent the request. The observed exchanges are checked here and given to the core as texts and
 * numbers. The core decides, and the texts of the causes are loaded as for a failure of this package's own.
 */
import type { Classified, Context, Observed } from "sysparm";
import { type RequestError, requestError } from "../errors/index.js";
import { checkOptions, LIST, type OptionTypes, TEXT } from "../protocol/check-options.js";
import { TransportFailure } from "../protocol/codes.js";
import { throwingText } from "../protocol/thrown-text.js";
import { loadTexts, withTexts } from "./explain.js";
import { diagnosisFrom } from "./read-diagnosis.js";
import { classifiers } from "./wasm.js";

const CONTEXT: OptionTypes<Context> = {
  earlier: { ...LIST, expects: "a list of exchanges, oldest first" },
  release: TEXT,
};

/** How a request without a reply ended. */
const TRANSPORT_FAILURES: Record<NonNullable<Observed["transport"]>, TransportFailure> = {
  unreachable: TransportFailure.unreachable,
  "timed-out": TransportFailure.timedOut,
  unreadable: TransportFailure.unreadable,
  silent: TransportFailure.silent,
  "mixed-content": TransportFailure.mixedContent,
};

/** The core uses no more than this number of earlier exchanges, the latest ones. */
const MOST_EARLIER = 64;

/** No reply of the platform is longer: it limits a Batch to 10 MB and cancels requests after a minute. */
const LONGEST_BODY = 16 * 1024 * 1024;

/** The diagnosis of a reply. */
export async function classify(reply: Observed, context: Context = {}): Promise<Classified> {
  checkOptions(context, CONTEXT, requestError);
  const { earlier = [], release } = context;
  const last = checkedExchange(reply);
  const exchanges = [...shortened(earlier.slice(-MOST_EARLIER).map(checkedExchange), last), last];
  await classifiers.load();
  const classifier = new classifiers.glue.Classifier();
  try {
    for (const { request, at, durationMs, status, headers, body, ending } of exchanges) {
      classifier.sent(request.method, request.path, request.headers, request.body, at, durationMs);
      if (status === undefined) throwingText(() => classifier.unanswered(ending), requestError);
      else classifier.replied(status, headers, body);
    }
    const diagnosis = diagnosisFrom(classifier.diagnosed());
    await loadTexts();
    return { ...diagnosis, ...withTexts(diagnosis, release) };
  } finally {
    classifier.free();
  }
}

/** The longest part of an earlier body that the core gets, unless it is a token or a page to compare with. */
const SHORT = 2048;
/** The most characters of earlier pages of the same list, the latest first. */
const MOST_PAGES = 128 * 1024;

type CheckedExchange = ReturnType<typeof checkedExchange>;

/** Cuts long bodies of earlier exchanges: only whether they are complete matters, and a long history must not take longer than a short one. */
function shortened(earlier: CheckedExchange[], last: CheckedExchange): CheckedExchange[] {
  const endpoint = ({ request }: CheckedExchange) => request.path.split("?", 1)[0] ?? "";
  let left = MOST_PAGES;
  return earlier
    .reverse()
    .map((exchange): CheckedExchange => {
      const { body = "", status = 0, request } = exchange;
      const sent = request.body && request.body.length > 32 * SHORT ? { ...request, body: undefined } : request;
      const isPage = endpoint(exchange) === endpoint(last) && body.length <= left;
      if (
        body.length <= SHORT ||
        isPage ||
        (endpoint(exchange).endsWith("/oauth_token.do") && body.length <= 32 * SHORT)
      ) {
        if (body.length > SHORT) left -= body.length;
        return { ...exchange, request: sent };
      }
      const isGood = status >= 200 && status < 300 && looksComplete(body);
      return { ...exchange, request: sent, body: isGood ? undefined : body.slice(0, SHORT) };
    })
    .reverse();
}

function looksComplete(body: string): boolean {
  return (
    /^\s*[{[]/.test(body.slice(0, 64)) && /[}\]]\s*$/.test(body.slice(-64)) && !body.slice(-SHORT).includes('"error"')
  );
}

function checkedExchange(given: unknown) {
  const observed = objectMember(given, "reply");
  const { status, transport } = observed;
  const at = number(observed.at, "at") ?? Date.now();
  const durationMs = number(observed.durationMs, "durationMs");
  const request = requested(observed.request);
  const rest = {
    at,
    durationMs,
    request,
    headers: headerLinesOf(observed.headers, "headers"),
    body: textMember(observed, "body"),
  };
  if (status !== undefined && status !== null) {
    const known = typeof status === "number" && Number.isInteger(status) && status >= 0 && status <= 999;
    if (!known) throw wrong("status", "a whole number, as a Response has it");
    return { ...rest, status, ending: TransportFailure.unreachable };
  }
  if (typeof transport !== "string" || !Object.hasOwn(TRANSPORT_FAILURES, transport)) {
    throw wrong("transport", `a status, or why no reply came: ${Object.keys(TRANSPORT_FAILURES).join(", ")}`);
  }
  return { ...rest, status: undefined, ending: TRANSPORT_FAILURES[transport as keyof typeof TRANSPORT_FAILURES] };
}

function requested(given: unknown) {
  if (given === undefined || given === null) return { method: "", path: "", headers: "", body: undefined };
  const request = objectMember(given, "request");
  const method = (textMember(request, "method") ?? "GET").toUpperCase();
  // Of a whole address only the path and the query are used.
  const path = (textMember(request, "url") ?? "").replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  return {
    method,
    path,
    headers: headerLinesOf(request.headers, "request.headers"),
    body: textMember(request, "body"),
  };
}

/** Headers as lines, without line ends in values. Dates are parsed here, as for the client. */
function headerLinesOf(given: unknown, name: string): string {
  if (given === undefined || given === null) return "";
  const all = objectMember(given, name);
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

function textMember(given: Record<string, unknown>, name: string): string | undefined {
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

function objectMember(given: unknown, name: string): Record<string, unknown> {
  if (typeof given !== "object" || given === null) throw wrong(name, "an object");
  return given as Record<string, unknown>;
}

function wrong(name: string, expects: string): RequestError {
  return requestError("options.type", `Invalid member \`${name}\`. Pass ${expects}.`);
}
