/** Redacts secrets in the `cause` of an error: what `fetch`, a token source or an engine threw is passed on, unless it repeats a secret. */

/** The text without secrets; undefined where it holds none. */
type Mask = (text: string) => string | undefined;

/** About as deep as runtimes print an error. */
const DEEPEST = 6;
const MOST_PARTS = 500;
const LONGEST = 256 * 1024;

/** The thrown value itself, or where any part of it holds a secret an error with its redacted texts and nothing else. */
export function redactedCause(thrown: unknown, mask: Mask): unknown {
  return mask(printedText(thrown)) === undefined ? thrown : redactedCopy(thrown, mask, 0);
}

/** A failing reply itself, or where it repeats a secret a redacted copy. `body` is what was read of it. */
export function redactedReply(reply: Response, body: string, mask: Mask): Response {
  const headers = Array.from(reply.headers);
  if (mask([reply.url, reply.statusText, body, ...headers.flat()].join("\n")) === undefined) return reply;
  const safe = (text: string) => mask(text) ?? text;
  // Both describe the original body.
  const kept = headers.filter(([name]) => name !== "content-length" && name !== "content-encoding");
  const { status, statusText, url } = reply;
  const copy = new Response(reply.body && safe(body), {
    status,
    statusText: safe(statusText),
    headers: kept.map(([name, value]) => [name, safe(value)]),
  });
  void reply.body?.cancel?.().catch(() => undefined);
  return Object.defineProperty(copy, "url", { value: safe(url) });
}

function redactedCopy(thrown: unknown, mask: Mask, depth: number): unknown {
  const safe = (value: unknown) => {
    const text = String(value).slice(0, LONGEST);
    return mask(text) ?? text;
  };
  if (typeof thrown === "string") return safe(thrown);
  const { name, message, stack, code, cause } = Object(thrown) as Error & { code?: unknown };
  const Class = thrown instanceof TypeError ? TypeError : Error;
  const copy = new Class(
    safe(message),
    cause && depth < DEEPEST ? { cause: redactedCopy(cause, mask, depth + 1) } : undefined,
  );
  if (name) copy.name = safe(name);
  if (stack) copy.stack = safe(stack);
  return typeof code === "string" ? Object.assign(copy, { code: safe(code) }) : copy;
}

/** Every text that is printed with a value: its members, their members, the pairs of headers and maps. */
function printedText(thrown: unknown): string {
  const seen = new Set<unknown>();
  let text = "";
  const add = (value: unknown, depth: number) => {
    if (typeof value === "string") text += `${value}\n`;
    if (Object(value) !== value || depth > DEEPEST || seen.size > MOST_PARTS || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Error)
      for (const name of ["name", "message", "stack", "cause"]) add(memberOf(value, name), depth + 1);
    for (const name of ["url", "href", "headers"]) add(memberOf(value, name), depth + 1);
    if (value instanceof Headers || value instanceof Map) for (const pair of value) add(pair, depth + 1);
    // Getters are not called: they may have effects.
    for (const { value: member } of Object.values(Object.getOwnPropertyDescriptors(value))) add(member, depth + 1);
  };
  add(thrown, 0);
  return text.slice(0, LONGEST);
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
