/** A menu at a point of the page, for a cell or a place that has no button of its own (WAI-ARIA APG, "Menu pattern"). */
import * as machine from "@zag-js/menu";
import { normalizeProps, useMachine } from "@zag-js/preact";
import { useEffect, useId } from "preact/hooks";
import { MenuContent, type MenuEntry } from "./menu";
import { Portal } from "./portal";

export interface Point {
  x: number;
  y: number;
}

interface PointMenuProps {
  label: string;
  items: readonly MenuEntry[];
  at: Point;
  /** Called when it closes, also after an item was chosen. The focus is the caller's. */
  close: () => void;
}

export function PointMenu({ label, items, at, close }: PointMenuProps) {
  const service = useMachine(machine.machine, {
    id: useId(),
    "aria-label": label,
    positioning: POSITIONING,
    onOpenChange: ({ open }) => {
      if (!open) close();
    },
    onSelect: ({ value }) => {
      for (const item of items)
        if (item !== "line" && item.id === value) requestAnimationFrame(() => setTimeout(item.run));
    },
  });
  const api = machine.connect(service, normalizeProps);
  useEffect(() => service.send({ type: "CONTEXT_MENU", point: at }), []);
  if (!api.open) return null;
  // The machine names the element that was pressed, which has no id.
  const getContentProps = () => ({ ...api.getContentProps(), "aria-labelledby": undefined });
  return (
    <Portal>
      <MenuContent api={{ ...api, getContentProps }} items={items} />
    </Portal>
  );
}

/** One object: the machine places the menu anew for another one, and that draws it again. */
const POSITIONING = { placement: "bottom-start", gutter: 2 } as const;
