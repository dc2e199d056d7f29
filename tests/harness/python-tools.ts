/** Python programs that single slow tests need, each list of versions in an environment of its own under cargo's target folder. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder of tests below the target folder. */
export function targetFolder(name: string): string {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  return resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "tmp", name);
}

/** `packages` have exact versions: `["schemathesis==4.32.5"]`. Gives the environment's folder. */
export async function toolsFromPip(name: string, packages: readonly string[]): Promise<string> {
  const folder = targetFolder(name);
  // Written last, and named by the versions: half an installation, and one of other versions, is made anew.
  const marker = `${folder}/${packages.join("-").replace(/[^a-z0-9]/gi, "-")}-installed`;
  if (existsSync(marker)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  const options = ["--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1"];
  await run(`${folder}/bin/python`, ["-m", "pip", "install", ...options, ...packages]);
  await writeFile(marker, "");
  return folder;
}
