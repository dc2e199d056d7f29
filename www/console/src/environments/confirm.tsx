/** Asks before something that cannot be undone. The safe button is the first and has the focus. */
import type { ComponentChildren } from "preact";
import { Modal } from "./modal";

interface ConfirmProps {
  /** The name of the dialog. */
  label: string;
  question: string;
  /** What is lost, and what is not. */
  children: ComponentChildren;
  /** The button that does it. */
  yes: string;
  answer: (yes: boolean) => void;
}

export function Confirm({ label, question, children, yes, answer }: ConfirmProps) {
  return (
    <Modal label={label} onCancel={() => answer(false)}>
      <h2>{question}</h2>
      <p>{children}</p>
      <div class="actions">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => answer(true)}>
          {yes}
        </button>
      </div>
    </Modal>
  );
}
