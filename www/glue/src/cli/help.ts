/** The help of the program, of a group and of a command. */
import { HELP } from "./arguments.js";
import type { CliOption, Command, CommandGroup, Positional } from "./command.js";

/** What every exit code means. */
const EXIT_CODES = `Exit codes:
  0    done
  1    a check fails: of doctor, lint, types --check and the like; of sync: the copy is not complete
  2    wrong use: an argument, a file or an environment variable
  3    failed: the instance refused or could not be reached, or a file or the output could not be written
  130  ended by Ctrl-C; instance, which nothing else ends, then gives 0
`;

/** The help of one command; `name` has the name of its group before it. */
export function helpOf(name: string, { summary, example, options, positionals = [] }: Command): string {
  const usage = ["sysparm", name, ...positionals.map(shown), "[options]"].join(" ");
  const heads = Object.entries<CliOption>({ ...options, help: HELP }).map(([option, given]): Row => {
    const { value, description, values, isRepeated } = given;
    const head = value ? `--${option} <${value}>` : `--${option}`;
    return [head + (isRepeated ? "..." : ""), withValues(description, values)];
  });
  const rows = positionals.map((one): Row => [shown(one), withValues(one.description, one.values)]);
  const listed = rows.length > 0 ? `Arguments:\n${table(rows)}\n\n` : "";
  return `Usage: ${usage}\n\n${sentence(summary)}\n\n${listed}Options:\n${table(heads)}\n\nExample:\n  ${example}\n`;
}

/** The help of a group. */
export function helpOfGroup(name: string, { summary, commands }: CommandGroup): string {
  return `Usage: sysparm ${name} <command> [options]\n\n${sentence(summary)}\n\nCommands:\n${listed(commands)}\n`;
}

/** The help of the program. */
export function helpOfProgram(commands: Readonly<Record<string, Command | CommandGroup>>, environment: string): string {
  const hint = "`sysparm <command> --help` has the options of a command and an example.";
  return `Usage: sysparm <command> [options]\n\nCommands:\n${listed(commands)}\n\n${hint}\n\n${environment}\n${EXIT_CODES}`;
}

type Row = [head: string, description: string];

function listed(commands: Readonly<Record<string, Command | CommandGroup>>): string {
  return table(Object.entries(commands).map(([name, { summary }]): Row => [name, sentence(summary)]));
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([head]) => head.length));
  return rows.map(([head, description]) => `  ${head.padEnd(width)}  ${description}`).join("\n");
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1).replace(/\.$/, "")}.`;
}

function withValues(description: string, values: readonly string[] | undefined): string {
  return values ? `${description}: ${values.join(", ")}` : description;
}

function shown({ name, isOptional, isList }: Positional): string {
  const one = isList ? `<${name}>...` : `<${name}>`;
  return isOptional ? `[${one}]` : one;
}
