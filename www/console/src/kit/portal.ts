/** Draws above the page. Zag's own portal cannot be used: its build expects React as a global. */
import type { ComponentChildren, VNode } from "preact";
import { createPortal } from "preact/compat";

export function Portal({ children }: { children: ComponentChildren }): VNode {
  return createPortal(children, document.body);
}
