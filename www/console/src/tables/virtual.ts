/** Connects TanStack Virtual, which is independent of frameworks, to a Preact component: it redraws when the visible rows change. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

export interface RowWindowOptions {
  count: number;
  scrollElement: RefObject<HTMLElement | null>;
  rowHeight: number;
  /** Height of the sticky header, which covers the top of the scrolled rows. */
  headerHeight: number;
  /** Drawn even outside the window, because assistive technology refers to it. */
  pinned: number;
}

export function useRowWindow(options: RowWindowOptions): Virtualizer<HTMLElement, HTMLElement> {
  const [, redraw] = useReducer((version: number) => version + 1, 0);
  const settings = {
    count: options.count,
    getScrollElement: () => options.scrollElement.current,
    estimateSize: () => options.rowHeight,
    overscan: 12,
    scrollPaddingStart: options.headerHeight,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    rangeExtractor: ({
      startIndex,
      endIndex,
      overscan,
      count,
    }: {
      startIndex: number;
      endIndex: number;
      overscan: number;
      count: number;
    }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const indexes = Array.from({ length: last - first + 1 }, (_, step) => first + step);
      if (options.pinned >= 0 && options.pinned < count) {
        if (options.pinned < first) indexes.unshift(options.pinned);
        if (options.pinned > last) indexes.push(options.pinned);
      }
      return indexes;
    },
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(settings));
  virtualizer.setOptions(settings);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
