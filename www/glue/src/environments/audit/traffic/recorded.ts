/** Recordings of every kind as one form of call. Values of headers are looked at and never kept. */
import type { AuthMeans } from "sysparm/environments";
import { timeOf } from "../../dates.js";

/** A call as far as its recording shows it. */
export interface SeenCall {
  method: string;
  /** Null where the recording has paths only. */
  origin: string | null;
  path: string;
  parameters: URLSearchParams;
  /** Null where no reply came; undefined where the recording does not say. */
  status: number | null | undefined;
  at: number | null;
  user: string | null;
  means: AuthMeans | null;
  /** Texts, where the recording has them. */
  body: string | null;
  reply: string | null;
}

type JsonMembers = Record<string, unknown>;

/** A body beyond this is not read. */
const LONGEST_BODY = 16 * 1024 * 1024;

export const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const membersIn = (value: unknown): JsonMembers =>
  typeof value === "object" && value !== null ? (value as JsonMembers) : {};

/** Null for an entry that is no call. */
export function* callsOf(recorded: unknown): Generator<SeenCall | null> {
  const seen = new Set<number>();
  const entries = recordedEntries(recorded) ?? [];
  // Hooks report a request when it is sent, and again with its reply.
  const answered = new Set(entries.filter((one) => "status" in membersIn(one)).map((one) => membersIn(one).id));
  for (const entry of entries) {
    const { id } = membersIn(entry);
    const isSent = typeof id === "number" && "isForToken" in membersIn(entry);
    if (isSent && (seen.has(id) || (answered.has(id) && !("status" in membersIn(entry))))) continue;
    if (isSent) seen.add(id);
    yield "request" in membersIn(entry) ? fromHar(membersIn(entry)) : fromLine(membersIn(entry));
  }
}

/** The entries of a recording; undefined where it is none. */
export function recordedEntries(recorded: unknown): unknown[] | undefined {
  if (typeof recorded === "string") return recordedEntries(parsedJson(recorded) ?? lines(recorded));
  if (Array.isArray(recorded)) return recorded;
  const { log, requests, result, method } = membersIn(recorded);
  if (log !== undefined) return recordedEntries(membersIn(log).entries);
  const entries = requests ?? result;
  if (entries !== undefined) return Array.isArray(entries) ? entries : undefined;
  return typeof method === "string" ? [recorded] : undefined;
}

function lines(recorded: string): unknown[] | undefined {
  const read = recorded.split("\n").filter((line) => line.trim() !== "");
  const entries = read.map(parsedJson);
  return entries.some((entry) => typeof entry === "object" && entry !== null) ? entries : undefined;
}

export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function fromHar(entry: JsonMembers): SeenCall | null {
  const request = membersIn(entry.request);
  const response = membersIn(entry.response);
  const address = addressOf(textIn(request.url));
  if (!address) return null;
  const { parameters } = address;
  const data = membersIn(request.postData);
  const fields = listIn(data.params).map((one) => [textIn(membersIn(one).name), textIn(membersIn(one).value)]);
  const form = fields.length > 0 ? new URLSearchParams(fields).toString() : null;
  const content = membersIn(response.content);
  const body = content.encoding === "base64" ? textFromBase64(textIn(content.text)) : textIn(content.text);
  const started = Date.parse(textIn(entry.startedDateTime));
  return {
    ...address,
    method: methodOf(request.method),
    status: Number(response.status) || null,
    at: Number.isNaN(started) ? null : started,
    user: null,
    means: meansOf(listIn(request.headers).map(membersIn), parameters),
    body: bounded(textIn(data.text)) ?? form,
    reply: bounded(body),
  };
}

function fromLine(line: JsonMembers): SeenCall | null {
  const address = addressOf(textIn(line.path) || textIn(line.url), textIn(line.search) || textIn(line.query));
  const method = textIn(line.method) || textIn(line.http_method);
  if (!address || (method === "" && !/^(?:rest|soap)$/.test(textIn(line.type)))) return null;
  const status = line.status === undefined ? line.http_response_code : line.status;
  return {
    ...address,
    method: methodOf(method),
    status: status === undefined ? undefined : Number(status) || null,
    at: typeof line.at === "number" ? line.at : timeOf(textIn(line.sys_created_on)),
    user: textIn(line.user) || textIn(line.sys_created_by) || null,
    means: null,
    body: null,
    reply: null,
  };
}

const methodOf = (method: unknown) => textIn(method).trim().toUpperCase().slice(0, 16) || "GET";

const bounded = (body: string) => (body === "" || body.length > LONGEST_BODY ? null : body);

/** Null for what is no address of a call. */
export function addressOf(address: string, search = ""): Pick<SeenCall, "origin" | "path" | "parameters"> | null {
  if (address === "") return null;
  const isWhole = /^https?:\/\//i.test(address);
  if (!isWhole && !address.startsWith("/")) return null;
  try {
    const url = new URL(address, "https://none.invalid");
    const parameters = new URLSearchParams(url.search || search);
    return { origin: isWhole ? url.origin : null, path: url.pathname.replace(/\/+$/, ""), parameters };
  } catch {
    return null;
  }
}

function meansOf(headers: JsonMembers[], parameters: URLSearchParams): AuthMeans {
  const header = (name: string) => textIn(headers.find((one) => textIn(one.name).toLowerCase() === name)?.value);
  const scheme = header("authorization").split(" ", 1)[0]?.toLowerCase();
  if (scheme === "basic" || scheme === "bearer") return scheme;
  const has = (name: string) => header(name) !== "" || parameters.has(name);
  if (has("x-sn-apikey")) return "api-key";
  if (has("x-sn-hmac-signature-256")) return "hmac";
  if (parameters.has("access_token")) return "bearer";
  return header("x-usertoken") !== "" || header("cookie") !== "" ? "session" : "none";
}

export function textFromBase64(encoded: string): string {
  if (encoded.length > LONGEST_BODY) return "";
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
  } catch {
    return "";
  }
}
