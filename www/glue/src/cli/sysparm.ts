/** Runs a command by its name, and says by the exit code how it went. */
import { RequestError } from "sysparm";
import { readArguments } from "./arguments.js";
import { type Command, Interrupted, OutputEnded, UsageError, type World } from "./command.js";
import { COMMANDS } from "./commands.js";
import { CONNECTION_OPTIONS, ENVIRONMENT } from "./connection.js";
import { explained } from "./failure.js";
import { helpOf, helpOfGroup, helpOfProgram } from "./help.js";

/** 1 is for a check that fails. */
const WRONG_USE = 2;
export const FAILED = 3;
const INTERRUPTED = 130;

/** Returns the exit code. Never rejects. */
export async function runSysparm(given: readonly string[], world: World): Promise<number> {
  try {
    return await dispatch(given, world);
  } catch (thrown) {
    if (world.signal.aborted || thrown instanceof Interrupted) return INTERRUPTED;
    if (thrown instanceof OutputEnded) return 0;
    world.complain(thrown instanceof UsageError ? thrown.message : explained(thrown));
    return isWrongUse(thrown) ? WRONG_USE : FAILED;
  }
}

/** What the package refuses before it sends anything came from an argument. */
function isWrongUse(thrown: unknown): boolean {
  return thrown instanceof UsageError || (thrown instanceof RequestError && thrown.status === undefined);
}

async function dispatch(given: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = given;
  if (name !== undefined && isHelp(name)) return print(helpOfProgram(COMMANDS, ENVIRONMENT), world);
  if (name === "--version") return print(`${world.version()}\n`, world);
  const found = chosen("", COMMANDS, name);
  if (!("commands" in found)) return run(String(name), found, rest, world);
  const [inner, ...after] = rest;
  if (inner !== undefined && isHelp(inner)) return print(helpOfGroup(String(name), found), world);
  return run(`${name} ${inner}`, chosen(`${name} `, found.commands, inner), after, world);
}

function run(name: string, command: Command, given: readonly string[], world: World): number | Promise<number> {
  const read = readArguments(command, given);
  if (!read.help) return command.run(read, world);
  const isConnected = command.options.profile === CONNECTION_OPTIONS.profile;
  return print(`${helpOf(name, command)}${isConnected ? `\n${ENVIRONMENT}` : ""}`, world);
}

/** The command of a name. @throws UsageError with the names that there are */
function chosen<Kind>(group: string, commands: Readonly<Record<string, Kind>>, name: string | undefined): Kind {
  const found = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found) return found;
  const wrong = name === undefined ? "Missing command" : `Unknown command \`${group}${name}\``;
  throw new UsageError(`${wrong}. Supported commands: ${Object.keys(commands).join(", ")}.`);
}

function isHelp(text: string): boolean {
  return text === "--help" || text === "-h" || text === "help";
}

function print(text: string, world: World): number {
  world.print(text);
  return 0;
}
