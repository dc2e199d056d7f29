/** CodeMirror's part for marks in the line of a query: the places that findings name. */

import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { ReadonlySignal } from "@preact/signals";
import { effect } from "@preact/signals";

export interface Marks {
  /** The text that the places are of. While the line holds another one, nothing is marked. */
  text: string;
  places: readonly { start: number; end: number; severity: "error" | "warning" }[];
}

const setMarks = StateEffect.define<DecorationSet>();

const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (now, transaction) => {
    const [given] = transaction.effects.flatMap((one) => (one.is(setMarks) ? one.value : []));
    return given ?? now.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  ".cm-finding": {
    borderRadius: "var(--r-3)",
    textDecoration: "underline wavy 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-finding.warning": { background: "var(--warn-tint)", textDecorationColor: "var(--warn-mark)" },
  ".cm-finding.error": { background: "var(--error-tint)", textDecorationColor: "var(--error-mark)" },
});

export function markedText(marks: ReadonlySignal<Marks>): Extension {
  const plugin = ViewPlugin.define((view) => {
    let gone = false;
    // An update of the editor must not begin inside another one.
    const later = () =>
      queueMicrotask(() => !gone && view.dispatch({ effects: setMarks.of(decorated(view, marks.peek())) }));
    const stop = effect(() => {
      void marks.value;
      later();
    });
    return {
      update: (update: ViewUpdate) => update.docChanged && later(),
      destroy: () => {
        gone = true;
        stop();
      },
    };
  });
  return [shown, theme, plugin];
}

function decorated(view: EditorView, { text, places }: Marks): DecorationSet {
  if (view.state.doc.toString() !== text) return Decoration.none;
  const found = places.filter(({ start, end }) => start < end && end <= text.length);
  const marks = found.map(({ start, end, severity }) =>
    Decoration.mark({ class: `cm-finding ${severity}` }).range(start, end),
  );
  return Decoration.set(marks, true);
}

/** `take` is given what is pasted, and says whether it took it. */
export function pasteInto(take: (text: string) => boolean): Extension {
  return EditorView.domEventHandlers({
    paste: (event) => {
      const taken = take(event.clipboardData?.getData("text/plain") ?? "");
      if (taken) event.preventDefault();
      return taken;
    },
  });
}
