/** Tabs over one panel, on Zag's machine. Only the chosen panel exists. */
import { normalizeProps, useMachine } from "@zag-js/preact";
import * as tabs from "@zag-js/tabs";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Panel {
  id: string;
  label: string;
  /** A count or a word after the label. */
  extra?: string;
  content: () => ComponentChildren;
}

export function Panels({
  label,
  panels,
  chosen,
  onChoose,
  children,
}: {
  label: string;
  panels: readonly Panel[];
  chosen: string;
  onChoose: (id: string) => void;
  /** At the end of the bar. */
  children?: ComponentChildren;
}) {
  const value = panels.some(({ id }) => id === chosen) ? chosen : (panels[0]?.id ?? "");
  const service = useMachine(tabs.machine, {
    id: useId(),
    value,
    translations: { listLabel: label },
    onValueChange: (change: { value: string }) => onChoose(change.value),
  });
  const api = tabs.connect(service, normalizeProps);
  const panel = panels.find(({ id }) => id === value);
  return (
    <div {...api.getRootProps()} class="panels">
      <div class="tab-bar">
        <div {...api.getListProps()} class="tab-list">
          {panels.map((one) => (
            <button type="button" key={one.id} {...api.getTriggerProps({ value: one.id })} class="tab">
              {one.label} {one.extra !== undefined && <span class="count">{one.extra}</span>}
            </button>
          ))}
        </div>
        {children}
      </div>
      {panel && (
        <div key={panel.id} {...api.getContentProps({ value: panel.id })} class={`panels-content of-${panel.id}`}>
          {panel.content()}
        </div>
      )}
    </div>
  );
}
