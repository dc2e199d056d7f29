/** `sysparm completion`: a script that completes commands and options in a shell. */
import { type Command, type CommandGroup, givenChoice } from "../command.js";
import { placesOf } from "./candidates.js";
import { completionScript, SHELLS } from "./scripts.js";

/** `commands` is asked when the command runs: this one is among them. */
export function completion(commands: () => Readonly<Record<string, Command | CommandGroup>>): Command {
  return {
    summary: "print a script that completes commands and options in a shell",
    example: "source <(npx sysparm completion bash)",
    positionals: [{ name: "shell", description: "the shell", values: SHELLS }],
    options: {},
    async run(given, world) {
      const shell = givenChoice(given, "shell", SHELLS) ?? "bash";
      world.print(completionScript(shell, placesOf(commands())));
      return 0;
    },
  };
}
