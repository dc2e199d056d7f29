/** What makes a part at the side a drawer while it lies over the page: the focus stays in it, Escape closes it, and the focus returns. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** `over` matches while the part lies over the page, such as "(max-width: 719px)"; the drawer closes when it no longer does. */
export function useDrawer(drawer: RefObject<HTMLElement | null>, open: boolean, close: () => void, over: string): void {
  useEffect(() => {
    const element = drawer.current;
    const query = matchMedia(over);
    if (!open || !element || !query.matches) return;
    const before = document.activeElement;
    const others = otherElements(element);
    for (const other of others) other.inert = true;
    if (!element.contains(before))
      (element.querySelector<HTMLElement>("[aria-current=page]") ?? firstStop(element))?.focus();
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      close();
    };
    addEventListener("keydown", press);
    query.addEventListener("change", close);
    return () => {
      removeEventListener("keydown", press);
      query.removeEventListener("change", close);
      for (const other of others) other.inert = false;
      const left = document.activeElement === document.body || element.contains(document.activeElement);
      if (left && before instanceof HTMLElement) before.focus();
    };
  }, [open]);
}

/** Everything of the page that is not the drawer and does not hold it, but the scrim. */
function otherElements(drawer: HTMLElement): HTMLElement[] {
  const others: HTMLElement[] = [];
  for (let at: HTMLElement = drawer; at !== document.body && at.parentElement; at = at.parentElement)
    for (const sibling of at.parentElement.children)
      if (sibling !== at && sibling instanceof HTMLElement && !sibling.matches(".scrim, script")) others.push(sibling);
  return others.filter((other) => !other.inert);
}

function firstStop(element: HTMLElement): HTMLElement | null {
  return element.querySelector<HTMLElement>("button, input, a[href], select");
}
