/** Causes: what a fetch, a source of tokens or an engine has thrown is handed on as it is, unless it repeats a secret. */

/** The text without secrets; undefined where it holds none. */
type Mask = (text: string) => string | undefined;

/** As far as an error is printed, and no further. */
const DEEPEST = 6;
const MOST_PARTS = 500;
const LONGEST = 256 * 1024;

/** The same value, or where any part of it holds a secret an error that has its words and nothing else of it. */
export function hidden(thrown: unknown, mask: Mask): unknown {
  return mask(textOf(thrown)) === undefined ? thrown : copied(thrown, mask, 0);
}

/** A failing reply as it came, or where it repeats a secret one with the same words and headers without it. `body` is what was read of it. */
export function concealed(reply: Response, body: string, mask: Mask): Response {
  const headers = Array.from(reply.headers);
  if (mask([reply.url, reply.statusText, body, ...headers.flat()].join("\n")) === undefined) return reply;
  const safe = (text: string) => mask(text) ?? text;
  // Both are of the body as it came.
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

function copied(thrown: unknown, mask: Mask, depth: number): unknown {
  const safe = (value: unknown) => {
    const text = String(value).slice(0, LONGEST);
    return mask(text) ?? text;
  };
  if (typeof thrown === "string") return safe(thrown);
  const { name, message, stack, code, cause } = Object(thrown) as Error & { code?: unknown };
  const Class = thrown instanceof TypeError ? TypeError : Error;
  const copy = new Class(
    safe(message),
    cause && depth < DEEPEST ? { cause: copied(cause, mask, depth + 1) } : undefined,
  );
  if (name) copy.name = safe(name);
  if (stack) copy.stack = safe(stack);
  return typeof code === "string" ? Object.assign(copy, { code: safe(code) }) : copy;
}

/** Every text in it that is printed with it: its members, their members, the pairs of headers and maps. */
function textOf(thrown: unknown): string {
  const seen = new Set<unknown>();
  let text = "";
  const add = (value: unknown, depth: number) => {
    if (typeof value === "string") text += `${value}\n`;
    if (Object(value) !== value || depth > DEEPEST || seen.size > MOST_PARTS || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Error)
      for (const name of ["name", "message", "stack", "cause"]) add(read(value, name), depth + 1);
    for (const name of ["url", "href", "headers"]) add(read(value, name), depth + 1);
    if (value instanceof Headers || value instanceof Map) for (const pair of value) add(pair, depth + 1);
    // Not what a getter would do.
    for (const { value: member } of Object.values(Object.getOwnPropertyDescriptors(value))) add(member, depth + 1);
  };
  add(thrown, 0);
  return text.slice(0, LONGEST);
}

function read(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
