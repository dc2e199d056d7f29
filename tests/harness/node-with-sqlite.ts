/** A Node that has SQLite, which needs no flag since 22.13: this one, or the one that `tools/setup runtimes` installs. */
import { join } from "node:path";

const NODE_22 = join(process.env.SYSPARM_RUNTIMES ?? "", "node_modules/node22/bin/node");

export function nodeWithSqlite(): string {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13) ? process.execPath : NODE_22;
}
