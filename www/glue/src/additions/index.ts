/**
 * The options `headers` and `params` of a call, added to each of its requests; loaded by the first call that has one of them. What would
 * change the meaning of a reply is refused by name, because the call would misread it.
 */
import type { Additions, Asked } from "../protocol/call.js";
import {
  ADDITIONS,
  checkArgument,
  checkOptions,
  OBJECT,
  type OptionType,
  type Refuse,
} from "../protocol/check-options.js";
import { ExpectedBody } from "../protocol/codes.js";

/** Headers that a call or its instance sets, and what to do instead. */
const OWN_HEADERS: Readonly<Record<string, string>> = {
  accept: "the call reads JSON. Remove it, or call request().",
  authorization: "`auth` of connect() sets it. Remove it.",
  "content-type": "the call sets it for its body. Remove it.",
  "x-no-response-body": "the call reads the reply. Remove it, or call request().",
  "x-sn-apikey": "`auth` of connect() sets it. Remove it.",
};

/** Parameters that a call sets, at once or in another case, and the option that decides them. */
const OWN_PARAMETERS = new Map(
  Object.entries({
    sysparm_query: "query",
    sysparm_fields: "fields",
    sysparm_display_value: "displayValue",
    sysparm_limit: "limit",
    sysparm_offset: "",
    sysparm_no_count: "",
    sysparm_count: "",
    sysparm_exclude_reference_link: "",
    sysparm_suppress_pagination_header: "",
    sysparm_group_by: "groupBy",
    sysparm_having: "having",
    sysparm_order_by: "orderBy",
    sysparm_avg_fields: "avg",
    sysparm_min_fields: "min",
    sysparm_max_fields: "max",
    sysparm_sum_fields: "sum",
    "x-sn-apikey": "",
  }),
);

const VALUE: OptionType = {
  expects: "a string, a finite number, true or false",
  accepts: (value) => typeof value === "string" || typeof value === "boolean" || Number.isFinite(value),
  isRequired: true,
};
/** `Object.entries()` of a Map or of URLSearchParams is empty. */
const PARAMS: OptionType = {
  expects: "an object of names and values",
  accepts: (value) => OBJECT.accepts(value) && !(Symbol.iterator in (value as object)),
};
const HEADER: OptionType = {
  expects: "a string",
  accepts: (value) => typeof value === "string",
  isRequired: true,
};

/** Half of a character, which has no UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The request with what the caller adds. Its own headers come last: nothing replaces them. */
export function added(asked: Asked, callerHeaders: (given: HeadersInit) => Headers, refuse: Refuse): Asked {
  const { headers, params, ...request } = asked;
  checkOptions({ headers, params }, { ...ADDITIONS, params: PARAMS }, refuse);
  const all = headers && headersWith(headers, request.init?.headers, callerHeaders, refuse);
  return {
    ...request,
    ...(params && { path: pathWith(request.path, params, refuse) }),
    ...(all && { init: { ...request.init, headers: all } }),
  };
}

/** Refuses what could not be added to any request. */
export function checkAdditions(
  additions: Additions,
  callerHeaders: (given: HeadersInit) => Headers,
  refuse: Refuse,
): void {
  added({ method: "GET", path: "", expect: ExpectedBody.untouched, ...additions }, callerHeaders, refuse);
}

function headersWith(
  given: NonNullable<Additions["headers"]>,
  own: HeadersInit | undefined,
  callerHeaders: (given: HeadersInit) => Headers,
  refuse: Refuse,
): Headers {
  if (!(given instanceof Headers)) {
    for (const [name, value] of Object.entries(given)) checkArgument(`headers.${name}`, value, HEADER, refuse);
  }
  const all = callerHeaders(given);
  for (const [name, why] of Object.entries(OWN_HEADERS)) {
    if (all.has(name)) throw refuse("request.header", `Unsupported header \`${name}\`: ${why}`);
  }
  for (const [name, value] of new Headers(own)) all.set(name, value);
  return all;
}

function pathWith(path: string, params: NonNullable<Additions["params"]>, refuse: Refuse): string {
  const own = new URLSearchParams(path.split("?")[1]);
  let whole = path;
  for (const [name, value] of Object.entries(params)) {
    checkArgument(`params.${name}`, value, VALUE, refuse);
    const option = OWN_PARAMETERS.get(name.toLowerCase());
    if (option !== undefined || own.has(name)) {
      const instead = option ? `Use the option \`${option}\` where the call has it, or remove it.` : "Remove it.";
      throw refuse("request.parameter", `Unsupported parameter \`${name}\`: the call sets it. ${instead}`);
    }
    if (!/^[\w.$-]+$/.test(name) || LONE_SURROGATE.test(String(value))) {
      throw refuse(
        "request.parameter",
        `Invalid parameter \`${name}\`. Pass a name of letters, digits, _, -, . and $, and a value that is valid Unicode.`,
      );
    }
    whole += `${whole.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
  }
  return whole;
}
