/** The views at the side: one stop for the Tab key, arrow keys move. Under 720 px it is a drawer over the page. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useDrawer } from "../kit/drawer";
import { Icon } from "../kit/icon";
import { address, addressOf } from "./address";
import { views } from "./views";

export function Navigation({ open, close }: { open: boolean; close: () => void }) {
  const nav = useRef<HTMLElement>(null);
  const current = address.value.view;
  /** The one link in the order of the Tab key. */
  const stop = useSignal(current);

  useEffect(() => {
    stop.value = current;
  }, [current, stop]);

  useDrawer(nav, open, close, "(max-width: 719px)");

  function press(event: KeyboardEvent): void {
    const at = views.findIndex(({ id }) => id === stop.value);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: views.length - 1 }[event.key];
    const next = to === undefined ? undefined : views[(to + views.length) % views.length];
    if (!next) return;
    event.preventDefault();
    stop.value = next.id;
    nav.current?.querySelector<HTMLElement>(`#nav-${next.id}`)?.focus();
  }

  return (
    <>
      {open && <div class="scrim" onClick={close} aria-hidden="true" />}
      <nav ref={nav} class={open ? "navigation open" : "navigation"} aria-label="Views" onKeyDown={press}>
        {GROUPS.map((group) => (
          <div key={group} class="navigation-group">
            <h2>{group}</h2>
            {views
              .filter((view) => view.group === group)
              .map(({ id, label, icon }) => (
                <a
                  key={id}
                  id={`nav-${id}`}
                  href={addressOf(id)}
                  aria-current={current === id ? "page" : undefined}
                  tabIndex={stop.value === id ? 0 : -1}
                  title={label}
                  onClick={close}
                >
                  <Icon name={icon} />
                  <span>{label}</span>
                </a>
              ))}
          </div>
        ))}
      </nav>
    </>
  );
}

const GROUPS = ["Work", "Check"] as const;
