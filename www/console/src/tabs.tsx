/**
 * Panes with tabs (WAI-ARIA APG, "Tabs pattern"). A hidden pane keeps its state, except a pane with secret fields: hiding removes it, and
 * with it the typed secrets.
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export interface Tab {
  id: string;
  label: string;
  content: ComponentChildren;
  /** True for a pane with secret fields, which exists only while it is shown. */
  holdsSecrets?: boolean;
}

export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const shown = useSignal(tabs[0]?.id ?? "");
  const list = useRef<HTMLDivElement>(null);

  function press(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.id === shown.value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    shown.value = next.id;
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  }

  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={press}>
        {tabs.map(({ id, label: name }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={shown.value === id}
            aria-controls={`pane-${id}`}
            tabIndex={shown.value === id ? 0 : -1}
            onClick={() => {
              shown.value = id;
            }}
          >
            {name}
          </button>
        ))}
      </div>
      {tabs.map(({ id, content, holdsSecrets }) => (
        <div
          key={id}
          class="pane"
          role="tabpanel"
          id={`pane-${id}`}
          aria-labelledby={`tab-${id}`}
          tabIndex={-1}
          hidden={shown.value !== id}
        >
          {(!holdsSecrets || shown.value === id) && content}
        </div>
      ))}
    </div>
  );
}
