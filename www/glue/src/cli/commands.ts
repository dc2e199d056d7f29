/** The commands of the program. What imports more than the client is loaded by `import("sysparm/...")` when the command runs. */

import { auditCommand } from "./audit/command.js";
import { classifyCommand } from "./classify/command.js";
import type { Command, CommandGroup } from "./command.js";
import { compareCommand } from "./compare/command.js";
import { completion } from "./completion/command.js";
import { doctor } from "./doctor/command.js";
import { instance } from "./instance/command.js";
import { openapiCommand } from "./openapi/command.js";
import { profile } from "./profile/command.js";
import { query } from "./query/command.js";
import { runbookCommand } from "./runbook/command.js";
import { syncCommand } from "./sync/command.js";
import { types } from "./types/command.js";

/** In the order of the help. */
export const COMMANDS: Readonly<Record<string, Command | CommandGroup>> = {
  doctor,
  query,
  classify: classifyCommand,
  types,
  openapi: openapiCommand,
  sync: syncCommand,
  compare: compareCommand,
  audit: auditCommand,
  runbook: runbookCommand,
  profile,
  instance,
  completion: completion(() => COMMANDS),
};
