/** What the suite's policies allow, written a second time and more strictly than a policy engine needs to be. */

import type { Arrived } from "./recording-instance.ts";
import { FORBIDDEN_WORDS } from "./requests.ts";

/** What one tenant's callers may do. */
export interface Expected {
  /** The header that the worker presents. */
  readonly authorization: string;
  readonly methods: readonly string[];
  readonly fields: readonly string[];
  readonly writable: readonly string[];
  readonly batch: boolean;
}

export const ALPHA: Expected = {
  authorization: "Bearer token-of-alpha",
  methods: ["GET", "HEAD"],
  fields: ["number", "short_description"],
  writable: [],
  batch: false,
};

export const BETA: Expected = {
  authorization: "Bearer token-of-beta",
  methods: ["GET", "HEAD", "POST", "PATCH"],
  fields: ["number"],
  writable: ["short_description"],
  batch: true,
};

/** As policies of the worker. */
export const POLICIES = {
  alpha: { tables: { incident: { fields: ALPHA.fields, conditions: ["number"], maxRows: 10 } } },
  beta: {
    tables: {
      incident: { methods: ["GET", "POST", "PATCH"], fields: BETA.fields, writable: BETA.writable, maxRows: 10 },
    },
    batch: true,
  },
} as const;

const PASSING_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "traceparent",
  "tracestate",
  "transfer-encoding",
  "x-no-response-body",
]);

const RECORDS = /^\/api\/now\/(?:v\d+\/)?table\/incident(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)?$/;
const BATCH = /^\/api\/now\/(?:v\d+\/)?batch$/;

/** Why a request must not have arrived. */
export function objectionTo(arrived: Arrived, expected: Expected, host: string): string | undefined {
  return objectionToHeaders(arrived, expected.authorization, host) ?? objectionToRequest(arrived, expected);
}

/** The headers alone. */
export function objectionToHeaders({ headers }: Arrived, authorization: string, host: string): string | undefined {
  const names = headers.map(([name]) => name);
  const unknown = names.find((name) => !PASSING_HEADERS.has(name));
  if (unknown !== undefined) return `header ${unknown}`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `header ${twice} twice`;
  const values = new Map(headers);
  if (values.get("authorization") !== authorization) return "another credential";
  return values.get("host") === host ? undefined : "another host";
}

function objectionToRequest(
  { method, target, body }: Omit<Arrived, "headers">,
  expected: Expected,
): string | undefined {
  const { methods, fields, writable, batch } = expected;
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const parameters = mark < 0 ? [] : target.slice(mark + 1).split("&");
  const word = FORBIDDEN_WORDS.find((word) => isIn(word, target));
  if (word !== undefined) return `${word} in the address`;
  if (BATCH.test(path)) return batch && method === "POST" ? objectionToBatch(body, expected) : "batch";
  const record = RECORDS.exec(path);
  if (record === null) return "path";
  if (!methods.includes(method)) return "method";

  const values = new Map(parameters.map((text) => text.split("=", 2) as [string, string]));
  if (values.size !== parameters.length) return "parameter twice";
  const asked = decodeURIComponent(values.get("sysparm_fields") ?? "").split(",");
  if (!asked.every((field) => fields.includes(field))) return `fields ${asked}`;
  const isList = record[1] === undefined && (method === "GET" || method === "HEAD");
  if (isList && !(Number(values.get("sysparm_limit")) <= 10)) return "rows";
  return method === "POST" || method === "PATCH" ? objectionToWrite(body, writable) : body === "" ? undefined : "body";
}

function objectionToWrite(body: string, writable: readonly string[]): string | undefined {
  const value: unknown = JSON.parse(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "body of another form";
  const members = Object.keys(value);
  if (!members.every((member) => writable.includes(member))) return `member ${members}`;
  return body.split('":').length - 1 === members.length ? undefined : "member twice";
}

interface Item {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: readonly { readonly name: string }[];
}

function objectionToBatch(body: string, expected: Expected): string | undefined {
  const { rest_requests: items } = JSON.parse(body) as { rest_requests: Item[] };
  for (const { method, url, body, headers = [] } of items) {
    if (headers.some(({ name }) => /override|method|cookie|auth/i.test(name))) return "header in a batch";
    if (BATCH.test(url)) return "batch in a batch";
    const text = body === undefined ? "" : Buffer.from(body, "base64").toString("latin1");
    const objection = objectionToRequest({ method, target: url, body: text }, expected);
    if (objection !== undefined) return `${objection} in a batch`;
  }
  return undefined;
}

/** Also behind up to three layers of percent-encoding. */
function isIn(word: string, text: string): boolean {
  let decoded = text.toLowerCase();
  for (let layer = 0; layer < 3; layer += 1) {
    if (decoded.includes(word) || decoded.includes("..") || decoded.includes("\\")) return true;
    decoded = decoded.replace(/%([0-9a-f]{2})/g, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)).toLowerCase(),
    );
  }
  return decoded.includes(word);
}
