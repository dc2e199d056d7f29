/**
 * What lazily loaded calls need of the client. They get it as an argument, because each lazily loaded file is a bundle of its own and would
 * import second copies of classes and WebAssembly.
 */

import type { Kind, KnownErrorCode, SysparmError, Table } from "sysparm";
import type { Failure } from "./failure.js";
import type { Send } from "./send.js";

export interface CallContext {
  send: Send;
  /** The object under which earlier writes are remembered, where it is not this context. */
  writer?: object;
  table(name: string): Table;
  callerHeaders(given: HeadersInit | undefined): Headers;
  invalid(code: KnownErrorCode, message: string, kind?: Kind): SysparmError;
  failed(failure: Failure, cause?: unknown): Promise<SysparmError>;
  explainReply(
    method: string,
    path: string,
    status: number,
    headers: string,
    text: string,
    now: number,
  ): Promise<Failure>;
  headerLines(reply: Response): string;
}

/** A diagnosis uses no more of a body. */
const LONGEST_EXPLANATION = 16 * 1024;

/** The error of a reply inside another one, or of one that looked like a success. */
export async function replyError(
  { explainReply, headerLines, failed }: CallContext,
  method: string,
  path: string,
  reply: Response | undefined,
  text = "",
): Promise<SysparmError> {
  const lines = reply ? headerLines(reply) : "";
  const excerpt = text.slice(0, LONGEST_EXPLANATION);
  return failed(await explainReply(method, path, reply?.status ?? 0, lines, excerpt, Date.now()));
}

/** A body's text; undefined if it is cut. */
export async function wholeText(reply: Response | undefined): Promise<string | undefined> {
  return await reply?.text().catch(() => undefined);
}
