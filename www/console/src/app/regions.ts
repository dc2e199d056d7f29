/** Moves the focus between the parts of the page: top bar, navigation, content, status bar. */

const REGIONS = [".top-bar", ".navigation", "main", ".status-bar"];
/** In the content the open view gets the focus, so that the next Tab enters it. */
const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0']";

/** `step` is 1 for the next part and -1 for the one before; after the last comes the first. Parts that are not shown are left out. */
export function moveRegion(step: 1 | -1): void {
  const regions = REGIONS.flatMap((selector) => {
    const element = document.querySelector<HTMLElement>(selector);
    return element && element.getClientRects().length > 0 ? [element] : [];
  });
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[nextIndex(at, step, regions.length)];
  if (!next) return;
  const stop = next.tagName === "MAIN" ? next : firstStop(next);
  stop?.focus();
}

/** From nowhere (-1) the first is next, and the last is before. */
export function nextIndex(at: number, step: 1 | -1, length: number): number {
  if (at < 0) return step === 1 ? 0 : length - 1;
  return (at + step + length) % length;
}

function firstStop(region: HTMLElement): HTMLElement | undefined {
  return [...region.querySelectorAll<HTMLElement>(STOPS)].find(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  );
}
