/** A temporary project with the packed package, in which the commands of a combination run. */
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { copyExample } from "../harness/copy-example.ts";
import { freePort } from "../harness/free-port.ts";
import type { Combination } from "./combinations.ts";

const run = promisify(execFile);
const PROJECTS = "tests/matrix/projects";
/** The longest build here takes a minute of an idle processor. */
const LONGEST_COMMAND_MS = 600_000;
const LONGEST_START_MS = 60_000;

export interface Project {
  folder: string;
  /** Runs a command and returns what it prints. @throws Error with its output */
  shell(command: string, environment?: Record<string, string>): Promise<string>;
  /** Starts a server and resolves to its address when it answers. */
  start(command: string): Promise<{ url: string; stop(): void }>;
  remove(): void;
}

export async function packPackage(): Promise<{ tarball: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "sysparm-packed-"));
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder, resolve("pkg")]);
  const tarball = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  return { tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `linked`: the tools are those of this repository, and nothing but the package is installed. */
export async function openProject(tarball: string, combination: Combination, linked = false): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "sysparm-matrix-"));
  cpSync(join(PROJECTS, "shared"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "matrix", private: true, type: "module" }));
  if (combination.project) copyExample(join(PROJECTS, combination.project), folder);
  const tools = linked ? resolve("node_modules/.bin") : join(folder, "node_modules/.bin");
  const quiet = {
    CI: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    NUXT_TELEMETRY_DISABLED: "1",
    ASTRO_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
  };
  const environment = { ...process.env, ...quiet, PATH: `${tools}:${process.env.PATH}`, NODE_OPTIONS: "" };
  const install = ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", tarball];
  if (linked) install.push("--offline");
  else install.push(...combination.packages);
  await run("npm", install, { cwd: folder, timeout: LONGEST_COMMAND_MS });
  if (linked) {
    for (const name of combination.packages.map((given) => given.replace(/(?<=.)@.*/, "")))
      symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  }
  return {
    folder,
    async shell(command, more = {}) {
      const env = { ...environment, ...more };
      const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], {
        cwd: folder,
        env,
        timeout: LONGEST_COMMAND_MS,
      }).catch(({ stdout, stderr }) => {
        throw new Error(`${command}\n${stdout}\n${stderr}`.slice(-4000));
      });
      return stdout.trim();
    },
    async start(command) {
      const port = await freePort();
      const env = { ...environment, PORT: String(port) };
      // A group of its own: a framework's command starts other processes, and all of them must end.
      const child = spawn("bash", ["-c", command], { cwd: folder, env, detached: true, stdio: "ignore" });
      const stop = () => {
        process.removeListener("exit", stop);
        if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGKILL");
      };
      process.once("exit", stop);
      const url = `http://127.0.0.1:${port}`;
      for (const end = Date.now() + LONGEST_START_MS; ; await new Promise((next) => setTimeout(next, 200))) {
        const answered = await fetch(`${url}/favicon.ico`).catch(() => undefined);
        if (answered) return { url, stop };
        if (Date.now() > end || child.exitCode !== null) {
          stop();
          throw new Error(`${command} did not answer at ${url}`);
        }
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
