/** CodeMirror's part for encoded queries: colours by what a term is made of, and completion from the schema. Loaded with the query editor. */
import {
  autocompletion,
  closeCompletion,
  completionKeymap,
  completionStatus,
  insertCompletionText,
  startCompletion,
} from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap, tooltips, ViewPlugin } from "@codemirror/view";
import { Tag } from "@lezer/highlight";
import { completeQuery } from "../schema/complete-query";
import type { Known } from "../schema/known";
import { TOKENS } from "../schema/operators";

const TAGS = { join: Tag.define(), field: Tag.define(), operator: Tag.define(), operand: Tag.define() };

/** What comes next in a term. */
interface Place {
  next: "join" | "field" | "operator" | "operand";
}

/** Coloured as the terms stand in the text. Whether they mean something is what the package says below it. */
const encodedQuery = StreamLanguage.define<Place>({
  startState: () => ({ next: "join" }),
  tokenTable: TAGS,
  token: (stream, place) => {
    if (stream.match(/^\^(?:OR(?!DERBY)|NQ|EQ$)?/)) {
      place.next = "join";
      return "join";
    }
    if (place.next === "join" && stream.match(/^(?:ORDERBYDESC|ORDERBY|GROUPBY)/)) {
      place.next = "field";
      return "join";
    }
    if (place.next === "join" || place.next === "field") {
      place.next = "operator";
      if (stream.match(/^[a-z0-9_.]+/)) return "field";
    }
    if (place.next === "operator") {
      place.next = "operand";
      if (TOKENS.some((token) => stream.match(token))) return "operator";
    }
    if (!stream.match(/^[^^]+/)) stream.next();
    return "operand";
  },
});

const colours = HighlightStyle.define([
  { tag: TAGS.join, color: "var(--syn-join)", fontWeight: "700" },
  { tag: TAGS.field, color: "var(--syn-key)" },
  { tag: TAGS.operator, color: "var(--syn-atom)" },
  { tag: TAGS.operand, color: "var(--syn-string)" },
]);

const theme = EditorView.theme({
  ".cm-tooltip": {
    border: "1px solid var(--line-control)",
    borderRadius: "var(--r-5)",
    background: "var(--surface-over)",
    color: "var(--text)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--s-2) var(--s-8)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--selected)", color: "var(--text)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", color: "var(--text-3)" },
});

export function queryLine(table: string, known: () => Known): Extension {
  return [
    encodedQuery,
    syntaxHighlighting(colours),
    theme,
    EditorView.lineWrapping,
    autocompletion({
      icons: false,
      override: [
        ({ state, pos }) => {
          const found = completeQuery(state.doc.toString(), pos, table, known());
          if (!found || found.options.length === 0) return null;
          return {
            from: found.from,
            to: found.to,
            filter: false,
            options: found.options.map(({ value, shown, note, continues }) => ({
              label: shown ?? value,
              detail: note,
              apply: (view: EditorView, _: unknown, from: number, to: number) => {
                view.dispatch(insertCompletionText(view.state, value, from, to));
                if (continues) startCompletion(view);
              },
            })),
          };
        },
      ],
    }),
    // A line has no breaks: Enter takes an option, and nothing else.
    Prec.high(keymap.of([...completionKeymap, { key: "Enter", run: () => true }])),
    escapeClosesTheList,
    leavingClosesTheList,
    listsInTopLayer(),
  ];
}

/** Also a list that is still being made when the focus leaves: CodeMirror closes those alone that are shown. */
const leavingClosesTheList = EditorView.domEventHandlers({
  blur: (_event, view) => void setTimeout(() => !view.hasFocus && closeCompletion(view)),
});

/** The dialog listens for Escape at the document, before the editor does. */
const escapeClosesTheList = ViewPlugin.define((view) => {
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !view.hasFocus || completionStatus(view.state) !== "active") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    closeCompletion(view);
  };
  addEventListener("keydown", press, true);
  return { destroy: () => removeEventListener("keydown", press, true) };
});

/** The dialog scrolls and would cut the list. Styles of the editor hold in its shadow root only, so the layer is in it. */
function listsInTopLayer(): Extension {
  const layer = document.createElement("div");
  layer.popover = "manual";
  for (const [name, value] of LAYER) layer.style.setProperty(name, value);
  const shown = ViewPlugin.define((view) => {
    (view.root as ShadowRoot).append(layer);
    layer.showPopover();
    return { destroy: () => layer.remove() };
  });
  return [tooltips({ parent: layer, position: "fixed" }), shown];
}

const LAYER = [
  ["inset", "0 auto auto 0"],
  ["margin", "0"],
  ["padding", "0"],
  ["border", "0"],
  ["overflow", "visible"],
  ["background", "none"],
] as const;
