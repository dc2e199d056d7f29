/** Tabs of a pane (WAI-ARIA APG, "Tabs pattern"). Arrow keys move. Hidden content stays, so that it keeps its state. */
import type { Signal } from "@preact/signals";
import { normalizeProps, useMachine } from "@zag-js/preact";
import * as machine from "@zag-js/tabs";
import type { ComponentChildren } from "preact";

export interface TabEntry {
  id: string;
  label: string;
  /** Shown after the label. */
  count?: number;
  content: ComponentChildren;
}

interface TabsProps {
  id: string;
  /** Read to assistive technology. */
  label: string;
  tabs: readonly TabEntry[];
  /** The id of the shown tab. */
  value: Signal<string>;
  /** Stands after the tabs in the same bar. */
  after?: ComponentChildren;
}

export function Tabs({ id, label, tabs, value, after }: TabsProps) {
  const service = useMachine(machine.machine, {
    id,
    value: value.value,
    translations: { listLabel: label },
    onValueChange: (details) => {
      value.value = details.value;
    },
  });
  const api = machine.connect(service, normalizeProps);
  return (
    <div {...api.getRootProps()} class="tabs">
      <div class="tab-bar">
        <div {...api.getListProps()} class="tab-list">
          {tabs.map((tab) => (
            <button key={tab.id} {...api.getTriggerProps({ value: tab.id })} class="tab">
              {tab.label}
              {tab.count !== undefined && <span class="count">{tab.count}</span>}
            </button>
          ))}
        </div>
        {after}
      </div>
      {tabs.map((tab) => (
        <div key={tab.id} {...api.getContentProps({ value: tab.id })} class="tab-content">
          {tab.content}
        </div>
      ))}
    </div>
  );
}
