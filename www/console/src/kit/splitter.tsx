/** The line between two panes (WAI-ARIA APG, "Window Splitter pattern"). Dragging and arrow keys resize; Ctrl makes larger steps. */
import type { Signal } from "@preact/signals";

interface SplitterProps {
  /** The pane whose size it sets. */
  label: string;
  /** The id of that pane. */
  controls: string;
  /** Pixels. `paneSize()` of app/preferences.ts remembers it. */
  size: Signal<number>;
  min: number;
  max: number;
  /** `row`: the panes stand side by side. `column`: one above the other. */
  direction: "row" | "column";
  /** True if the sized pane stands after the line. */
  after?: boolean;
}

export function Splitter({ label, controls, size, min, max, direction, after = false }: SplitterProps) {
  const sign = after ? -1 : 1;
  const row = direction === "row";
  const set = (to: number) => {
    size.value = Math.round(Math.max(min, Math.min(max, to)));
  };

  function press(event: KeyboardEvent): void {
    const step = event.ctrlKey || event.metaKey ? LARGE_STEP : SMALL_STEP;
    const by = { [row ? "ArrowRight" : "ArrowDown"]: step, [row ? "ArrowLeft" : "ArrowUp"]: -step }[event.key];
    if (by !== undefined) set(size.value + sign * by);
    else if (event.key === "Home") set(min);
    else if (event.key === "End") set(max);
    else return;
    event.preventDefault();
  }

  function drag(event: PointerEvent): void {
    const line = event.currentTarget as HTMLElement;
    const start = row ? event.clientX : event.clientY;
    const from = size.value;
    line.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => set(from + sign * ((row ? moved.clientX : moved.clientY) - start));
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", move), { once: true });
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that moves is a separator with a value; <hr> takes no focus
    <div
      class={`splitter ${direction}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-controls={controls}
      aria-orientation={row ? "vertical" : "horizontal"}
      aria-valuenow={size.value}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={press}
      onPointerDown={drag}
    />
  );
}

const SMALL_STEP = 16;
const LARGE_STEP = 64;
