/** What was sent: masked, searchable, bounded. Pure. */
import { DOTS } from "../tester/variables";
import type { Body, Pair, SavedRequest } from "../workspace/model";

export interface HistoryEntry {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  environmentId: string;
  environmentName: string;
  /** Method and path with secrets as dots. */
  line: string;
  /** The request as typed, masked. */
  request: SavedRequest;
  /** Null if no reply came. */
  status: number | null;
  totalMs: number;
  bytes: number;
  /** The code of the diagnosis; empty if the request succeeded. */
  code: string;
}

/** The newest first. */
export function added(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const masked = { ...entry, line: maskAddress(entry.line), request: mask(entry.request) };
  return [masked, ...history.filter(({ id }) => id !== entry.id)].slice(0, MOST_ENTRIES);
}

/** Entries in which every word of the text occurs: line, status, environment, code. */
export function search(history: readonly HistoryEntry[], text: string): HistoryEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return history.filter((entry) => {
    const all = `${entry.line} ${entry.status ?? ""} ${entry.environmentName} ${entry.code} ${entry.request.name}`;
    return words.every((word) => all.toLowerCase().includes(word));
  });
}

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

const MASKED_NAME = /pass(word|wd|phrase)?$|secret|token|api[-_]?key|assertion|authorization|cookie|credential|^code$/i;

export function isSecretName(name: string): boolean {
  return MASKED_NAME.test(name.trim());
}

function maskPair<P extends Pair>(pair: P): P {
  return isSecretName(pair.name) ? { ...pair, value: masked(pair.value) } : pair;
}

/** A value that is only a reference holds no secret itself. */
function masked(value: string): string {
  return value === "" || /^\{\{[^{}]+\}\}$/.test(value.trim()) ? value : DOTS;
}

function maskAddress(address: string): string {
  return address.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) =>
    isSecretName(name) ? `${before}${name}=${masked(value)}` : whole,
  );
}

/** JSON need not be valid: a member is recognised by its text. */
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
    case "text":
      return {
        ...body,
        text: body.text.replace(
          /("([^"\\]{1,100})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g,
          (whole, before: string, name: string, value: string) =>
            isSecretName(name) ? `${before}"${masked(value.replace(/^"|"$/g, ""))}"` : whole,
        ),
      };
  }
}

export const MOST_ENTRIES = 500;
