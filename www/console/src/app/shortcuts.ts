/** Keys of the whole page. Views handle their own keys. */
import { signal } from "@preact/signals";
import { go } from "./address";
import { preferences } from "./preferences";
import { moveRegion } from "./regions";
import { views } from "./views";

/** What lies over the page. */
export const overlay = signal<"palette" | "shortcuts" | null>(null);

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Letters that another key follows. */
export type Prefix = "g" | "e";

/** `environment` is an index in their list, `region` a step from the part of the page that has the focus. */
export type Meaning =
  | { open: "palette" | "shortcuts" }
  | { view: string }
  | { environment: number }
  | { region: 1 | -1 }
  | { await: Prefix }
  | null;

/**
 * What a press means. `typing` is true inside a text field, where single letters are text. `after` is the letter of the second before.
 * `letters` is false if single letters are turned off (WCAG 2.2, 2.1.4).
 */
export function meaning(press: Press, context: { typing: boolean; letters: boolean; after: Prefix | null }): Meaning {
  const key = press.key.toLowerCase();
  if (key === "f6" && !press.ctrlKey && !press.metaKey && !press.altKey) return { region: press.shiftKey ? -1 : 1 };
  if (press.ctrlKey || press.metaKey) return key === "k" && !press.altKey ? { open: "palette" } : null;
  if (press.altKey || context.typing || !context.letters) return null;
  if (context.after === "g") {
    const view = views.find(({ letter }) => letter === key);
    return view ? { view: view.id } : null;
  }
  if (context.after === "e" && /^[1-9]$/.test(key)) return { environment: Number(key) - 1 };
  if (key === "g" || key === "e") return { await: key };
  return key === "?" ? { open: "shortcuts" } : null;
}

/** Listens until the returned function is called. */
export function listenToKeys(chooseEnvironment: (index: number) => void): () => void {
  let after: Prefix | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || overlay.value !== null || document.querySelector(OPEN_DIALOG)) return;
    const found = meaning(event, { typing: isText(event), letters: preferences.value.letters, after });
    if (event.key === "Shift") return;
    clearTimeout(timer);
    after = null;
    if (!found) return;
    event.preventDefault();
    if ("open" in found) overlay.value = found.open;
    else if ("view" in found) go(found.view);
    else if ("environment" in found) chooseEnvironment(found.environment);
    else if ("region" in found) moveRegion(found.region);
    else {
      after = found.await;
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

/** Behind a dialog nothing is moved or changed. */
const OPEN_DIALOG = "dialog[open], [role=dialog], [role=alertdialog]";
const SEQUENCE_MS = 1_000;
