/** A call: what is asked for, and how it ends. */
import type { Cancellation } from "./cancellation.js";
import type { ExpectedBody } from "./codes.js";

/** A call from its start to its finish. */
export interface UnderWay {
  asked: Asked;
  reply: Response | undefined;
  result: unknown;
  /** What was thrown, and what may not be repeated of it. */
  cause: { value: unknown; secrets: string } | undefined;
  /** Of a failing reply that is handed over: what was read of its body, and what may not be repeated of it. */
  whole: { value: string; secrets: string } | undefined;
  /** A write of which this is true may have been made. */
  isSent: boolean;
  /** Listens no more for its caller's wish to end it. */
  forget: (() => void) | undefined;
  resolve(answer: Answered): void;
  reject(reason: unknown): void;
}

/** How a call ended well. */
export interface Answered {
  reply: Response | undefined;
  result: unknown;
  token?: string | undefined;
}

export interface Asked extends Wanted {
  /** What ends it together with others, where there is no signal. */
  cancellation?: Cancellation;
}

/** What a caller asks for. */
export interface Wanted {
  method: string;
  path: string;
  expect: ExpectedBody;
  init?: RequestInit | undefined;
  signal?: AbortSignal | undefined;
}
