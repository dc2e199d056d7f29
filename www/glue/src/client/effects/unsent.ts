/** Requests of which nothing has left, by what the fetch threw: where it says so, a write has surely not happened. */
import { invalid, SysparmError } from "../errors.js";

/**
 * Whether nothing of a request has left: no name, no connection, or a server whose certificate is not trusted. Node, Bun and fetches
 * over Node's `http` say so in a code; browsers say nothing.
 */
export function isUnsent(thrown: unknown): boolean {
  const reason = (thrown as Error | undefined)?.cause ?? thrown;
  return /REFUSED|NOTFOUND|AI_AGAIN|CONNECT_TIME|CERT|VERIFY/i.test(
    (reason as { code: string } | undefined)?.code ?? "",
  );
}

/** As Node, Chromium and Firefox say that a request is none, which they do before they send anything. */
function isRefusal(thrown: unknown): boolean {
  const { message, code, cause } = Object(thrown) as {
    message?: unknown;
    code?: unknown;
    cause?: Error & { code?: unknown };
  };
  const told = `${message} ${code} ${cause?.code} ${cause?.message}`;
  return /'fetch' on|(Window|Scope)\.fetch:|parse URL|ERR_INVALID_(URL|CHAR|HTTP|PROTO)|bad port/.test(told);
}

/**
 * What ends a call at once: a reply that is too large, or a request that the fetch itself refuses, which has not happened and would be
 * refused again. `cause`: what was thrown, without secrets.
 */
export function refusalOf(thrown: unknown, isSent: boolean, cause: unknown): SysparmError | undefined {
  if (thrown instanceof SysparmError) return thrown;
  if (isSent && !isRefusal(thrown)) return undefined;
  const words = "The fetch refused the request before it was sent: compare the url and what is given of the request";
  return invalid("request.refused", words, "request", { cause });
}
