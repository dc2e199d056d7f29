/** A Node that has SQLite: this one, or one that is installed once. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const VERSION = "22.23.3";
const FOLDER = resolve("target/tmp", `node-${VERSION}`);

/** The path of its executable. SQLite needs no flag since 22.13. */
export async function nodeWithSqlite(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  const executable = join(FOLDER, "node_modules/node/bin/node");
  if (!existsSync(executable)) {
    mkdirSync(FOLDER, { recursive: true });
    const options = ["--silent", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", FOLDER];
    await promisify(execFile)("npm", ["install", ...options, `node@${VERSION}`]);
  }
  return executable;
}
