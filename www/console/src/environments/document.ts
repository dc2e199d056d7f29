/** Marks the document with the kind of the environment in use: the style sheet colours the line along the top by it. */
import { effect } from "@preact/signals";
import type { Environments } from "./environments";

export function markDocument(environments: Environments): void {
  effect(() => {
    document.documentElement.setAttribute("data-env", environments.current.value?.kind ?? "practice");
  });
}
