#!/usr/bin/env node
/** The program `sysparm`. */
import process, { argv, stdout } from "node:process";
import { explained } from "./failure.js";
import { FAILED, runSysparm } from "./sysparm.js";
import { nodeWorld } from "./world.js";

const world = nodeWorld();
// Of what nobody has caught Node would make a 1, which says that a check fails.
process.on("uncaughtException", (thrown) => {
  world.complain(explained(thrown));
  process.exit(FAILED);
});
// `sysparm query run ... | head` closes the pipe.
stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : FAILED));
// The exit code is set, and the process not ended: a pipe still takes what was printed.
process.exitCode = await runSysparm(argv.slice(2), world);
