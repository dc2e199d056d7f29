/** Lines of text with numbers. Many are drawn as far as they are in sight. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { useRowWindow } from "../tables/virtual";
import { useKeptScroll } from "./kept-scroll";

/** Parts of a line of JSON, by their class. The text is never read as HTML. */
function* parts(line: string): Generator<[kind: string, text: string]> {
  let at = 0;
  for (const match of line.matchAll(TOKENS)) {
    if (match.index > at) yield ["", line.slice(at, match.index)];
    const [text, string, colon, number, atom] = match;
    if (string !== undefined) yield [colon === undefined ? "syn-string" : "syn-key", string];
    else yield [number !== undefined ? "syn-number" : atom !== undefined ? "syn-atom" : "syn-punct", text];
    if (colon !== undefined) yield ["syn-punct", colon];
    at = match.index + text.length;
  }
  if (at < line.length) yield ["", line.slice(at)];
}

const TOKENS = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b|[[\]{},]/g;

export function LinesView({
  lines,
  json,
  label,
  goTo,
  scrolls,
  name,
}: {
  lines: readonly string[];
  json: boolean;
  label: string;
  /** Index of the line to show; -1: none. */
  goTo: number;
  /** How far views are scrolled, by their names. */
  scrolls: Map<string, number>;
  name: string;
}) {
  const scroller = useRef<HTMLElement>(null);
  const whole = lines.length <= WHOLE_LINES;
  const rows = useRowWindow({
    count: whole ? 0 : lines.length,
    scrollElement: scroller,
    rowHeight: LINE_HEIGHT,
    headerHeight: 0,
    pinned: -1,
  });

  useKeptScroll(scroller, scrolls, name, lines.length);

  useLayoutEffect(() => {
    if (goTo < 0) return;
    if (whole) scroller.current?.querySelector(`[data-line="${goTo + 1}"]`)?.scrollIntoView({ block: "center" });
    else rows.scrollToIndex(goTo, { align: "center" });
  }, [goTo, whole, rows]);

  const line = (index: number, top?: number) => (
    <span
      key={index}
      class={index === goTo ? "line found" : "line"}
      data-line={index + 1}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
    >
      {json
        ? [...parts(lines[index] ?? "")].map(([kind, text], position) =>
            kind ? (
              <span key={position} class={kind}>
                {text}
              </span>
            ) : (
              text
            ),
          )
        : lines[index]}
    </span>
  );

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="reply-body" tabIndex={0} aria-label={label} ref={scroller}>
      {whole ? (
        <pre class="code">{lines.map((_, index) => line(index))}</pre>
      ) : (
        <pre class="code windowed" style={{ height: `${rows.getTotalSize()}px` }}>
          {rows.getVirtualItems().map((item) => line(item.index, item.start))}
        </pre>
      )}
    </section>
  );
}

const WHOLE_LINES = 1_000;
/** Pixels; the style sheet has the same. */
const LINE_HEIGHT = 19;
