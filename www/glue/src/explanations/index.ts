/**
 * The words of every cause, as the core's table has them, in the menu words of a release; the JSON is generated, and a test keeps
 * it current. And a page's own look at an instance that gave it no reply.
 */
import type { Cause } from "sysparm";
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

const rows = all.rows as unknown as Record<string, [code: string, title: string, ranked: [string, number][]]>;

/** A row of the catalogue, by its key. */
export function rowOf(key: number): { code: string; title: string; causes: Cause[] } | undefined {
  const row = rows[key];
  return row && { code: row[0], title: row[1], causes: row[2].map(([code, percent]) => likely(code, percent)) };
}

const likely = (code: string, percent: number) => ({ code, likelihood: percent / 100 }) as Cause;

export function wordsOf(code: string, release?: string): Words | undefined {
  const found = Object.hasOwn(causes, code) ? causes[code] : undefined;
  if (!found) return undefined;
  const here = places.get(release?.toLowerCase().replace(/[ _-]/g, "") ?? "");
  const steps = found.fix.map((step) => filled(step, here)).filter((step) => step !== undefined);
  return { ...found, title: filled(found.title, here) ?? code, fix: steps };
}

/** A text with its words filled in; nothing when it is a step that the release does not have. */
function filled(text: string, here: number | undefined): string | undefined {
  const [, bound, first, step] = /^\{(since|before) (\w+)\}(.*)$/s.exec(text) ?? [];
  if (first === undefined || step === undefined) return inWords(text, here);
  if (here !== undefined) {
    return here >= (places.get(first) ?? 0) === (bound === "since") ? inWords(step, here) : undefined;
  }
  const name = spoken.get(first) ?? first;
  return `${bound === "since" ? `From ${name} on` : `Before ${name}`}: ${inWords(step, here)}`;
}

function inWords(text: string, here: number | undefined): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const known = terms.get(name) ?? [];
    const since = here === undefined ? undefined : known.find(([first]) => (places.get(first) ?? 0) <= here);
    const fits = since && since[0] !== "otherwise" ? since : known.at(-1);
    return fits?.[1] ?? whole;
  });
}

type View = "answers" | "silent";

/** How long the look may take; the words came before it, and both together are not waited for longer than 2 s. */
const LOOK_MS = 1500;
const EVERY_MS = 60_000;
/** What was seen says nothing of a failure that comes later: an instance falls asleep, a network comes back. */
const BELIEVED_MS = 10_000;
const MOST_ORIGINS = 100;

const looks = new Map<string, { at: number; view: Promise<View> }>();

/**
 * What a page can find out of an instance whose reply it did not get: a request that needs no leave (`mode: "no-cors"`, no
 * credentials, nothing is read of it) is answered or not. Once a minute for an instance; undefined where there is no page, and while the last look is too old to be
 * believed and too young to be repeated.
 */
export async function looked(
  origin: string,
  code: string,
  ofToken: boolean,
): Promise<{ title: string; causes: { code: string; likelihood: number }[] } | undefined> {
  const views = (all.views as [View, string, boolean, string, [string, number][]][]).filter(
    ([, plain, token]) => plain === code && token === ofToken,
  );
  if (!isPage() || location.origin === origin || views.length === 0) return undefined;
  const now = Date.now();
  let look = looks.get(origin);
  if (!look || Math.abs(now - look.at) >= EVERY_MS) {
    if (looks.size >= MOST_ORIGINS) looks.clear();
    look = { at: now, view: lookAt(origin) };
    looks.set(origin, look);
  }
  if (Math.abs(now - look.at) > BELIEVED_MS) return undefined;
  const view = await look.view;
  const found = views.find(([name]) => name === view);
  if (!found) return undefined;
  const [, , , title, ranked] = found;
  const causes: { code: string; likelihood: number }[] = ranked.map(([cause, percent]) => likely(cause, percent));
  // By http only loopback is asked, which Chromium and Firefox allow a page by https. Safari blocks it and does not say so.
  if (view === "silent" && location.protocol === "https:" && origin.startsWith("http:")) {
    causes.push({ code: "network.mixed-content", likelihood: 0.1 });
  }
  return { title, causes };
}

async function lookAt(origin: string): Promise<View> {
  try {
    await fetch(`${origin}/favicon.ico`, {
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(LOOK_MS),
    });
    return "answers";
  } catch {
    return "silent";
  }
}

/** A page, or a worker of one: edge workers and Node know no CORS. */
function isPage(): boolean {
  return (
    typeof location === "object" && "origin" in location && ("document" in globalThis || "importScripts" in globalThis)
  );
}
