/** Copies an example, or all, without what its own commands leave in its folder: tests bring the packages and the build. */
import { cpSync } from "node:fs";
import { basename } from "node:path";

const LEFT_BEHIND = ["node_modules", "package-lock.json", ".next", "dist", ".wrangler"];

export function copyExample(source: string, target: string): void {
  cpSync(source, target, { recursive: true, filter: (path) => !LEFT_BEHIND.includes(basename(path)) });
}
