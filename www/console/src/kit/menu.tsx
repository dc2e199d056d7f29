/** A button that opens a menu (WAI-ARIA APG, "Menu Button pattern"). Typed letters jump to an item. */
import * as machine from "@zag-js/menu";
import { normalizeProps, useMachine } from "@zag-js/preact";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon, type IconName } from "./icon";
import { Portal } from "./portal";

export interface MenuItem {
  id: string;
  label: string;
  icon?: IconName;
  /** Stands before the label in place of an icon, such as a badge. */
  before?: ComponentChildren;
  /** Stands at the end, in the colour of secondary facts. */
  note?: string;
  disabled?: boolean;
  /** Deletes something. */
  danger?: boolean;
  run: () => void;
}

/** A line between groups of items. */
export type MenuEntry = MenuItem | "line";

interface MenuProps {
  /** The name of the button and of the menu. */
  label: string;
  items: readonly MenuEntry[];
  /** What the button shows. The icon "…" otherwise. */
  children?: ComponentChildren;
  class?: string;
  disabled?: boolean;
}

export function Menu({ label, items, children, class: extra, disabled }: MenuProps) {
  const service = useMachine(machine.machine, {
    id: useId(),
    "aria-label": label,
    positioning: { placement: "bottom-start", gutter: 4 },
    onSelect: ({ value }) => {
      // After the menu has given the focus back, so that the item may move it, for instance into a field.
      for (const item of items)
        if (item !== "line" && item.id === value) requestAnimationFrame(() => setTimeout(item.run));
    },
  });
  const api = machine.connect(service, normalizeProps);
  return (
    <>
      <button
        {...api.getTriggerProps()}
        class={children ? extra : `quiet icon-only ${extra ?? ""}`}
        disabled={disabled ?? false}
        {...(children ? {} : { "aria-label": label, title: label })}
      >
        {children ?? <Icon name="dots" />}
      </button>
      {api.open && (
        <Portal>
          <MenuContent api={api} items={items} />
        </Portal>
      )}
    </>
  );
}

/** The items of an open menu. */
export function MenuContent({ api, items }: { api: machine.Api; items: readonly MenuEntry[] }) {
  return (
    <div {...api.getPositionerProps()} class="menu-place">
      <div {...api.getContentProps()} class="menu">
        {items.map((item, index) =>
          item === "line" ? (
            <hr key={`line-${index}`} />
          ) : (
            <div
              key={item.id}
              {...api.getItemProps({ value: item.id, disabled: item.disabled ?? false, valueText: item.label })}
              class={item.danger ? "menu-item danger" : "menu-item"}
            >
              {item.before ?? (item.icon && <Icon name={item.icon} />)}
              <span class="grow">{item.label}</span>
              {item.note && <span class="quiet-text">{item.note}</span>}
            </div>
          ),
        )}
      </div>
    </div>
  );
}
