/** What the page remembers of its looks, in the browser's local storage. Nothing of an instance is in it. */
import { effect, type Signal, signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  theme: Theme;
  /** Rows and fields are higher. */
  roomy: boolean;
  /** Single letters as shortcuts. Can be off (WCAG 2.2, 2.1.4). */
  letters: boolean;
  /** Sizes of panes in pixels, by the splitter's name. */
  panes: Record<string, number>;
}

/** Above its first use: what is stored is read when this module is loaded. */
const KEY = "sysparm.preferences";
const DRAG_MS = 300;

export const preferences = signal<Preferences>(read());

/** What was set here and is not stored yet. */
let pending: Partial<Preferences> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

/** Stores a part at once, or after `delayMs` without another one. What other tabs of the browser set stays. */
export function setPreference(part: Partial<Preferences>, delayMs = 0): void {
  pending = joined(pending, part);
  preferences.value = joined(preferences.peek(), part);
  clearTimeout(timer);
  if (delayMs === 0) writePending();
  else timer = setTimeout(writePending, delayMs);
}

function writePending(): void {
  clearTimeout(timer);
  if (Object.keys(pending).length === 0) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(joined(read(), pending)));
    pending = {};
  } catch {
    // A browser that stores nothing keeps the setting until the page is left.
  }
}

/** `base` with a part of it replaced; of panes, those that the part names. */
function joined<Base extends Partial<Preferences>>(base: Base, part: Partial<Preferences>): Base {
  return { ...base, ...part, ...(part.panes && { panes: { ...base.panes, ...part.panes } }) };
}

globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  // Null where everything was cleared.
  if (key === KEY || key === null) preferences.value = joined(parsePreferences(newValue), pending);
});
globalThis.addEventListener?.("pagehide", writePending);

/** Keeps `data-theme` and `data-density` of the document as the settings say. Without `data-theme` the system decides. */
export function applyLooks(): void {
  effect(() => {
    const { theme, roomy } = preferences.value;
    document.documentElement.setAttribute("data-density", roomy ? "roomy" : "dense");
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
  });
}

/** The size of a pane in pixels, remembered under its name. Pass it to `Splitter`. */
export function paneSize(name: string, initial: number): Signal<number> {
  const size = signal(preferences.value.panes[name] ?? initial);
  let remembered = size.value;
  effect(() => {
    const now = size.value;
    if (now === remembered) return;
    remembered = now;
    // A splitter that is dragged changes it with each pixel.
    setPreference({ panes: { [name]: now } }, DRAG_MS);
  });
  return size;
}

/** Takes the known parts of a stored text. Everything else gets its default. */
export function parsePreferences(text: string | null): Preferences {
  const found: Preferences = { theme: "system", roomy: false, letters: true, panes: {} };
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    return found;
  }
  if (typeof stored !== "object" || stored === null) return found;
  const { theme, roomy, letters, panes } = stored as Record<string, unknown>;
  if (THEMES.includes(theme as Theme)) found.theme = theme as Theme;
  if (typeof roomy === "boolean") found.roomy = roomy;
  if (typeof letters === "boolean") found.letters = letters;
  for (const [name, size] of Object.entries(typeof panes === "object" && panes ? panes : {}))
    if (typeof size === "number" && Number.isFinite(size) && size >= 0) found.panes[name] = size;
  return found;
}

function read(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(KEY));
  } catch {
    return parsePreferences(null);
  }
}
