/** Tools of other projects that single slow tests need. npm installs them once under target/tmp, for each list of versions. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const LONGEST_INSTALL_MS = 300_000;

/** `packages` have exact versions: `["newman@6.2.2"]`. Gives their node_modules folder. Runs no script of a package. */
export async function toolsFromNpm(packages: string[]): Promise<string> {
  const name = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 16);
  const folder = fileURLToPath(new URL(`../../target/tmp/tools-${name}`, import.meta.url));
  if (!existsSync(folder)) {
    const made = `${folder}.${process.pid}`;
    await mkdir(made, { recursive: true });
    await writeFile(join(made, "package.json"), '{ "private": true }');
    const install = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...packages];
    try {
      await promisify(execFile)("npm", install, { cwd: made, timeout: LONGEST_INSTALL_MS });
      await rename(made, folder);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }
  return join(folder, "node_modules");
}
