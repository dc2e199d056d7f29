/** Recognises errors of `fetch` that prove that nothing was sent: such a write has not happened and may be repeated. */
import type { PendingCall } from "../../protocol/call.js";
import { invalid } from "../errors.js";
import { redacted, type Unredacted } from "../explain.js";

/**
 * Whether nothing of a request was sent: the name was not resolved, the connection failed, or the certificate is not trusted. Node, Bun
 * and implementations over Node's `http` give a code, and Deno says "client error (Connect)"; browsers give none.
 */
export function isUnsent(thrown: unknown): boolean {
  const { code, message } = Object(Object(thrown).cause ?? thrown);
  return /REFUSED|NOTFOUND|AI_AGAIN|CONNECT_TIME|CERT|VERIFY/i.test(code) || /error \(Connect\)/.test(message);
}

/** Whether `fetch` refused its arguments. Node, Deno, Chromium and Firefox check them before sending; the texts are theirs. */
function isRefusal(thrown: unknown): boolean {
  const { message, code, cause } = Object(thrown) as {
    message?: unknown;
    code?: unknown;
    cause?: Error & { code?: unknown };
  };
  const text = `${message} ${code} ${cause?.code} ${cause?.message}`;
  return /'fetch' on|(Window|Scope)\.fetch:|(parse|Invalid) URL|ERR_INVALID_(URL|CHAR|HTTP|PROTO)|bad port/.test(text);
}

/** Whether the fetch itself refuses the request, which has not happened and would be refused again. */
export function isRefused(thrown: unknown, isSent: boolean): boolean {
  return !isSent || isRefusal(thrown);
}

/** Throws the error of a refused request. */
export async function rejectedUnsent(thrown: Unredacted<unknown>): Promise<never> {
  const parts = await redacted(thrown);
  const { message, cause } = Object(parts.cause);
  const why = cause?.message ?? message;
  const words = `The fetch refused the request before it was sent${why ? ` (${why})` : ""}. Check \`url\`, the path and the options of the call.`;
  throw invalid("request.refused", words, "request", parts);
}

/** Whether a call may have changed something that no answer reports. */
export function mayHaveWritten({ asked, isSent }: PendingCall): boolean {
  return isSent && asked.method !== "GET" && asked.method !== "HEAD";
}
