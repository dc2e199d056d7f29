/** Commands of the palette. Each part of the console registers its own; the palette asks for them when it opens. */
import type { IconName } from "../kit/icon";
import { hasWords, wordsOf } from "../kit/words";

export interface Command {
  /** Unique, such as `environment.switch.42`. */
  id: string;
  /** A verb and its object. */
  label: string;
  /** The heading that it stands under. "Commands" otherwise. */
  group?: string;
  icon?: IconName;
  /** Further words that find it. */
  words?: string;
  /** Shown at the end, such as "G T". */
  keys?: string;
  /** Shown after the label: a technical name, or where the thing is. */
  note?: string;
  /** True for what was found by the typed text already: its words need not occur in it. */
  found?: boolean;
  run: () => void;
}

type Source = () => readonly Command[];

const sources = new Set<Source>();

/** Adds commands, or a function that names them anew each time the palette opens. Returns a function that removes them. */
export function registerCommands(given: readonly Command[] | Source): () => void {
  const source = typeof given === "function" ? given : () => given;
  sources.add(source);
  return () => {
    sources.delete(source);
  };
}

export function registeredCommands(): Command[] {
  return [...sources].flatMap((source) => source());
}

interface CommandGroup {
  heading: string;
  commands: Command[];
}

/**
 * The commands that contain every typed word, in their groups, at most 8 in a group. Labels that begin with the text come first.
 * `>` in front leaves out every group but "Commands", `#` every group but "Tables", `@` every group but "Environments".
 */
export function matching(typed: string, commands: readonly Command[]): CommandGroup[] {
  const only = { ">": "Commands", "@": "Environments", "#": "Tables" }[typed.trim()[0] ?? ""];
  const text = (only ? typed.trim().slice(1) : typed).trim().toLowerCase();
  const words = wordsOf(text);
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const heading = command.group ?? "Commands";
    if (only && heading !== only) continue;
    if (!command.found && !hasWords(`${command.label} ${command.words ?? ""}`, words)) continue;
    groups.set(heading, [...(groups.get(heading) ?? []), command]);
  }
  const first = (command: Command) => (command.label.toLowerCase().startsWith(text) ? 0 : 1);
  const place = (heading: string) => ORDER.indexOf(heading) + (ORDER.includes(heading) ? 0 : ORDER.length + 1);
  return [...groups]
    .sort(([one], [other]) => place(one) - place(other))
    .map(([heading, found]) => ({
      heading,
      commands: [...found].sort((a, b) => first(a) - first(b)).slice(0, MOST_OF_A_GROUP),
    }));
}

/** Further groups follow in the order in which they were registered. */
const ORDER = ["Records", "Tables", "Requests", "Commands", "Views", "Environments"];

export const MOST_OF_A_GROUP = 8;
