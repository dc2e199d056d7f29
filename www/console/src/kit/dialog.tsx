/** A dialog for a decision (WAI-ARIA APG, "Dialog (Modal) pattern"). Escape cancels. The focus returns to where it was. */
import * as machine from "@zag-js/dialog";
import { normalizeProps, useMachine } from "@zag-js/preact";
import type { ComponentChildren, RefObject } from "preact";
import { useId } from "preact/hooks";
import { Portal } from "./portal";

interface DialogProps {
  open: boolean;
  /** Called by Escape, by a press outside and the buttons that close the dialog. */
  close: () => void;
  /** The question. */
  title: string;
  children?: ComponentChildren;
  /** The buttons. The safe one first. */
  footer?: ComponentChildren;
  /** What gets the focus: the safe button or the field. The first control otherwise. */
  focus?: RefObject<HTMLElement | null>;
  /** `prod` marks a write on production; `wide` is for forms, `large` for editors. */
  kind?: "plain" | "prod" | "wide" | "large";
  /** Shows no title bar; the title is read only. For the palette. */
  bare?: boolean;
}

export function Dialog({ open, close, title, children, footer, focus, kind = "plain", bare = false }: DialogProps) {
  const service = useMachine(machine.machine, {
    id: useId(),
    open,
    onOpenChange: (details) => {
      if (!details.open) close();
    },
    // The page never scrolls.
    preventScroll: false,
    ...(focus ? { initialFocusEl: () => focus.current } : {}),
  });
  const api = machine.connect(service, normalizeProps);
  if (!api.open) return null;
  return (
    <Portal>
      <div {...api.getBackdropProps()} class="scrim" />
      <div {...api.getPositionerProps()} class="dialog-place">
        <div {...api.getContentProps()} class={`dialog ${kind}`}>
          <h2 {...api.getTitleProps()} class={bare ? "visually-hidden" : "dialog-title"}>
            {title}
          </h2>
          {bare ? children : <div class="dialog-body">{children}</div>}
          {/* No landmark: the page below has its own, which may still be seen while the dialog opens. */}
          {footer && <footer role="presentation">{footer}</footer>}
        </div>
      </div>
    </Portal>
  );
}
