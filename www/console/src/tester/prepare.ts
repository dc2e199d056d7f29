/** Turns a saved request and the variables in force into what is sent. Pure. */
import type { AuthSetting, Body, Method, Pair, SavedRequest } from "../workspace/model";
import { environmentScope, type Host } from "./host";
import { maskedProblem } from "./masking";
import { buildHeaders, buildTarget } from "./target";
import { createResolver, type Resolved, type Scope, type SecretLookup } from "./variables";

export interface Context {
  /** Outermost first. */
  scopes: readonly Scope[];
  secret: SecretLookup;
  /** Origin of the instance, such as `https://dev1.service-now.com`. */
  origin: string;
  /** Chosen files: by the id of a multipart part, and by the id of the request for a file body. */
  files: ReadonlyMap<string, Blob>;
  /** Settings of the folders around the request, outermost first. */
  auth: readonly AuthSetting[];
}

export interface Sending {
  method: Method;
  /** Path with the query, as sent. */
  path: string;
  /** Method and path with secrets as dots. */
  line: string;
  headers: Headers;
  body: BodyInit | undefined;
  /** `inherit` means that of the environment. */
  auth: AuthSetting;
  /** Names that have no value. Sending with them is possible only if asked for. */
  unresolved: string[];
}

export type Prepared = { sending: Sending } | { problem: string };

export function prepare(request: SavedRequest, context: Context): Prepared {
  const masked = maskedProblem(request, true);
  if (masked !== "") return { problem: masked };
  const resolver = createResolver(context.scopes, context.secret);
  const unresolved = new Set<string>();
  const resolve = (text: string): Resolved => {
    const resolved = resolver(text);
    for (const name of resolved.unresolved) unresolved.add(name);
    return resolved;
  };
  const sent = (pairs: readonly Pair[]) => resolvedPairs(pairs, (text) => resolve(text).text);
  const shown = (pairs: readonly Pair[]) => resolvedPairs(pairs, (text) => resolve(text).printable);

  const address = resolve(request.address);
  const target = buildTarget(address.text, sent(request.parameters), context.origin);
  const printable = buildTarget(address.printable, shown(request.parameters), context.origin);
  // The problem names the address, so it is taken from the form without secrets.
  if ("problem" in target) {
    return "problem" in printable
      ? printable
      : { problem: "A secret makes this address leave the instance. Change it." };
  }
  const built = bodyOf(request, context.files, (text) => resolve(text).text);
  if ("problem" in built) return built;
  const fields = buildHeaders(sent(request.headers), built.contentType);
  if ("problem" in fields) return fields;
  return {
    sending: {
      method: request.method,
      path: target.path,
      line: `${request.method} ${"path" in printable ? printable.path : address.printable}`,
      headers: fields.headers,
      body: built.body,
      auth: effectiveAuth([...context.auth, request.auth]),
      unresolved: [...unresolved],
    },
  };
}

/** The same with the variables and secrets of a host's environment, which are the outermost. */
export function prepareIn(
  host: Host,
  origin: string,
  request: SavedRequest,
  { scopes, ...context }: Pick<Context, "scopes" | "auth" | "files">,
): Prepared {
  return prepare(request, { ...context, scopes: [...environmentScope(host), ...scopes], secret: host.secret, origin });
}

/** The innermost setting that does not inherit. */
export function effectiveAuth(settings: readonly AuthSetting[]): AuthSetting {
  return settings.filter((setting) => setting.kind !== "inherit").at(-1) ?? { kind: "inherit" };
}

/** Names without values anywhere in a request, for the mark at Send. */
export function unresolvedOf(request: SavedRequest, scopes: readonly Scope[], secret: SecretLookup): string[] {
  const resolve = createResolver(scopes, secret);
  const active = (pairs: readonly Pair[]) => pairs.filter(({ on }) => on).flatMap(({ name, value }) => [name, value]);
  const body = takesBody(request.method) ? bodyTexts(request.body) : [];
  const texts = [request.address, ...active(request.parameters), ...active(request.headers), ...body];
  return [...new Set(texts.flatMap((text) => resolve(text).unresolved))];
}

export function takesBody(method: Method): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}

type Built = { body: BodyInit | undefined; contentType: string } | { problem: string };

/** `contentType` is empty where the browser sets it (multipart) or no body is sent. */
function bodyOf(request: SavedRequest, files: ReadonlyMap<string, Blob>, resolve: (text: string) => string): Built {
  const { body } = request;
  if (!takesBody(request.method) || body.kind === "none") return { body: undefined, contentType: "" };
  switch (body.kind) {
    case "json":
      return { body: resolve(body.text), contentType: "application/json" };
    case "text":
      return { body: resolve(body.text), contentType: body.contentType || "text/plain" };
    case "form": {
      const fields = resolvedPairs(body.fields, resolve).map(({ name, value }) => [name, value]);
      return { body: new URLSearchParams(fields).toString(), contentType: "application/x-www-form-urlencoded" };
    }
    case "file": {
      const file = files.get(request.id);
      if (!file) return { problem: `The file ${body.fileName} is not here: its content is not kept. Choose it again.` };
      return { body: file, contentType: body.contentType || file.type || "application/octet-stream" };
    }
    case "multipart": {
      const form = new FormData();
      for (const part of body.parts) {
        if (!part.on || part.name.trim() === "") continue;
        const name = resolve(part.name.trim());
        if (!part.file) {
          form.append(name, resolve(part.value));
          continue;
        }
        const file = files.get(part.id);
        if (!file) {
          return { problem: `The file ${part.file.fileName} is not here: its content is not kept. Choose it again.` };
        }
        form.append(name, file, part.file.fileName);
      }
      return { body: form, contentType: "" };
    }
  }
}

function bodyTexts(body: Body): string[] {
  switch (body.kind) {
    case "none":
    case "file":
      return [];
    case "json":
    case "text":
      return [body.text];
    case "form":
      return body.fields.filter(({ on }) => on).flatMap(({ name, value }) => [name, value]);
    case "multipart":
      return body.parts.filter(({ on }) => on).flatMap(({ name, value }) => [name, value]);
  }
}

/** Without those that are off or have no name. */
function resolvedPairs(pairs: readonly Pair[], resolve: (text: string) => string): Pair[] {
  return pairs
    .filter((pair) => pair.on && pair.name.trim() !== "")
    .map((pair) => ({ ...pair, name: resolve(pair.name), value: resolve(pair.value) }));
}
