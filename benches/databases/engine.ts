/** Starts a local database server in a temporary folder, and stops it after the benchmark. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Engine {
  name: string;
  /** Runs the statements one after the other; milliseconds of each. */
  time(statements: string[]): Promise<number[]>;
  /** The first column of the statement's rows. */
  ids(statement: string): Promise<string[]>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** Rows of the table, ten to a second, so that places lie within seconds. */
export const ROWS = 1_000_000;
export const PER_SECOND = 10;
export const FILLER = "x".repeat(600);

/** A folder that the database's own user may write to. */
export function folderFor(name: string, user?: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sysparm-bench-${name}-`));
  if (user !== undefined && isRoot()) execFileSync("chown", [user, folder]);
  return folder;
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** PostgreSQL and MariaDB refuse to run as root. */
export function as(user: string, command: string, args: string[]): [string, string[]] {
  return isRoot() ? ["runuser", ["-u", user, "--", command, ...args]] : [command, args];
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The first of these files that exists, after installing a Debian package if none does. */
export function need(files: () => string[], debianPackage: string): string {
  const found = () => files().find((file) => existsSync(file));
  const before = found();
  if (before) return before;
  console.log(`installing ${debianPackage} (apt-get)`);
  const root = isRoot() ? [] : ["sudo", "-n"];
  // RUNLEVEL=1 keeps Debian from starting another server next to the measured one.
  const environment = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
  const install = [...root, ...environment, "apt-get", "install", "-y", "-qq"];
  const [command = "", ...args] = [...install, "--no-install-recommends", debianPackage];
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  const after = found();
  if (!after) throw new Error(`${debianPackage} is installed, and none of ${files().join(", ")} is there`);
  return after;
}

/** A program's output for this input. */
export function output(command: string, args: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: "utf8", maxBuffer: 1024 * 1024 * 1024 } as const;
    const child = execFile(command, args, options, (failure, stdout, stderr) => {
      if (failure) reject(new Error(`${command}: ${stderr || failure.message}`.slice(0, 2000)));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

/** Starts a server in the foreground. The returned function stops only this one. */
export function serve(command: string, args: string[]): () => Promise<void> {
  const child = spawn(command, args, { stdio: "ignore" });
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  return async () => {
    process.removeListener("exit", killed);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((ended) => child.once("exit", ended));
    child.kill("SIGTERM");
    await exit;
  };
}

/** Tries until it succeeds, for at most a minute. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (let time = 0; ; time += 1) {
    try {
      await attempt();
      return;
    } catch (failure) {
      if (time === 120) throw failure;
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}
