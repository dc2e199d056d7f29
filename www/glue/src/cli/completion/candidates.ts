/** What can stand at each place of a command line, for the scripts of all shells. */
import { HELP } from "../arguments.js";
import type { CliOption, Command, CommandGroup } from "../command.js";

/** What an option takes: a list of values, a file, the name of a profile, or anything else. */
export type ValuesOf = readonly string[] | "file" | "profile" | "other";

/** A command or a group. */
export interface CommandPlace {
  /** Its whole name: "", "query", "query run". */
  name: string;
  /** Names of commands, or values of the first argument and options. */
  words: readonly string[];
  /** Whether its first argument is a file. */
  takesFile: boolean;
  /** Options that take a value. */
  options: readonly (readonly [option: string, values: ValuesOf])[];
}

/** The program first. */
export function placesOf(commands: Readonly<Record<string, Command | CommandGroup>>): CommandPlace[] {
  const places: CommandPlace[] = [
    { name: "", words: [...Object.keys(commands), "--help", "--version"], takesFile: false, options: [] },
  ];
  for (const [name, command] of Object.entries(commands)) {
    if (!("commands" in command)) {
      places.push(placeOf(name, command));
      continue;
    }
    places.push({ name, words: [...Object.keys(command.commands), "--help"], takesFile: false, options: [] });
    for (const [inner, one] of Object.entries(command.commands)) places.push(placeOf(`${name} ${inner}`, one));
  }
  return places;
}

function placeOf(name: string, { options, positionals }: Command): CommandPlace {
  const all = Object.entries<CliOption>({ ...options, help: HELP });
  return {
    name,
    words: [...(positionals?.[0]?.values ?? []), ...all.map(([option]) => `--${option}`)],
    takesFile: positionals?.[0]?.isFile === true,
    options: all.flatMap(([option, { value, values }]): CommandPlace["options"] => {
      const kind = value === "file" || value === "profile" ? value : "other";
      return value ? [[`--${option}`, values ?? kind]] : [];
    }),
  };
}
