/**
 * What the calls beside tables need of the client. Handed to them, because each lazily loaded file is a bundle of its own: classes and
 * WebAssembly imported there would be others.
 */
import type { SysparmError, Table } from "sysparm";
import type { Failure } from "./errors.js";
import type { Send } from "./sending.js";

export interface Tools {
  send: Send;
  table(name: string): Table;
  encodedQuery(query: unknown): string;
  invalid(code: string, message: string): SysparmError;
  failed(failure: Failure, cause?: unknown): Promise<SysparmError>;
  /** A reply within another, or one that was taken for a success, as the error that it would be by itself. */
  explained(method: string, path: string, reply: Response | undefined, text: string | undefined): Promise<SysparmError>;
}

/** A body's text; undefined when it breaks off. */
export async function wholeText(reply: Response | undefined): Promise<string | undefined> {
  return await reply?.text().catch(() => undefined);
}
