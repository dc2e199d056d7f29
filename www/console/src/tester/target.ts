/** Builds the address of a request from typed text, and refuses addresses outside the instance. Pure. */
import { METHOD_OVERRIDES } from "../environments/guarded-fetch";
import { METHODS, type Pair } from "../workspace/model";

export type Target = { path: string } | { problem: string };

/**
 * Accepts a path, such as `/api/now/table/incident`, or a whole address of this instance.
 * Encodes a space as `%20`, not as `+`: only `%20` is also valid in a path.
 */
export function buildTarget(typed: string, parameters: readonly Pair[], instanceOrigin: string): Target {
  const address = typed.trim();
  if (address === "") return { problem: "Enter a path, such as /api/now/table/incident." };
  let path = address;
  if (/^https?:\/\//i.test(address)) {
    const url = parsed(address);
    if (!url) return { problem: unreadable(address) };
    if (url.origin !== instanceOrigin) {
      return {
        problem: `This address is on ${url.origin}. Requests go only to ${instanceOrigin}, where the token belongs.`,
      };
    }
    path = url.pathname + url.search;
  }
  if (!path.startsWith("/") || path.startsWith("//") || path.includes("\\")) {
    return { problem: "A path begins with one /, such as /api/now/table/incident." };
  }
  const withoutFragment = path.split("#", 1)[0] ?? path;
  const query = active(parameters).map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  if (query.length === 0) return { path: withoutFragment };
  return { path: `${withoutFragment}${withoutFragment.includes("?") ? "&" : "?"}${query.join("&")}` };
}

/** Headers for `fetch`, or the problem with them. Without a content type the browser sets that of the body. */
export function buildHeaders(pairs: readonly Pair[], contentType: string): { headers: Headers } | { problem: string } {
  const headers = new Headers({ Accept: "application/json" });
  if (contentType !== "") headers.set("Content-Type", contentType);
  for (const { name, value } of active(pairs)) {
    if (/^(authorization|cookie)$/i.test(name)) {
      return {
        problem: `${name} cannot be set here: the token of the environment is sent as Authorization, and cookies are never sent. Use the tab Auth.`,
      };
    }
    if (METHOD_OVERRIDES.includes(name.toLowerCase())) {
      // The value may be a secret, so it is named only if it is a method.
      const method = METHODS.find((one) => one === value.trim().toUpperCase());
      const advice = method ? `Choose ${method} as the method instead.` : "Choose the method of the request instead.";
      return { problem: `${name} cannot be set here: a request must do what its method says. ${advice}` };
    }
    try {
      headers.set(name, value);
    } catch {
      return { problem: `"${name}" and its value cannot be sent as a header.` };
    }
  }
  return { headers };
}

function active(pairs: readonly Pair[]): Pair[] {
  return pairs
    .filter((pair) => pair.on && pair.name.trim() !== "")
    .map((pair) => ({ ...pair, name: pair.name.trim() }));
}

function unreadable(address: string): string {
  const shown = address.length > SHOWN_CHARACTERS ? `${address.slice(0, SHOWN_CHARACTERS)}…` : address;
  const without = /^https?:\/\/[^/]*(\/.*)?$/is.exec(shown)?.[1] ?? "/api/now/table/incident";
  return `"${shown}" is no address: its host or port cannot be read. Correct it, or enter the path alone: ${without}`;
}

const SHOWN_CHARACTERS = 200;

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
