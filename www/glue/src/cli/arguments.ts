/**
 * Commands with their options, read by `parseArgs` of `node:util`. Rejected: commander 15, which is 10.1 KB after Brotli and asks for
 * Node 22.12; commander 14 is CommonJS, which cannot be bundled into a module that imports `node:` files.
 */
import { parseArgs } from "node:util";

/** One option of a command. */
export interface CliOption {
  /** What stands for its value in the help; absent for a switch. */
  value?: string;
  description: string;
}

/** One command. */
export interface Command {
  summary: string;
  example: string;
  options: Record<string, CliOption>;
  /** Returns the exit code. */
  run(given: GivenOptions, world: World): Promise<number>;
}

/** Options as they were given. */
export type GivenOptions = Readonly<Record<string, string | boolean | undefined>>;

/** What a command may use of its surroundings. */
export interface World {
  environment: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  complain(text: string): void;
}

/** Arguments or an environment that cannot work. */
export class UsageError extends Error {}

const HELP: CliOption = { description: "print this help" };

/** The options of a command. @throws UsageError that names what is wrong and the supported options */
export function readOptions(command: Command, given: readonly string[]): GivenOptions {
  const options = { ...command.options, help: HELP };
  const types = Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [
      name,
      { type: value ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  const supported = () =>
    `Supported options: ${Object.keys(options)
      .map((name) => `--${name}`)
      .join(", ")}.`;
  const seen = new Set<string>();
  const { values, tokens } = parseArgs({ args: [...given], options: types, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") throw new UsageError(`Unknown argument \`${token.value}\`. ${supported()}`);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options] : undefined;
    if (!option) throw new UsageError(`Unknown option \`${token.rawName}\`. ${supported()}`);
    // Of several values `parseArgs` gives the last one.
    if (seen.has(token.name)) throw new UsageError(`Option \`${token.rawName}\` is given twice. Pass it once.`);
    seen.add(token.name);
    if (option.value && !token.value) {
      throw new UsageError(`Missing value of option \`${token.rawName}\`. Pass ${token.rawName} <${option.value}>.`);
    }
    if (!option.value && token.value !== undefined) {
      throw new UsageError(`Invalid option \`${token.rawName}\`: it takes no value. Pass ${token.rawName} alone.`);
    }
  }
  return values as GivenOptions;
}

/** The help of one command. */
export function helpOf(name: string, { summary, example, options }: Command): string {
  const heads = Object.entries({ ...options, help: HELP }).map(([option, { value, description }]) => [
    value ? `--${option} <${value}>` : `--${option}`,
    description,
  ]);
  const width = Math.max(...heads.map(([head = ""]) => head.length));
  const lines = heads.map(([head = "", description]) => `  ${head.padEnd(width)}  ${description}`);
  return `sysparm ${name}: ${summary}\n\nOptions:\n${lines.join("\n")}\n\nExample:\n  ${example}\n`;
}
