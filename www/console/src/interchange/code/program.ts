/** What a generated program does, before it is written in a language. Secrets and unknown variables become environment variables. */
import { marks } from "../../tester/variables";
import type { AuthSetting, EnvironmentAuth, Pair, SavedRequest, Variable } from "../../workspace/model";
import { tokenFields } from "./token";

/** A piece is a text as it is, or the name of an environment variable. */
export type Piece = { text: string } | { env: string };
export type Value = readonly Piece[];

export interface CodeFacts {
  /** Such as `https://dev1.service-now.com`, without a slash at its end. */
  instanceUrl: string;
  auth: EnvironmentAuth;
  /** Settings of the folders around the request, outermost first. */
  ancestors: readonly AuthSetting[];
  /** Variables in force, outermost first. */
  variables: readonly Variable[];
}

export type ProgramBody =
  | { kind: "none" }
  | { kind: "text"; text: Value; contentType: string }
  | { kind: "form"; fields: [Value, Value][] }
  | { kind: "multipart"; parts: { name: Value; value: Value; file?: { fileName: string; contentType: string } }[] }
  | { kind: "file"; fileName: string; contentType: string };

export type ProgramAuth =
  | { kind: "none" }
  | { kind: "basic"; username: Value; password: Value }
  | { kind: "bearer"; token: Value }
  | { kind: "api-key"; key: Value; in: "header" | "query" }
  /** The fields of the token request. */
  | { kind: "token"; fields: [string, Value][] };

export interface Program {
  method: string;
  /** The instance's address, as the base of the token request. */
  instance: string;
  /** Without the query. */
  address: Value;
  parameters: [Value, Value][];
  headers: [Value, Value][];
  body: ProgramBody;
  auth: ProgramAuth;
  /** The setting itself, for a library that has grants of its own. */
  setting: AuthSetting;
  /** Environment variables that must be set, in the order of use. */
  needs: string[];
}

export function programOf(request: SavedRequest, facts: CodeFacts): Program {
  const needs: string[] = [];
  const known = new Map<string, string>();
  for (const { name, on, value } of facts.variables) if (on && value !== undefined) known.set(name, value);

  const env = (name: string): Piece => {
    const upper = name
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "");
    const called = `SERVICENOW_${upper || "VALUE"}`;
    if (!needs.includes(called)) needs.push(called);
    return { env: called };
  };
  const secret = (name: string): Value => [env(name)];

  const value = (text: string, depth = 0): Value => {
    const pieces: Piece[] = [];
    let at = 0;
    for (const { name, from, to } of marks(text)) {
      if (from > at) pieces.push({ text: text.slice(at, from) });
      const plain = known.get(name);
      if (plain !== undefined && depth < 5) pieces.push(...value(plain, depth + 1));
      else pieces.push(env(name));
      at = to;
    }
    if (at < text.length) pieces.push({ text: text.slice(at) });
    return joined(pieces);
  };
  const sent = (pairs: readonly Pair[]) =>
    pairs
      .filter(({ on, name }) => on && name.trim() !== "")
      .map((pair): [Value, Value] => [value(pair.name.trim()), value(pair.value)]);

  const setting =
    [facts.auth, ...facts.ancestors, request.auth].filter(({ kind }) => kind !== "inherit").at(-1) ?? facts.auth;
  const [front] = value(request.address);
  const elsewhere =
    !request.address.startsWith("/") && !(front && "text" in front && front.text.startsWith(`${facts.instanceUrl}/`));
  return {
    method: request.method,
    instance: facts.instanceUrl,
    address: joined(
      request.address.startsWith("/")
        ? [{ text: facts.instanceUrl }, ...value(request.address)]
        : value(request.address),
    ),
    parameters: sent(request.parameters),
    headers: sent(request.headers),
    body: bodyOf(request, value, sent),
    // The instance's credentials stay with the instance.
    auth: elsewhere ? { kind: "none" } : authOf(setting, value, secret),
    setting,
    needs,
  };
}

function bodyOf(
  { body }: SavedRequest,
  value: (text: string) => Value,
  sent: (pairs: readonly Pair[]) => [Value, Value][],
): ProgramBody {
  switch (body.kind) {
    case "json":
      return { kind: "text", text: value(body.text), contentType: "application/json" };
    case "text":
      return { kind: "text", text: value(body.text), contentType: body.contentType };
    case "form":
      return { kind: "form", fields: sent(body.fields) };
    case "multipart":
      return {
        kind: "multipart",
        parts: body.parts
          .filter(({ on }) => on)
          .map(({ name, value: text, file }) => ({ name: value(name), value: value(text), ...(file ? { file } : {}) })),
      };
    default:
      return body;
  }
}

function authOf(setting: AuthSetting, value: (text: string) => Value, secret: (name: string) => Value): ProgramAuth {
  switch (setting.kind) {
    case "basic":
      return { kind: "basic", username: value(setting.username), password: secret("password") };
    case "bearer":
      return { kind: "bearer", token: secret("token") };
    case "api-key":
      return { kind: "api-key", key: secret("api_key"), in: setting.in };
    case "oauth":
      return {
        kind: "token",
        fields: tokenFields(setting).map(([name, given]) => [
          name,
          "env" in given ? secret(given.env) : value(given.text),
        ]),
      };
    default:
      return { kind: "none" };
  }
}

/** Neighbouring texts as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last && "text" in last && "text" in piece) out[out.length - 1] = { text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
}
