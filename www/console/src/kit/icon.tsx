/** Icons of 16 px, drawn for this product. They are decoration: the word next to them, or the control's label, names the thing. */

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: extra }: { name: IconName; class?: string }) {
  return (
    <svg class={extra ? `icon ${extra}` : "icon"} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A circle as a path, so that every icon is one path. */
const ring = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

const PATHS = {
  tester: "M2.5 3.5 13.5 8l-11 4.5L4.5 8zM4.5 8h4",
  query: "M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z",
  tables: "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13",
  record: "M3.5 2.5h6l3 3v8h-9zM6 8h4M6 10.5h4",
  schema: "M5.5 2.5h5v3h-5zM2 10.5h4.5v3H2zM9.5 10.5H14v3H9.5zM8 5.5V8M4.25 10.5V8h7.5v2.5",
  compare: "M2.5 3h4.5v10H2.5zM9 3h4.5v10H9zM4 6h1.5M4 8.5h1.5M10.5 6H12M10.5 8.5H12",
  doctor: "M1.5 8.5h3L6 4l3 8 1.7-4.5.8 1h3",
  token: `${ring(5.5, 10.5, 3)}M7.7 8.3l5.8-5.8M11 5l2 2`,
  sync: "M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5A5.2 5.2 0 0 0 12.4 11M3.5 2v3h3M12.5 14v-3h-3",
  traffic: "M2.5 13.5V9M6 13.5V4.5M9.5 13.5V7M13 13.5V2.5",
  symptoms: "M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3",
  catalogue: "M3 3.5h4.5a.5.5 0 0 1 .5.5v9.5H3zM13 3.5H8.5a.5.5 0 0 0-.5.5v9.5h5z",
  plug: "M6 2.5V5M10 2.5V5M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5v2.5",
  check: "m3 8.5 3.2 3L13 4.5",
  close: "m4 4 8 8M12 4l-8 8",
  warn: "M8 2.5 14.5 13.5h-13zM8 6.5v3.3M8 11.6v.1",
  info: `${ring(8, 8, 5.8)}M8 7.3v3.5M8 5.1v.1`,
  ask: `${ring(8, 8, 5.8)}M5.5 8h5`,
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  up: "M8 13V3M4 7l4-4 4 4",
  descending: "M8 3v10M4 9l4 4 4-4",
  plus: "M8 3v10M3 8h10",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  search: `${ring(7, 7, 4.2)}M10.2 10.2l3.3 3.3`,
  theme: `${ring(8, 8, 5.5)}M8 2.5v11M10 3v10M12 4.3v7.4`,
  bars: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  lock: "M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  dots: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  folder: "M2 4h4.5L8 5.5h6v7.5H2z",
  play: "M4.5 3v10l8-5z",
  history: `${ring(8, 8, 5.5)}M8 4.8V8l2.3 1.5`,
  out: "M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5",
  text: "M3 4.5h10M3 8h10M3 11.5h6",
} as const;
