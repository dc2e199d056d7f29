/** Takes out of a request what looks like a secret, for what is kept. Pure. */
import { type Body, isWrite, type Pair, type SavedRequest } from "../workspace/model";
import { isSecretName } from "../workspace/secret-names";
import { DOTS, isReference } from "./variables";

/** The request without what looks like a secret: values of names such as `password`, in every place where it can stand. Auth holds only references. */
export function mask(request: SavedRequest): SavedRequest {
  return {
    ...request,
    address: maskAddress(request.address),
    parameters: request.parameters.map(maskPair),
    headers: request.headers.map(maskPair),
    body: maskBody(request.body),
  };
}

/** The request without what is kept and not sent: pairs that are off, and the body of a read. */
export function sentPart(request: SavedRequest): SavedRequest {
  const { parameters, headers } = request;
  return { ...request, parameters: parameters.filter(isOn), headers: headers.filter(isOn), body: sentBody(request) };
}

function sentBody({ method, body }: SavedRequest): Body {
  if (!isWrite(method)) return { kind: "none" };
  if (body.kind === "form") return { ...body, fields: body.fields.filter(isOn) };
  return body.kind === "multipart" ? { ...body, parts: body.parts.filter(isOn) } : body;
}

const isOn = ({ on }: Pair): boolean => on;

/**
 * Why a request must not be sent or saved: a value in it was masked when it was kept. Empty if none was. With `sentOnly`, what is
 * kept and not sent does not count.
 */
export function maskedProblem(request: SavedRequest, sentOnly = false): string {
  const place = maskedPlace(sentOnly ? sentPart(request) : request);
  return place === undefined ? "" : `${place} was masked when it was kept. Enter it again.`;
}

function maskedPlace({ address, parameters, headers, body }: SavedRequest) {
  if (address.includes(DOTS)) return "A value in the address";
  const fields = body.kind === "form" ? body.fields : body.kind === "multipart" ? body.parts : [];
  const pair = [...parameters, ...headers, ...fields].find(({ value }) => value.includes(DOTS));
  if (pair) return `The value of ${pair.name}`;
  return "text" in body && body.text.includes(DOTS) ? "A value in the body" : undefined;
}

function maskPair<P extends Pair>(pair: P): P {
  return isSecretName(pair.name) ? { ...pair, value: masked(pair.value) } : pair;
}

/** A value that is only a reference holds no secret itself. */
function masked(value: string): string {
  return value.trim() === "" || isReference(value) ? value : DOTS;
}

export function maskAddress(address: string): string {
  return address.replace(/([?&#])([^=&#]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) =>
    isSecretName(name) ? `${before}${name}=${masked(value)}` : whole,
  );
}

/**
 * Masks values of conditions in an encoded query, such as `sysparm_query=active=true^password=...`, for a line that is only shown. A request
 * keeps them: a condition on `code` would otherwise have to be entered again.
 */
export function maskConditions(address: string): string {
  return address.replace(
    /([?&][^=&#]*(?:query|having|filter)=)([^&#]*)/gi,
    (_, before: string, query: string) =>
      before +
      query
        .split(/(\^|%5E)/i)
        .map(maskCondition)
        .join(""),
  );
}

function maskCondition(condition: string): string {
  // Operators that are words follow a name without a separator: `passwordSTARTSWITHa`.
  const name = [SIGN_FOLLOWS, /^(?:OR|NQ)?[a-z\d_.]+/].map((part) => part.exec(condition)?.[0]).find(isNamed);
  if (name === undefined) return condition;
  const sign = /^(?:[!<>=]|%(?:3D|21|3C|3E))*/i.exec(condition.slice(name.length))?.[0] ?? "";
  return name + sign + masked(condition.slice(name.length + sign.length));
}

const SIGN_FOLLOWS = /^[\w.]+(?=[!<>=]|%(?:3D|21|3C|3E))/i;

const isNamed = (name: string | undefined) => name !== undefined && isSecretName(name);

/** For a line or a message that may quote an address or JSON. */
export function maskText(text: string): string {
  return maskAddress(maskMembers(text));
}

function maskBody(body: Body): Body {
  switch (body.kind) {
    case "none":
    case "file":
      return body;
    case "form":
      return { ...body, fields: body.fields.map(maskPair) };
    case "multipart":
      return { ...body, parts: body.parts.map(maskPair) };
    case "json":
      return { ...body, text: maskMembers(body.text) };
    case "text":
      return { ...body, text: maskElements(maskAssignments(maskMembers(body.text))) };
  }
}

/** JSON need not be valid: a member is recognised by its text. Only texts are masked, so that numbers keep their type. */
function maskMembers(text: string): string {
  return text.replace(
    /("([^"\\]{1,100})"\s*:\s*)"((?:[^"\\]|\\.)*)"?/g,
    (whole, before: string, name: string, value: string) =>
      isSecretName(name) ? `${before}"${masked(value)}"` : whole,
  );
}

/** `name=value`, as in forms, properties and attributes. */
function maskAssignments(text: string): string {
  return text.replace(
    /(?<![\w.-])(([\w.-]{1,100})\s{0,10}=\s{0,10})("[^"]*"?|'[^']*'?|[^&\s;<>"']+)/g,
    (whole, before: string, name: string, value: string) => {
      if (!isSecretName(name)) return whole;
      const quote = /^["']/.exec(value)?.[0] ?? "";
      return `${before}${quote}${masked(quote ? value.replaceAll(quote, "") : value)}${quote}`;
    },
  );
}

/** `<name>value</name>`, with or without a prefix, attributes and CDATA. */
function maskElements(text: string): string {
  return text.replace(
    /(<(?:[\w.-]{1,50}:)?([\w.-]{1,100})(?:\s[^<>]{0,1000})?>)(\s*<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|[^<]+)/g,
    (whole, before: string, name: string, value: string) => (isSecretName(name) ? before + masked(value) : whole),
  );
}
