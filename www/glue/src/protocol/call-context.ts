/**
 * What the calls beside tables need of the client. Handed to them, because each lazily loaded file is a bundle of its own: classes and
 * WebAssembly imported there would be others.
 */

import type { Kind, SysparmError, Table } from "sysparm";
import type { Failure } from "./failure.js";
import type { Send } from "./send.js";

export interface Tools {
  send: Send;
  table(name: string): Table;
  callerHeaders(given: HeadersInit | undefined): Headers;
  invalid(code: string, message: string, kind?: Kind): SysparmError;
  failed(failure: Failure, cause?: unknown): Promise<SysparmError>;
  explainReply(method: string, path: string, status: number, headers: string, text: string, now: number): Failure;
  headerLines(reply: Response): string;
}

/** No diagnosis needs more of a body. */
const LONGEST_EXPLANATION = 16 * 1024;

/** A reply within another, or one that was taken for a success, as the error that it would be by itself. */
export function explained(
  { explainReply, headerLines, failed }: Tools,
  method: string,
  path: string,
  reply: Response | undefined,
  text = "",
): Promise<SysparmError> {
  const lines = reply ? headerLines(reply) : "";
  const excerpt = text.slice(0, LONGEST_EXPLANATION);
  return failed(explainReply(method, path, reply?.status ?? 0, lines, excerpt, Date.now()));
}

/** A body's text; undefined when it breaks off. */
export async function wholeText(reply: Response | undefined): Promise<string | undefined> {
  return await reply?.text().catch(() => undefined);
}
