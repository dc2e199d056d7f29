/**
 * Addresses of views: `#/tester`, `#/tables/incident`. The part after the view is the view's own: names and ids, never a secret.
 *
 * Any other fragment is a prefill of the connection form (connection/fragment.ts).
 */
import { signal } from "@preact/signals";
import { viewById, views } from "./views";

export interface Address {
  /** The id of a view in `views`. */
  view: string;
  /** Further segments, such as the name of a table. */
  parts: readonly string[];
}

/** Null if the fragment is no address of a view. A segment with other characters than names have is left out. */
export function parseAddress(fragment: string): Address | null {
  if (!fragment.startsWith("#/")) return null;
  const [view = "", ...parts] = fragment.slice(2, LONGEST).split("/");
  if (!viewById(view)) return null;
  return { view, parts: parts.filter((part) => SEGMENT.test(part)) };
}

export function addressOf(view: string, ...parts: string[]): string {
  return `#/${[view, ...parts.filter((part) => SEGMENT.test(part))].join("/")}`;
}

/** The view that is shown. Set by the page's address only. */
export const address = signal<Address>({ view: views[0]?.id ?? "", parts: [] });

/** Takes the page's address. Returns whether it named a view. */
export function takeAddress(): boolean {
  const found = parseAddress(location.hash);
  if (!found) return false;
  address.value = found;
  // What was left out could be a secret, and the browser's history keeps addresses.
  const whole = addressOf(found.view, ...found.parts);
  if (whole !== location.hash) history.replaceState(null, "", whole);
  return true;
}

/** Shows a view. The browser's Back returns to the former one. */
export function go(view: string, ...parts: string[]): void {
  location.hash = addressOf(view, ...parts);
}

const SEGMENT = /^[\w.-]{1,80}$/;
const LONGEST = 500;
