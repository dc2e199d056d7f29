/** A Python environment with the compared libraries, created once under target/. */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "target/bench-python";
const PEERS = ["pysnow==0.7.17", "snowloader==0.8.1"];

/** The interpreter; undefined if Python is missing or the registry cannot be reached. */
export function pythonWithPeers(): string | undefined {
  const python = join(FOLDER, "bin/python");
  const ready = join(FOLDER, `ready-${PEERS.join("-")}`);
  try {
    if (!existsSync(ready)) {
      execFileSync("python3", ["-m", "venv", FOLDER], { stdio: "ignore" });
      execFileSync(python, ["-m", "pip", "install", "--quiet", "--timeout", "15", ...PEERS], { stdio: "ignore" });
      writeFileSync(ready, "");
    }
    return python;
  } catch {
    return undefined;
  }
}
