#!/usr/bin/env node
/** The program `sysparm`. */
import { readFileSync } from "node:fs";
import process, { argv, stdout } from "node:process";
import { readArguments } from "./arguments.js";
import { type Command, Interrupted, UsageError, type World } from "./command.js";
import { COMMANDS } from "./commands.js";
import { ENVIRONMENT } from "./credentials.js";
import { explained } from "./failure.js";
import { helpOf, helpOfGroup, helpOfProgram } from "./help.js";
import { nodeWorld } from "./world.js";

/** 1 is for a check that fails. */
const WRONG_USE = 2;
const FAILED = 3;
const INTERRUPTED = 130;

async function main(given: readonly string[], world: World): Promise<number> {
  try {
    return await dispatch(given, world);
  } catch (thrown) {
    if (world.signal.aborted || thrown instanceof Interrupted) return INTERRUPTED;
    world.complain(thrown instanceof UsageError ? thrown.message : explained(thrown));
    return thrown instanceof UsageError ? WRONG_USE : FAILED;
  }
}

async function dispatch(given: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = given;
  if (name !== undefined && isHelp(name)) return print(helpOfProgram(COMMANDS, ENVIRONMENT), world);
  if (name === "--version") return print(`${version()}\n`, world);
  const found = chosen("", COMMANDS, name);
  if (!("commands" in found)) return run(String(name), found, rest, world);
  const [inner, ...after] = rest;
  if (inner !== undefined && isHelp(inner)) return print(helpOfGroup(String(name), found), world);
  return run(`${name} ${inner}`, chosen(`${name} `, found.commands, inner), after, world);
}

function run(name: string, command: Command, given: readonly string[], world: World): number | Promise<number> {
  const read = readArguments(command, given);
  return read.help ? print(`${helpOf(name, command)}\n${ENVIRONMENT}`, world) : command.run(read, world);
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

function version(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

const world = nodeWorld();
// Of what nobody has caught Node would make a 1, which says that a check fails.
process.on("uncaughtException", (thrown) => {
  world.complain(explained(thrown));
  process.exit(FAILED);
});
// `sysparm query run ... | head` closes the pipe.
stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : FAILED));
// The exit code is set, and the process not ended: a pipe still takes what was printed.
process.exitCode = await main(argv.slice(2), world);
