/** A failure in a few lines: what happened, why, and what to do. */
import { SysparmError } from "sysparm";

/** The text of an error. Only what this package has redacted is quoted. */
export function explained(thrown: unknown): string {
  if (!(thrown instanceof SysparmError)) return thrown instanceof Error ? thrown.message : String(thrown);
  const { message, code, diagnosis } = thrown;
  const [cause, ...others] = diagnosis.causes;
  // The message ends with the first step.
  const fixes = (cause?.fix ?? []).filter((step) => !message.includes(step)).map((step) => `\n  * ${step}`);
  const likeliest = cause ? `\nThe likeliest cause: ${cause.title}.${fixes.join("")}` : "";
  const further = others.map(({ title }) => `\n  * ${title}`);
  return `${message} (${code})${likeliest}${further.length > 0 ? `\nOther causes:${further.join("")}` : ""}`;
}
