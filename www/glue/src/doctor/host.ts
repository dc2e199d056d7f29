/**
 * Performs one request of the doctor, without redirects and cookies, with the secrets that the request names. Tokens stay in JavaScript: they
 * are removed from a reply before the core sees it.
 */
import { UnreadReply } from "../protocol/codes.js";
import type { Secrets } from "./options.js";
import { inPage } from "./options.js";

/** A request of the core. */
export interface Ask {
  id: number;
  check: string;
  question: string;
  method: string;
  path: string;
  headers: [string, string][];
  who: "anonymous" | "client" | "integration" | "administrator";
  form: {
    name: string;
    value: { text: string } | { secret: "clientSecret" | "password" | "refreshToken" | "assertion" };
  }[];
  blind: boolean;
  timeLimitMs: number;
}

/** A reply that can be read, or why there is none, with the platform's own words. */
type Outcome = { status: number; headers: string; body: string } | { unread: UnreadReply; reason: string };

/** The part of a reply that is read; causes show in less. */
const MOST_BYTES = 64 * 1024;

/** Sends one request of the doctor and returns what the core may see of the reply. */
export async function perform(
  ask: Ask,
  url: string,
  secrets: Secrets,
  send: typeof fetch,
  signal: AbortSignal | undefined,
  mask: (text: string) => string,
): Promise<Outcome> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ask.timeLimitMs);
  const leave = () => limit.abort();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    const reply = await send(new URL(ask.path, url).href, {
      ...request(ask, secrets),
      redirect: "manual",
      credentials: "omit",
      signal: limit.signal,
      // A no-cors request must follow redirects (Fetch standard, main fetch). It has no credentials and its reply is hidden.
      ...(inPage && ask.blind && { mode: "no-cors" as const, redirect: "follow" as const }),
    });
    if (reply.type === "opaqueredirect") return { unread: UnreadReply.redirected, reason: "" };
    if (reply.type === "opaque") return { unread: UnreadReply.answered, reason: "" };
    // Findings quote replies, which may repeat secrets of the request.
    const body = mask(withheld(ask, await beginning(reply), secrets));
    const headers = [...reply.headers].map(([name, value]) => `${name}: ${mask(value)}`).join("\n");
    return { status: reply.status, headers, body };
  } catch (thrown) {
    if (limit.signal.aborted) return { unread: UnreadReply.timedOut, reason: "" };
    return { unread: UnreadReply.noReply, reason: mask(reasonOf(thrown)) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

function request(ask: Ask, secrets: Secrets): RequestInit {
  const headers = new Headers(ask.headers);
  if (ask.who === "integration" && secrets.integration) headers.set(...secrets.integration);
  if (ask.who === "administrator" && secrets.administrator) headers.set("Authorization", secrets.administrator);
  if (ask.form.length === 0) return { method: ask.method, headers };
  const body = new URLSearchParams();
  for (const { name, value } of ask.form) {
    const filled = "text" in value ? value.text : secrets[value.secret];
    if (filled !== undefined) body.set(name, filled);
  }
  return { method: ask.method, headers, body };
}

/** Takes a granted token out of a reply. It becomes the integration's credential; the core sees only that there was one. */
function withheld(ask: Ask, body: string, secrets: Secrets): string {
  if (ask.who !== "client") return body;
  try {
    const granted: unknown = JSON.parse(body);
    if (typeof granted !== "object" || granted === null) return body;
    const all = granted as Record<string, unknown>;
    // A token of another grant than the integration's is not its credential.
    if (typeof all.access_token === "string" && ask.check === "token")
      secrets.integration = ["Authorization", `Bearer ${all.access_token}`];
    for (const name of ["access_token", "refresh_token", "id_token"]) if (name in all) all[name] = "[withheld]";
    return JSON.stringify(all);
  } catch {
    return body;
  }
}

async function beginning(reply: Response): Promise<string> {
  const reader = reply.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
    if (bytes >= MOST_BYTES) {
      reader.cancel().catch(() => undefined);
      return text;
    }
  }
}

/** The platform's message; Node's useful one is in the cause. */
function reasonOf(thrown: unknown): string {
  const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
  const cause = thrown instanceof Error && thrown.cause ? `: ${words(thrown.cause)}` : "";
  return `${words(thrown)}${cause}`.slice(0, 300);
}
