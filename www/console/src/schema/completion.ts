/** Finds options by what is typed. */
import type { Completion, Suggestion } from "../kit/suggestion";

/** More are not drawn: the person types on. */
const MOST_OPTIONS = 60;

/** Labels are the instance's own and may be of any length. */
const LONGEST_NOTE = 160;

/** Those that begin with the text, then those that contain it, then those whose note does. */
export function ranked(typed: string, options: readonly Suggestion[]): Suggestion[] {
  const text = typed.toLowerCase();
  if (text === "") return [...options];
  const [first, second, third]: Suggestion[][] = [[], [], []];
  for (const option of options) {
    const name = (option.shown ?? option.value).toLowerCase();
    if (name.startsWith(text)) first?.push(option);
    else if (name.includes(text)) second?.push(option);
    else if (option.note.toLowerCase().includes(text)) third?.push(option);
  }
  return [...(first ?? []), ...(second ?? []), ...(third ?? [])];
}

/** The found options with a footer such as "12 fields of incident". Null where nothing fits and nothing is to be said. */
export function completed(
  from: number,
  to: number,
  typed: string,
  all: readonly Suggestion[],
  what: string,
  note = "",
): Completion | null {
  const found = ranked(typed, all);
  if (found.length === 0 && note === "") return null;
  const counted = found.length === all.length ? `${all.length} ${what}` : `${found.length} of ${all.length} ${what}`;
  const cut = found.length > MOST_OPTIONS ? ", type on to see more" : "";
  return { from, to, options: found.slice(0, MOST_OPTIONS).map(shortened), footer: `${counted}${cut}. ${note}`.trim() };
}

/** No options, for a reason. */
export function nothing(at: number, why: string): Completion {
  return { from: at, to: at, options: [], footer: why };
}

function shortened(option: Suggestion): Suggestion {
  return option.note.length > LONGEST_NOTE ? { ...option, note: `${option.note.slice(0, LONGEST_NOTE)}…` } : option;
}
