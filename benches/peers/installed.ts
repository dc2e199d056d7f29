/** Installs the compared JavaScript libraries, once, under target/. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const FOLDER = resolve("target/bench-peers");
/** Where the libraries are once `installedPeers()` has returned. */
export const INSTALLED = join(FOLDER, "node_modules");

const PEERS = [
  "axios@1.21.1",
  "cockatiel@3.2.1",
  "ky@1.14.3",
  "oauth4webapi@3.8.8",
  "p-retry@7.1.1",
  "servicenow-rest-api@1.2.2",
  "undici@7.30.2",
];

/** The `require` that finds them; undefined if the registry cannot be reached. */
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
