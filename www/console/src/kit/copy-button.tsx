/** Copies a text, and says whether that worked. */
import { useSignal } from "@preact/signals";
import { Button } from "./button";

interface CopyButtonProps {
  /** A function is called at a press, for a text that takes time to write. */
  text: string | (() => string);
  label: string;
  /** Shows "Copy" alone; the label is the button's name. */
  short?: boolean;
}

export function CopyButton({ text, label, short = false }: CopyButtonProps) {
  const said = useSignal("");

  async function copy(): Promise<void> {
    said.value = "";
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      said.value = COPIED;
    } catch {
      said.value = "The browser did not allow copying. Allow the clipboard for this page, then press again.";
    }
    setTimeout(() => {
      // A failure stays to be read.
      if (said.value === COPIED) said.value = "";
    }, SHOWN_MS);
  }

  return (
    <>
      <Button small={short} icon="copy" aria-label={label} onClick={() => void copy()}>
        {short ? "Copy" : label}
      </Button>{" "}
      <span role="status" class="hint">
        {said.value}
      </span>
    </>
  );
}

const COPIED = "Copied";
const SHOWN_MS = 1_500;
