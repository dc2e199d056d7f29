/** Recognises errors of `fetch` that prove that nothing was sent: such a write has not happened and may be repeated. */
import { SysparmError } from "../../errors/index.js";
import { invalid } from "../errors.js";

/**
 * Whether nothing of a request was sent: the name was not resolved, the connection failed, or the certificate is not trusted. Node, Bun
 * and implementations over Node's `http` give a code; browsers give none.
 */
export function isUnsent(thrown: unknown): boolean {
  const reason = (thrown as Error | undefined)?.cause ?? thrown;
  return /REFUSED|NOTFOUND|AI_AGAIN|CONNECT_TIME|CERT|VERIFY/i.test(
    (reason as { code: string } | undefined)?.code ?? "",
  );
}

/** Whether `fetch` refused its arguments. Node, Chromium and Firefox check them before sending; the texts are theirs. */
function isRefusal(thrown: unknown): boolean {
  const { message, code, cause } = Object(thrown) as {
    message?: unknown;
    code?: unknown;
    cause?: Error & { code?: unknown };
  };
  const text = `${message} ${code} ${cause?.code} ${cause?.message}`;
  return /'fetch' on|(Window|Scope)\.fetch:|parse URL|ERR_INVALID_(URL|CHAR|HTTP|PROTO)|bad port/.test(text);
}

/**
 * The error of a failure that ends the call at once: a reply that is too large, or a request that `fetch` refuses, which would be refused
 * again. `cause` is the thrown value without secrets.
 */
export function refusalOf(thrown: unknown, isSent: boolean, cause: unknown): SysparmError | undefined {
  if (thrown instanceof SysparmError) return thrown;
  if (isSent && !isRefusal(thrown)) return undefined;
  const words = "The fetch refused the request before it was sent: compare the url and what is given of the request";
  return invalid("request.refused", words, "request", { cause });
}
