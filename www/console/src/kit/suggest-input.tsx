/**
 * A text field that proposes what to type (WAI-ARIA APG, "Editable Combobox With List Autocomplete").
 *
 * Not Zag's combobox: that one replaces the whole text by an option, and here a part of the text at the cursor is replaced. No option is
 * chosen until the person moves to one, so Enter and Tab keep their meaning. The list lies in the top layer: nothing moves, and it is drawn
 * inside dialogs too.
 */
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Completion, type Suggestion, spoken } from "./suggestion";

interface SuggestInputProps {
  value: string;
  onValue: (text: string) => void;
  /** What may stand at the cursor. Null: nothing is proposed there. */
  complete: (text: string, caret: number) => Completion | null;
  label: string;
  class?: string;
  invalid?: boolean;
  placeholder?: string;
}

export function SuggestInput({ value, onValue, complete, label, invalid = false, ...rest }: SuggestInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  /** Where the cursor is; null while the list is closed. */
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  /** Where the cursor goes when the accepted text has been drawn. */
  const after = useRef<number | null>(null);
  const completion = caret === null ? null : complete(value, caret);
  const options = completion?.options ?? [];
  const active = chosen < options.length ? chosen : -1;

  useLayoutEffect(() => {
    if (after.current === null) return;
    input.current?.setSelectionRange(after.current, after.current);
    after.current = null;
  });

  function open(at: number | null): void {
    setCaret(at);
    setChosen(-1);
  }

  function accept(option: Suggestion | undefined): void {
    if (!completion || !option) return;
    const text = value.slice(0, completion.from) + option.value + value.slice(completion.to);
    const at = completion.from + option.value.length;
    after.current = at;
    onValue(text);
    open(option.continues ? at : null);
  }

  function press(event: KeyboardEvent): void {
    // The keys are those of the input method.
    if (event.isComposing) return;
    const opens = (event.key === "ArrowDown" && options.length === 0) || (event.ctrlKey && event.key === " ");
    if (opens) {
      event.preventDefault();
      open(input.current?.selectionStart ?? value.length);
      return;
    }
    if (!completion) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      // From -1, the text itself, round to it again.
      const places = options.length + 1;
      setChosen(((active + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      accept(options[active]);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End", "Enter"].includes(event.key)) open(null);
  }

  // Preact's types allow the role only with a list of the browser's own.
  const combobox: object = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": options.length > 0,
    ...(options.length > 0 ? { "aria-controls": `${id}-list` } : {}),
    ...(active >= 0 ? { "aria-activedescendant": `${id}-${active}` } : {}),
  };
  return (
    <>
      <input
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        {...rest}
        {...combobox}
        ref={input}
        aria-label={label}
        aria-invalid={invalid}
        aria-describedby={completion ? `${id}-footer` : undefined}
        value={value}
        onInput={(event) => {
          onValue(event.currentTarget.value);
          open(event.currentTarget.selectionStart);
        }}
        onKeyDown={press}
        onClick={() => caret !== null && open(null)}
        onBlur={() => open(null)}
      />
      <Status text={completion ? spoken(completion) : ""} />
      {completion && (
        <List id={id} input={input} completion={completion} active={active} accept={accept} close={() => open(null)} />
      )}
    </>
  );
}

/** For a screen reader, which reads neither the list nor its footer. Not at each letter. */
function Status({ text }: { text: string }) {
  const [said, say] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => say(text), text === "" ? 0 : QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <span class="visually-hidden" role="status">
      {said}
    </span>
  );
}

const QUIET_MS = 600;

function List({
  id,
  input,
  completion,
  active,
  accept,
  close,
}: {
  id: string;
  input: { current: HTMLInputElement | null };
  completion: Completion;
  active: number;
  accept: (option: Suggestion) => void;
  close: () => void;
}) {
  const popup = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const list = popup.current;
    if (!list || !input.current) return;
    if (!list.matches(":popover-open")) list.showPopover();
    place(list, input.current.getBoundingClientRect());
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  // Not an effect after the paint: Preact ends those of a removed list later, and an Escape until then would be lost.
  useLayoutEffect(() => {
    const closeOnMove = (event: Event) => {
      // A text longer than its field scrolls in it while it is typed, which moves nothing.
      if (event.type === "scroll" && event.target === input.current) return;
      if (event.type === "resize" || !popup.current?.contains(event.target as Node)) close();
    };
    // Before the dialog around the field, which listens at the document.
    const closeFirst = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    };
    addEventListener("keydown", closeFirst, true);
    addEventListener("resize", closeOnMove);
    addEventListener("scroll", closeOnMove, true);
    return () => {
      removeEventListener("keydown", closeFirst, true);
      removeEventListener("resize", closeOnMove);
      removeEventListener("scroll", closeOnMove, true);
    };
  });

  return (
    <div class="suggestions" popover="manual" ref={popup} onPointerDown={(event) => event.preventDefault()}>
      {completion.options.length > 0 && (
        <div role="listbox" id={`${id}-list`} aria-label="Proposals">
          {completion.options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and handles the keys
            <div
              key={`${index} ${option.value}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              class="suggestion"
              onClick={() => accept(option)}
            >
              <span class="mono">{option.shown ?? option.value}</span>
              <span class="suggestion-note" dir="auto">
                {option.note}
              </span>
            </div>
          ))}
        </div>
      )}
      <p id={`${id}-footer`} class="suggestions-foot">
        {completion.footer}
      </p>
    </div>
  );
}

const GAP = 2;
const MARGIN = 8;
const LEAST_WIDTH = 320;
const MOST_WIDTH = 560;

/** Below the field, or above it where more of it fits. */
function place(list: HTMLElement, field: DOMRect): void {
  const below = innerHeight - field.bottom - GAP - MARGIN;
  const above = field.top - GAP - MARGIN;
  const wanted = Math.min(list.scrollHeight, innerHeight / 2);
  const goesUp = below < wanted && above > below;
  const width = Math.min(Math.max(field.width, LEAST_WIDTH), MOST_WIDTH, innerWidth - 2 * MARGIN);
  list.style.setProperty("width", `${width}px`);
  list.style.setProperty("left", `${Math.max(MARGIN, Math.min(field.left, innerWidth - width - MARGIN))}px`);
  list.style.setProperty("max-height", `${Math.min(innerHeight / 2, goesUp ? above : below)}px`);
  list.style.setProperty("top", goesUp ? "auto" : `${field.bottom + GAP}px`);
  list.style.setProperty("bottom", goesUp ? `${innerHeight - field.top + GAP}px` : "auto");
}
