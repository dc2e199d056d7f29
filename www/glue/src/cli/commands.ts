/** The commands of the program. What imports more than the client is loaded by `import("sysparm/...")` when the command runs. */
import type { Command, CommandGroup } from "./command.js";
import { profile } from "./profile/command.js";
import { syncCommand } from "./sync/command.js";
import { types } from "./types/command.js";

/** In the order of the help. */
export const COMMANDS: Readonly<Record<string, Command | CommandGroup>> = { types, sync: syncCommand, profile };
