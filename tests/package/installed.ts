/** The package as a user gets it: packed, and installed into an empty project that has nothing else. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Project {
  folder: string;
  remove(): void;
}

export function installInto(name: string): Project {
  const folder = mkdtempSync(join(tmpdir(), `sysparm-${name}-`));
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, resolve("pkg")], {
    encoding: "utf8",
  });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const tarball = join(folder, packed.trim().split("\n").at(-1) ?? "");
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--offline", tarball], { cwd: folder });
  const cases = readdirSync("tests/package").filter((file) => file.endsWith("cases.ts"));
  for (const file of cases) cpSync(join("tests/package", file), join(folder, file));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The same files without npm, which takes a second of processor time: for tests of programs, not of the installation. */
export function copyInto(name: string): Project {
  const folder = mkdtempSync(join(tmpdir(), `sysparm-${name}-`));
  cpSync("pkg", join(folder, "node_modules/sysparm"), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
