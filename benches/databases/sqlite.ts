import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Engine, FILLER, folderFor, PER_SECOND, ROWS, remove } from "./engine.ts";

export async function sqlite(): Promise<Engine> {
  const folder = folderFor("sqlite");
  const args = ["benches/databases/sqlite.py", join(folder, "table.db"), String(ROWS), String(PER_SECOND), FILLER];
  const child = spawn("python3", args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("SQLite's program ended");
    return JSON.parse(value);
  };
  const ask = (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  const stop = async () => {
    const exit = new Promise((ended) => child.once("exit", ended));
    child.stdin.end();
    await exit;
    remove(folder);
  };
  const version = await answer().catch(async (failure) => {
    remove(folder);
    throw failure;
  });
  return {
    name: `SQLite ${version}`,
    time: (statements) => ask({ time: statements }),
    ids: (statement) => ask({ ids: statement }),
    stop,
  };
}
