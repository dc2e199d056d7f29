/** The peers that are JavaScript, installed once under target/. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const FOLDER = resolve("target/bench-peers");
const PEERS = ["axios@1.21.1", "cockatiel@3.2.1", "ky@1.14.3", "servicenow-rest-api@1.2.2"];

/** What they are required by; undefined where the registry is not to be had. */
export function installedPeers(): NodeJS.Require | undefined {
  try {
    install();
  } catch {
    return undefined;
  }
  return createRequire(join(FOLDER, "package.json"));
}

function install(): void {
  const ready = join(FOLDER, `ready-${PEERS.join("-")}`);
  if (existsSync(ready)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), JSON.stringify({ private: true }));
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", ...PEERS], { cwd: FOLDER, stdio: "ignore" });
  writeFileSync(ready, "");
}
