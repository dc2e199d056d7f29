/** What a text field proposes to type. */
import { plural } from "../number";

export interface Suggestion {
  /** What is written into the text. */
  value: string;
  /** What the list shows in its first column; `value` where it is missing. */
  shown?: string;
  /** The label of a table, field or choice, or what an operator says. */
  note: string;
  /** Accepting it offers what may follow. */
  continues?: boolean;
}

export interface Completion {
  /** The characters from `from` to `to` are replaced. */
  from: number;
  to: number;
  options: readonly Suggestion[];
  /** How many there are, and what is missing, or why there are none. */
  footer: string;
}

/** What a screen reader says of a list: how many proposals it has, which most footers begin with, and the footer. */
export function spoken({ options, footer }: Completion): string {
  return options.length === 0 || /^\d/.test(footer) ? footer : `${plural(options.length, "proposal")}. ${footer}`;
}
