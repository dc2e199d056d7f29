/** Keeps how far an element was scrolled while it is not shown. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

/** Scrolls to where `kept` has it under the name, once `height` (anything that grows with the content) is not 0. */
export function useKeptScroll(
  element: RefObject<HTMLElement | null>,
  kept: Map<string, number>,
  name: string,
  height: number,
): void {
  const filled = height > 0;
  useLayoutEffect(() => {
    const top = kept.get(name);
    if (filled && element.current && top !== undefined) element.current.scrollTop = top;
  }, [element, kept, name, filled]);

  useEffect(() => {
    const scrolled = element.current;
    if (!scrolled || !filled) return;
    const keep = () => kept.set(name, scrolled.scrollTop);
    scrolled.addEventListener("scroll", keep, { passive: true });
    return () => scrolled.removeEventListener("scroll", keep);
  }, [element, kept, name, filled]);
}
