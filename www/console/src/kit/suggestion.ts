/** What a text field proposes to type. */

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
