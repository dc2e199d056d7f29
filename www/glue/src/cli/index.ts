#!/usr/bin/env node
/** The program `sysparm`. */
import { argv, env, stderr, stdout } from "node:process";
import { type Command, helpOf, readOptions, UsageError, type World } from "./arguments.js";
import { ENVIRONMENT } from "./credentials.js";
import { explained } from "./failure.js";
import { types } from "./types/command.js";

const COMMANDS: Record<string, Command> = { types };

/** 1 is for a check that fails. */
const WRONG_USE = 2;
const FAILED = 3;

async function main(given: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = given;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (name === "--help" || name === "help") return help(world);
    if (name === undefined || !command) {
      const what = name === undefined ? "Missing command" : `Unknown command \`${name}\``;
      throw new UsageError(`${what}. Supported commands: ${Object.keys(COMMANDS).join(", ")}.`);
    }
    const options = readOptions(command, rest);
    if (options.help) {
      world.print(`${helpOf(name, command)}\n${ENVIRONMENT}`);
      return 0;
    }
    return await command.run(options, world);
  } catch (thrown) {
    world.complain(thrown instanceof UsageError ? thrown.message : explained(thrown));
    return thrown instanceof UsageError ? WRONG_USE : FAILED;
  }
}

function help(world: World): number {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name}  ${summary}`);
  world.print(`Usage: sysparm <command> [options]\n\nCommands:\n${lines.join("\n")}\n\n${ENVIRONMENT}`);
  return 0;
}

const world: World = {
  environment: env,
  print: (text) => void stdout.write(text),
  complain: (text) => void stderr.write(`sysparm: ${text}\n`),
};

// The exit code is set, and the process not ended: a pipe still takes what was printed.
process.exitCode = await main(argv.slice(2), world);
