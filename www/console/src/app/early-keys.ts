/** What is typed between Ctrl K and the moment when the palette has been loaded. */

type Typed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">;

/** The text after a press. Null: the press is not of a text. */
export function typedText(text: string, { key, ctrlKey, metaKey, altKey, isComposing }: Typed): string | null {
  if (ctrlKey || metaKey || altKey || isComposing) return null;
  if (key === "Backspace") return [...text].slice(0, -1).join("");
  if ([...key].length !== 1) return null;
  return text.length < MOST_CHARACTERS ? text + key : text;
}

let early = "";

/** Collects until the returned function is called. Text and Enter do not reach what is behind the palette. Escape calls `close`. */
export function collectEarlyKeys(close: () => void): () => void {
  early = "";
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      early = "";
      close();
      return;
    }
    const text = typedText(early, event);
    if (text === null && event.key !== "Enter") return;
    if (text !== null) early = text;
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("keydown", press, { capture: true });
  return () => removeEventListener("keydown", press, { capture: true });
}

/** The collected text, once. */
export function takeEarlyText(): string {
  const text = early;
  early = "";
  return text;
}

const MOST_CHARACTERS = 200;
