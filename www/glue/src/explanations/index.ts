/**
 * The texts of every cause, with the menu names of a release. The JSON is generated from the core's catalogue, and a test keeps it current.
 * Also: a web page's own check of an instance that gave it no reply.
 */
import all from "./causes.json";

interface Words {
  title: string;
  tellApart: string;
  fix: string[];
  source: string;
}

const causes = all.causes as Record<string, Words>;
const terms = new Map(all.terms as [string, [string, string][]][]);
const places = new Map(all.releases.map(([name], place) => [name, place]));
const spoken = new Map(all.releases.map(([name, written]) => [name, written]));

/** What stands for `{user}` and other names in braces, where it is known. */
export type KnownNames = Readonly<Record<string, string | undefined>>;

/** The texts of a cause. */
export function textsOfCause(code: string, release?: string, names: KnownNames = {}): Words | undefined {
  const found = Object.hasOwn(causes, code) ? causes[code] : undefined;
  if (!found) return undefined;
  const here = placeOf(release);
  const steps = found.fix.map((step) => filled(step, here, names)).filter((step) => step !== undefined);
  return { ...found, title: filled(found.title, here, names) ?? code, fix: steps };
}

/** A text of one's own, with the menu names of a release and the names that are known. */
export function textInWords(text: string, release: string | undefined, names: KnownNames): string {
  return inWords(text, placeOf(release), names);
}

function placeOf(release: string | undefined): number | undefined {
  return places.get(release?.toLowerCase().replace(/[ _-]/g, "") ?? "");
}

/** A text with its menu names filled in; undefined for a step that the release does not have. */
function filled(text: string, here: number | undefined, names: KnownNames): string | undefined {
  const [, bound, first, step] = /^\{(since|before) (\w+)\}(.*)$/s.exec(text) ?? [];
  if (first === undefined || step === undefined) return inWords(text, here, names);
  if (here !== undefined) {
    return here >= (places.get(first) ?? 0) === (bound === "since") ? inWords(step, here, names) : undefined;
  }
  const name = spoken.get(first) ?? first;
  return `${bound === "since" ? `From ${name} on` : `Before ${name}`}: ${inWords(step, here, names)}`;
}

function inWords(text: string, here: number | undefined, names: KnownNames): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const own = Object.hasOwn(names, name) ? names[name] : undefined;
    if (own !== undefined) return own;
    const known = terms.get(name) ?? [];
    const since = here === undefined ? undefined : known.find(([first]) => (places.get(first) ?? 0) <= here);
    const fits = since && since[0] !== "otherwise" ? since : known.at(-1);
    return fits?.[1] ?? whole;
  });
}

type View = "answers" | "silent";

/** The texts are loaded before the check, and a failure waits at most 2 s for both. */
const CHECK_MS = 1500;
const EVERY_MS = 60_000;
/** An older check says nothing about a later failure: instances hibernate, networks recover. */
const VALID_MS = 10_000;
const MOST_ORIGINS = 100;

const checks = new Map<string, { at: number; view: Promise<View> }>();

/**
 * What a web page can find out about an instance whose reply it did not get: whether a request that needs no permission (`mode: "no-cors"`,
 * no credentials, nothing is read of it) is answered. At most one a minute for an instance. Undefined outside web pages, and while the last
 * check is too old to be valid and too recent to be repeated.
 */
export async function causesByReachability(
  origin: string,
  code: string,
  ofToken: boolean,
): Promise<{ title: string; causes: { code: string; likelihood: number }[] } | undefined> {
  const views = (all.views as [View, string, boolean, string, [string, number][]][]).filter(
    ([, plain, token]) => plain === code && token === ofToken,
  );
  if (!isInDocument() || location.origin === origin || views.length === 0) return undefined;
  const now = Date.now();
  let check = checks.get(origin);
  if (!check || Math.abs(now - check.at) >= EVERY_MS) {
    if (checks.size >= MOST_ORIGINS) checks.clear();
    check = { at: now, view: checkReachable(origin) };
    checks.set(origin, check);
  }
  if (Math.abs(now - check.at) > VALID_MS) return undefined;
  const view = await check.view;
  const found = views.find(([name]) => name === view);
  if (!found) return undefined;
  const [, , , title, ranked] = found;
  const permission = view === "silent" ? await localNetworkPermission() : undefined;
  const causes = ranked.flatMap(([code, percent]) => {
    if (code !== LOCAL_NETWORK) return { code, likelihood: (permission === "denied" ? percent / 3 : percent) / 100 };
    if (permission === "denied") return { code, likelihood: 0.6 };
    return permission === "prompt" ? { code, likelihood: percent / 100 } : [];
  });
  causes.sort((one, other) => other.likelihood - one.likelihood);
  // Over http only loopback is requested. Chromium and Firefox allow that to a page from https, Safari blocks it silently.
  if (view === "silent" && location.protocol === "https:" && origin.startsWith("http:")) {
    causes.push({ code: "network.mixed-content", likelihood: 0.1 });
  }
  return { title, causes };
}

const LOCAL_NETWORK = "network.local-access";

/** Whether the page may reach local addresses: Chromium asks the person since version 142. Undefined in other browsers. */
async function localNetworkPermission(): Promise<PermissionState | undefined> {
  try {
    const name = "local-network-access" as PermissionName;
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return undefined;
  }
}

async function checkReachable(origin: string): Promise<View> {
  try {
    await fetch(`${origin}/favicon.ico`, {
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(CHECK_MS),
    });
    return "answers";
  } catch {
    return "silent";
  }
}

/** Whether this is a web page or a worker of one: edge workers and Node have no CORS. */
function isInDocument(): boolean {
  return (
    typeof location === "object" && "origin" in location && ("document" in globalThis || "importScripts" in globalThis)
  );
}
