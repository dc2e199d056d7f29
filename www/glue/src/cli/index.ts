#!/usr/bin/env node
/** The program `sysparm`. */
import process, { argv } from "node:process";
import { explained } from "./failure.js";
import { FAILED, runSysparm } from "./sysparm.js";
import { nodeWorld } from "./world.js";

let hasFailed = false;
const world = nodeWorld((message) => {
  hasFailed = true;
  world.complain(message);
  process.exitCode = FAILED;
});
// Of what nobody has caught Node would make a 1, which says that a check fails.
process.on("uncaughtException", (thrown) => {
  world.complain(explained(thrown));
  process.exit(FAILED);
});
// The exit code is set, and the process not ended: a pipe still takes what was printed.
const code = await runSysparm(argv.slice(2), world);
process.exitCode = hasFailed ? FAILED : code;
