/** The region of the toasts: bottom right, at most 3. Hover and focus stop the time (WCAG 2.2, 2.2.1). */
import { normalizeProps, useMachine } from "@zag-js/preact";
import * as machine from "@zag-js/toast";
import { render } from "preact";
import { useEffect, useId } from "preact/hooks";
import { IconButton } from "./button";
import { Icon, type IconName } from "./icon";
import type { Tone } from "./notice";
import type { ToastOptions } from "./toast";

const store = machine.createStore({ placement: "bottom-end", max: 3, overlap: false, gap: 8, removeDelay: 0 });

export async function show({ id, title, description = "", tone = "info", action }: ToastOptions): Promise<void> {
  await mounted();
  const stays = tone === "error" || tone === "busy";
  const options = {
    title,
    description,
    type: TYPES[tone],
    duration: stays ? Number.POSITIVE_INFINITY : action ? WITH_ACTION_MS : PLAIN_MS,
    ...(action ? { action } : {}),
  };
  if (id && store.isVisible(id)) store.update(id, options);
  else store.create(id ? { ...options, id } : options);
}

export function dismiss(id: string): void {
  store.dismiss(id);
}

let ready: Promise<void> | undefined;

/** Draws the region outside of the frame, so that a toast needs no place in any view. Resolves when the region listens to the store. */
function mounted(): Promise<void> {
  ready ??= new Promise((resolve) => {
    const place = document.createElement("div");
    document.body.append(place);
    render(<Region listening={resolve} />, place);
  });
  return ready;
}

function Region({ listening }: { listening: () => void }) {
  const service = useMachine(machine.group.machine, { id: useId(), store });
  const api = machine.group.connect(service, normalizeProps);
  // Runs after the effects of the machine above.
  useEffect(listening, [listening]);
  return (
    <div {...api.getGroupProps({ label: "Results" })} class="toasts">
      {api.getToasts().map((toast, index) => (
        <Toast key={toast.id} toast={toast} index={index} parent={service} />
      ))}
    </div>
  );
}

interface ToastProps {
  toast: Omit<machine.Props, "parent" | "index">;
  index: number;
  parent: machine.GroupService;
}

function Toast({ toast, index, parent }: ToastProps) {
  // The group gives each toast what its own type demands.
  const props: object = { ...toast, index, parent };
  const service = useMachine(machine.machine, props);
  const api = machine.connect(service, normalizeProps);
  const { action } = toast;
  return (
    <div {...api.getRootProps()} class={`toast ${toneOf(api.type)}`}>
      {api.type === TYPES.busy ? <span class="ring" /> : <Icon name={ICONS[toneOf(api.type)]} />}
      <div class="grow">
        <p {...api.getTitleProps()}>{api.title}</p>
        {api.description && (
          <p {...api.getDescriptionProps()} class="quiet-text">
            {api.description}
          </p>
        )}
        {action && (
          <button {...api.getActionTriggerProps()} class="link small">
            {action.label}
          </button>
        )}
      </div>
      <IconButton label="Close" icon="close" small onClick={() => api.dismiss()} />
    </div>
  );
}

/** The names of Zag, by which it orders the toasts that wait. */
const TYPES = { info: "info", ok: "success", warn: "warning", error: "error", busy: "loading" } as const;

function toneOf(type: string): Tone {
  return (["ok", "warn", "error"] as const).find((tone) => TYPES[tone] === type) ?? "info";
}

const ICONS: Record<Tone, IconName> = { info: "info", ok: "check", warn: "warn", error: "close" };
const PLAIN_MS = 6_000;
const WITH_ACTION_MS = 10_000;
