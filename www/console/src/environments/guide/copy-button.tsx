/** Copies a text, and says for a moment whether that worked. */
import { useSignal } from "@preact/signals";

export function CopyButton({ text, label, short = false }: { text: string; label: string; short?: boolean }) {
  const said = useSignal("");

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      said.value = "Copied";
    } catch {
      said.value = "The browser did not allow copying";
    }
    setTimeout(() => {
      said.value = "";
    }, SHOWN_MS);
  }

  return (
    <>
      <button type="button" class={short ? "small" : ""} aria-label={label} onClick={() => void copy()}>
        {short ? "Copy" : label}
      </button>{" "}
      <span role="status" class="hint">
        {said.value}
      </span>
    </>
  );
}

const SHOWN_MS = 1_500;
