/**
 * CodeMirror with the colours of the tokens. Loaded on demand by `CodeEditor`.
 *
 * It stands in a shadow root: there it puts its styles into adopted style sheets, which the policy allows, and not into <style> elements.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export type Language = "json" | "text";

export interface EditorOptions {
  host: HTMLElement;
  label: string;
  text: string;
  language: Language;
  readOnly: boolean;
  /** One line, without numbers. Line breaks of a pasted text become spaces. */
  singleLine?: boolean;
  /** Called with the whole text after each change by the person. */
  onChange: (text: string) => void;
  /** Further extensions, such as the completion of variables. */
  extensions?: Extension;
}

export interface Editor {
  view: EditorView;
  /** Replaces the text, unless it is the same. Does not call `onChange`. */
  setText: (text: string) => void;
  setLanguage: (language: Language) => void;
  setReadOnly: (readOnly: boolean) => void;
  destroy: () => void;
}

export function openEditor({
  host,
  label,
  text,
  language,
  readOnly,
  singleLine = false,
  onChange,
  extensions = [],
}: EditorOptions): Editor {
  // A host that was used before keeps its root.
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const languages = new Compartment();
  const writing = new Compartment();
  let fromOutside = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        singleLine ? oneLine : [lineNumbers(), foldGutter()],
        history(),
        drawSelection(),
        bracketMatching(),
        search({ top: true }),
        highlightSelectionMatches(),
        indentUnit.of("  "),
        // Without Tab, which leaves the editor (WCAG 2.2, 2.1.2). Ctrl+] indents.
        keymap.of([
          ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
          ...historyKeymap,
          ...searchKeymap,
          ...foldKeymap,
        ]),
        languages.of(languageOf(language)),
        writing.of(EditorState.readOnly.of(readOnly)),
        syntaxHighlighting(highlight),
        theme,
        replaceByEditor,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !fromOutside) onChange(update.state.doc.toString());
        }),
        extensions,
      ],
    }),
  });
  return {
    view,
    setText: (next) => {
      if (next === view.state.doc.toString()) return;
      fromOutside = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      fromOutside = false;
    },
    setLanguage: (next) => view.dispatch({ effects: languages.reconfigure(languageOf(next)) }),
    setReadOnly: (next) => view.dispatch({ effects: writing.reconfigure(EditorState.readOnly.of(next)) }),
    destroy: () => view.destroy(),
  };
}

function languageOf(language: Language): Extension {
  return language === "json" ? json() : [];
}

const oneLine = EditorState.transactionFilter.of((transaction) =>
  transaction.newDoc.lines === 1
    ? transaction
    : [
        transaction,
        {
          changes: {
            from: 0,
            to: transaction.newDoc.length,
            insert: transaction.newDoc.toString().replace(/\n/g, " "),
          },
          sequential: true,
        },
      ],
);

/**
 * Chromium replaces a selection by a command of its own, which sets style attributes to keep the looks of what was there, also where only plain
 * text can be edited. The policy refuses those and reports each. So a selection is always replaced or removed by the editor.
 */
const replaceByEditor = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    // Chromium cannot be kept from a step of a composition.
    if (view.composing || !event.cancelable) return false;
    const text = view.state.readOnly ? null : replacement(event as InputEvent);
    if (text !== null) takeShownSelection(view);
    if (text === null || !hasSelection(view)) return view.state.readOnly;
    view.dispatch(view.state.replaceSelection(text), {
      userEvent: text === "" ? "delete" : "input.type",
      scrollIntoView: true,
    });
    return true;
  },
  compositionstart: (_event, view) => {
    takeShownSelection(view);
    if (hasSelection(view) && !view.state.readOnly)
      view.dispatch(view.state.replaceSelection(""), { userEvent: "input.type" });
    return false;
  },
});

/** What an event puts in place of the selection. Null: it does something else. */
function replacement({ inputType, data, dataTransfer }: InputEvent): string | null {
  if (inputType.startsWith("delete")) return "";
  if (inputType !== "insertText" && inputType !== "insertReplacementText") return null;
  return data ?? dataTransfer?.getData("text/plain") ?? null;
}

function hasSelection(view: EditorView): boolean {
  return view.state.selection.ranges.some((range) => !range.empty);
}

/**
 * A selection made just now is not in the state: the browser tells of it later. Chromium gives the one in a shadow root by that root; the event
 * has no ranges there.
 */
function takeShownSelection(view: EditorView): void {
  const shown = (view.root as Document).getSelection?.();
  const { anchorNode, focusNode } = shown ?? {};
  if (!shown || shown.isCollapsed || !anchorNode || !focusNode || view.state.selection.ranges.length > 1) return;
  if (!view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return;
  const anchor = view.posAtDOM(anchorNode, shown.anchorOffset);
  const head = view.posAtDOM(focusNode, shown.focusOffset);
  view.dispatch({ selection: { anchor, head } });
}

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--syn-key)" },
  { tag: tags.string, color: "var(--syn-string)" },
  { tag: tags.number, color: "var(--syn-number)" },
  { tag: [tags.bool, tags.null], color: "var(--syn-atom)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--syn-punct)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", fontSize: "var(--fs-12)" },
  "&.cm-focused": { outline: "var(--ring-width) solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "var(--lh-code)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { background: "transparent", border: "none", color: "var(--syn-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--active)",
  },
  ".cm-selectionMatch": { background: "var(--selected)" },
  ".cm-matchingBracket": { background: "var(--selected)", outline: "1px solid var(--line-control)" },
  ".cm-panels": { background: "var(--surface-sunk)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { background: "var(--surface)", border: "1px solid var(--line-control)", color: "var(--text)" },
  ".cm-button": { background: "var(--surface)", border: "1px solid var(--line-button)", color: "var(--text)" },
  ".cm-searchMatch": { background: "var(--warn-tint)", outline: "1px solid var(--warn-mark)" },
  ".cm-foldPlaceholder": { background: "var(--active)", border: "none", color: "var(--text-2)" },
});
