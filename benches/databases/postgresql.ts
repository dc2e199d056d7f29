import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  as,
  type Engine,
  eventually,
  FILLER,
  folderFor,
  need,
  output,
  PER_SECOND,
  ROWS,
  remove,
  serve,
} from "./engine.ts";

const HOME = "/usr/lib/postgresql";

export async function postgresql(): Promise<Engine> {
  const versions = () => {
    try {
      return readdirSync(HOME).sort((a, b) => Number(b) - Number(a));
    } catch {
      return [];
    }
  };
  const programs = dirname(need(() => versions().map((version) => join(HOME, version, "bin/initdb")), "postgresql"));
  const folder = folderFor("postgresql", "postgres");
  const data = join(folder, "data");
  const [initdb, initial] = as("postgres", join(programs, "initdb"), [
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-N",
  ]);
  execFileSync(initdb, initial, { stdio: "ignore" });
  const settings = ["listen_addresses=", "shared_buffers=1GB", "fsync=off", "max_wal_size=8GB", "jit=off"];
  const options = ["-D", data, "-k", folder, ...settings.flatMap((setting) => ["-c", setting])];
  // setpriv replaces itself with the server, so the server itself gets the signal that stops it.
  const stopServer = serve(...direct("postgres", join(programs, "postgres"), options));
  const run = (text: string) =>
    output(
      join(programs, "psql"),
      ["-h", folder, "-U", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
      text,
    );
  const stop = async () => {
    await stopServer();
    remove(folder);
  };
  try {
    await eventually(() => run("SELECT 1"));
    // In the order of sys_id, because rows are changed long after they were created: a page is scattered over the table.
    await run(`CREATE TABLE incident (sys_id char(32) COLLATE "C" PRIMARY KEY, sys_updated_on timestamp NOT NULL, filler text);
      INSERT INTO incident SELECT md5(n::text), timestamp '2026-01-01' + n / ${PER_SECOND} * interval '1 second', '${FILLER}'
        FROM generate_series(0, ${ROWS - 1}) n ORDER BY 1;
      CREATE INDEX ON incident (sys_updated_on, sys_id); VACUUM ANALYZE incident; CHECKPOINT;`);
  } catch (failure) {
    await stop();
    throw failure;
  }
  const version = (await run("SHOW server_version")).trim().split(" ")[0];
  return {
    name: `PostgreSQL ${version}`,
    async time(statements) {
      const timed = statements.map((statement) => `${statement};\n`).join("");
      const printed = await run(`\\o /dev/null\n\\timing on\n${timed}`);
      return [...printed.matchAll(/^Time: ([\d.]+) ms/gm)].map(([, time]) => Number(time));
    },
    ids: async (statement) =>
      (await run(statement))
        .trim()
        .split("\n")
        .map((line) => line.split("|")[0] ?? ""),
    stop,
  };
}

function direct(user: string, command: string, args: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command, args];
  return ["setpriv", [`--reuid=${user}`, `--regid=${user}`, "--init-groups", command, ...args]];
}
