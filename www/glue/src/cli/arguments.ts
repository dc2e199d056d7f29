/**
 * Reads the arguments of a command by `parseArgs` of `node:util`. Rejected: commander 15, which is 10.1 KB after Brotli and asks for
 * Node 22.12; commander 14 is CommonJS, which cannot be bundled into a module that imports `node:` files.
 */
import { parseArgs } from "node:util";
import { type CliOption, type Command, type GivenOptions, type Positional, UsageError } from "./command.js";

/** Every command has it. */
export const HELP: CliOption = { description: "print this help" };

/** Options and positional arguments of a command. @throws UsageError that names what is wrong and what is supported */
export function readArguments(command: Command, given: readonly string[]): GivenOptions {
  const options: Record<string, CliOption> = { ...command.options, help: HELP };
  const types = Object.fromEntries(
    Object.entries(options).map(([name, { value, isRepeated = false }]) => [
      name,
      {
        type: value ? ("string" as const) : ("boolean" as const),
        multiple: isRepeated,
        ...(name === "help" ? { short: "h" } : {}),
      },
    ]),
  );
  const supported = `Supported options: ${Object.keys(options)
    .map((name) => `--${name}`)
    .join(", ")}.`;
  const seen = new Set<string>();
  const { values, positionals, tokens } = parseArgs({ args: [...given], options: types, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) throw new UsageError(`Unknown option \`${token.rawName}\`. ${supported}`);
    // Of several values `parseArgs` gives the last one.
    if (seen.has(token.name) && !option.isRepeated)
      throw new UsageError(`Option \`${token.rawName}\` is given twice. Pass it once.`);
    seen.add(token.name);
    // The next option would be taken for the value.
    const isMissing = !token.value || (!token.inlineValue && /^-./.test(token.value));
    if (option.value && isMissing)
      throw new UsageError(`Missing value of option \`${token.rawName}\`. Pass ${token.rawName} <${option.value}>.`);
    if (token.value !== undefined) checkValue(`option \`${token.rawName}\``, token.value, option.values);
    if (!option.value && token.value !== undefined)
      throw new UsageError(`Invalid option \`${token.rawName}\`: it takes no value. Pass ${token.rawName} alone.`);
  }
  const named = values.help ? {} : readPositionals(command.positionals ?? [], positionals, supported);
  return { ...(values as GivenOptions), ...named };
}

function readPositionals(expected: readonly Positional[], given: readonly string[], supported: string): GivenOptions {
  const read: Record<string, string | readonly string[]> = {};
  for (const [index, { name, description, values, isOptional, isList }] of expected.entries()) {
    const value = given[index];
    if (!value && !isOptional) throw new UsageError(`Missing argument <${name}>: ${description}.`);
    if (value !== undefined) checkValue(`argument <${name}>`, value, values);
    if (isList) read[name] = given.slice(index);
    else if (value !== undefined) read[name] = value;
  }
  const extra = expected.at(-1)?.isList ? undefined : given[expected.length];
  if (extra !== undefined) throw new UsageError(`Unknown argument \`${extra}\`. ${supported}`);
  return read;
}

function checkValue(what: string, value: string, values: readonly string[] | undefined): void {
  if (values === undefined || values.includes(value)) return;
  throw new UsageError(`Invalid ${what}: ${value}. Pass one of ${values.join(", ")}.`);
}
