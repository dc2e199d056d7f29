/** The rows of `result` as a table. Rows are drawn as far as they are in sight. */
import { useRef } from "preact/hooks";
import { useRowWindow } from "../tables/virtual";
import { useKeptScroll } from "./kept-scroll";
import { cellText, columnsOf } from "./reply-facts";

export function TableView({
  rows,
  scrolls,
}: {
  rows: readonly Record<string, unknown>[];
  /** How far the panels of the reply are scrolled. */
  scrolls: Map<string, number>;
}) {
  const scroller = useRef<HTMLElement>(null);
  const columns = columnsOf(rows).slice(0, MOST_COLUMNS);
  const window = useRowWindow({
    count: rows.length,
    scrollElement: scroller,
    rowHeight: ROW_HEIGHT,
    headerHeight: ROW_HEIGHT,
    pinned: -1,
  });
  useKeptScroll(scroller, scrolls, "table", rows.length);
  const items = window.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = window.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="reply-table" tabIndex={0} aria-label="Rows of the reply" ref={scroller}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr class="spacer" style={{ height: `${above}px` }} />}
          {items.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2}>
              {columns.map((name) => {
                const text = cellText(rows[index]?.[name]);
                return (
                  <td key={name} title={text.slice(0, 500)} dir="auto">
                    {text === "" ? <span class="quiet">(empty)</span> : text.slice(0, 200)}
                  </td>
                );
              })}
            </tr>
          ))}
          {below > 0 && <tr class="spacer" style={{ height: `${below}px` }} />}
        </tbody>
      </table>
    </section>
  );
}

const MOST_COLUMNS = 200;
/** Pixels; the style sheet has the same. */
const ROW_HEIGHT = 28;
