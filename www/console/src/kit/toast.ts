/** Reports the result of something that was started elsewhere. Never the only place of a fact. The region is loaded with the first toast. */
import type { Tone } from "./notice";

export interface ToastOptions {
  /** Given twice, it changes the toast that is shown: for a job that runs, then ends. */
  id?: string;
  title: string;
  description?: string;
  /** `busy` is a running job. It stays, as errors do; the others leave after 6 s, and after 10 s with an action. */
  tone?: Tone | "busy";
  action?: { label: string; onClick: () => void };
}

export async function showToast(options: ToastOptions): Promise<void> {
  const { show } = await import("./toasts");
  await show(options);
}

export async function dismissToast(id: string): Promise<void> {
  const { dismiss } = await import("./toasts");
  dismiss(id);
}
