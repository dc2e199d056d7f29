/** Keys of the whole page. Views handle their own keys. */
import { signal } from "@preact/signals";
import { go } from "./address";
import { preferences } from "./preferences";
import { views } from "./views";

/** What lies over the page. */
export const overlay = signal<"palette" | "shortcuts" | null>(null);

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export type Meaning = { open: "palette" | "shortcuts" } | { view: string } | { await: "g" } | null;

/**
 * What a press means. `typing` is true inside a text field, where single letters are text. `after` is "g" within a second after G.
 * `letters` is false if single letters are turned off (WCAG 2.2, 2.1.4).
 */
export function meaning(press: Press, context: { typing: boolean; letters: boolean; after: "g" | null }): Meaning {
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return key === "k" && !press.altKey ? { open: "palette" } : null;
  if (press.altKey || context.typing || !context.letters) return null;
  if (context.after === "g") {
    const view = views.find(({ letter }) => letter === key);
    return view ? { view: view.id } : null;
  }
  if (key === "g") return { await: "g" };
  return key === "?" ? { open: "shortcuts" } : null;
}

/** Listens until the returned function is called. */
export function listenToKeys(): () => void {
  let after: "g" | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || overlay.value !== null) return;
    const found = meaning(event, { typing: isText(event), letters: preferences.value.letters, after });
    if (event.key === "Shift") return;
    clearTimeout(timer);
    after = null;
    if (!found) return;
    event.preventDefault();
    if ("open" in found) overlay.value = found.open;
    else if ("view" in found) go(found.view);
    else {
      after = "g";
      timer = setTimeout(() => {
        after = null;
      }, SEQUENCE_MS);
    }
  }
  addEventListener("keydown", press);
  return () => {
    clearTimeout(timer);
    removeEventListener("keydown", press);
  };
}

/** Looks into shadow roots, where the code editor is. */
function isText(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, select, textarea, [role=textbox], [role=menu]");
}

const SEQUENCE_MS = 1_000;
