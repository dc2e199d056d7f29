/** What a command of the program is, and what it may use of its surroundings. */

/** One option of a command. */
export interface CliOption {
  /** What stands for its value in the help; absent for a switch. "file" and "profile" are completed as such by a shell. */
  value?: string;
  description: string;
  /** May be given several times: `givenList()` has all of its values. */
  isRepeated?: boolean;
  /** The values that there are; another one is refused. */
  values?: readonly string[];
}

/** One argument that is known by its position. */
export interface Positional {
  /** Under this name it is given to `run()`, next to the options. */
  name: string;
  description: string;
  /** As of an option. */
  values?: readonly string[];
  isOptional?: boolean;
  /** A shell proposes files. */
  isFile?: boolean;
  /** Takes every argument from here on, as a list: the last one only. */
  isList?: boolean;
}

/** One command. */
export interface Command {
  summary: string;
  example: string;
  positionals?: readonly Positional[];
  options: Record<string, CliOption>;
  /** Returns the exit code: 0, or 1 where a check fails. It throws a UsageError for wrong use, and anything else for a failure. */
  run(given: GivenOptions, world: World): Promise<number>;
}

/** Commands under one name: `sysparm query lint`. */
export interface CommandGroup {
  summary: string;
  commands: Record<string, Command>;
}

/** Options and arguments as they were given, by their names. */
export type GivenOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command may use of its surroundings. */
export interface World {
  environment: Readonly<Record<string, string | undefined>>;
  /** "linux", "darwin", "win32", ... */
  platform: string;
  /** The user's own folder. */
  home: string;
  /** That of the package. */
  version(): string;
  /** Aborted by Ctrl-C. `connected()` ends its calls; a command that waits for something else passes it on. */
  signal: AbortSignal;
  /** Writes to standard output. A terminal is shown no control characters. */
  print(text: string): void;
  /**
   * Settles when standard output has taken what was printed. Await it between the pages of a long output, which then
   * ends where nobody reads on. @throws OutputEnded
   */
  drained(): Promise<void>;
  /** Writes a line to standard error. */
  complain(text: string): void;
  /** Shows how far the work has come, in one line that is written over. Nothing where standard error is no terminal. */
  progress(text: string): void;
  /** The text of a file, or of standard input for `-`. @throws UsageError that names it */
  read(file: string): Promise<string>;
  /** Asks for a secret, which is not shown. Undefined where nobody can be asked. */
  askSecret(question: string): Promise<string | undefined>;
}

/** Arguments or an environment that cannot work. */
export class UsageError extends Error {}

/** The command was ended by Ctrl-C. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/** Standard output takes no more: nobody reads what the command would still print. */
export class OutputEnded extends Error {}

/** The text of an option or argument; undefined where it was not given. */
export function givenText(given: GivenOptions, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

/** The list of an argument with `isList` or of an option with `isRepeated`; empty where none was given. */
export function givenList(given: GivenOptions, name: string): readonly string[] {
  const value = given[name];
  return Array.isArray(value) ? value : [];
}

/** A whole number of an option. @throws UsageError outside `least` to `most` */
export function givenNumber(given: GivenOptions, name: string, least: number, most: number): number | undefined {
  const text = givenText(given, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`Invalid option \`--${name}\`: ${text}. Pass a whole number from ${least} to ${most}.`);
}

/** The value of an option or argument with `values`, which `readArguments()` has compared; undefined where it was not given. */
export function givenChoice<Value extends string>(
  given: GivenOptions,
  name: string,
  values: readonly Value[],
): Value | undefined {
  return values.find((value) => value === given[name]);
}

/** Names that are separated by commas, each once; none where the option was not given. */
export function givenNames(given: GivenOptions, option: string): string[] {
  const names = (givenText(given, option) ?? "").split(",").map((name) => name.trim());
  return [...new Set(names)].filter(Boolean);
}

/** Fields by their table, of names such as `incident.state`. @throws UsageError for another name */
export function fieldsByTable(option: string, names: readonly string[]): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const name of names) {
    const [, table, , field] = /^(\w{1,100})(\.([\w.]{1,200}))?$/.exec(name) ?? [];
    if (table === undefined) {
      const advice = "Pass names of tables, or of fields: incident.state.";
      throw new UsageError(`Invalid option \`--${option}\`: ${name}. ${advice}`);
    }
    tables.set(table, [...(tables.get(table) ?? []), ...(field ? [field] : [])]);
    if (!field) whole.add(table);
  }
  // A table that is named alone is used with all its fields.
  for (const table of whole) tables.set(table, []);
  return tables;
}
