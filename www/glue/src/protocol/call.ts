/** Calls: what is requested, and how it ends. */
import type { CallOptions } from "sysparm";
import type { Cancellation } from "./cancellation.js";
import type { ExpectedBody } from "./codes.js";

/** A call from its start to its end. */
export interface PendingCall {
  asked: Asked;
  reply: Response | undefined;
  result: unknown;
  /** What was thrown, and the secrets to redact in it. */
  cause: { value: unknown; secrets: string } | undefined;
  /** What was read of the body of a failing reply that the caller gets, and the secrets to redact in it. */
  whole: { value: string; secrets: string } | undefined;
  /** If true, a write may have happened. */
  isSent: boolean;
  /** Removes the listener from the caller's signal. */
  forget: (() => void) | undefined;
  resolve(answer: Answered | Promise<never>): void;
  reject(reason: unknown): void;
}

/** Sends a request; `call` is the one that it belongs to, where it is not for a token. */
export type Fetcher = (url: string, init: RequestInit, call?: PendingCall) => Promise<Response>;

/** The result of a successful call. */
export interface Answered {
  reply: Response | undefined;
  result: unknown;
  token?: string | undefined;
}

/** A request, what cancels it, and what the caller adds to it: unchecked values of the options `headers` and `params`. */
export interface Asked extends WantedRequest, Additions {
  /** Cancels it together with others, where there is no signal. */
  cancellation?: Cancellation;
}

/** The options `headers` and `params` of a call. */
export type Additions = Pick<CallOptions, "headers" | "params">;

/** A request as the caller describes it. */
export interface WantedRequest {
  method: string;
  path: string;
  expect: ExpectedBody;
  init?: RequestInit | undefined;
  signal?: AbortSignal | undefined;
}
