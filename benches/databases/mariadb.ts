import { execFileSync } from "node:child_process";
import { join } from "node:path";
import {
  type Engine,
  eventually,
  FILLER,
  folderFor,
  isRoot,
  need,
  output,
  PER_SECOND,
  ROWS,
  remove,
  serve,
} from "./engine.ts";

export async function mariadb(): Promise<Engine> {
  const server = need(() => ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"], "mariadb-server");
  const folder = folderFor("mariadb", "mysql");
  const data = join(folder, "data");
  const user = isRoot() ? ["--user=mysql"] : [];
  const install = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"];
  execFileSync("mariadb-install-db", [...install, ...user], { stdio: "ignore" });
  const socket = join(folder, "socket");
  const settings = ["--skip-networking", "--innodb-buffer-pool-size=2G", "--innodb-flush-log-at-trx-commit=0"];
  const sizes = ["--innodb-log-file-size=1G", "--skip-log-bin", "--innodb-doublewrite=0"];
  const own = ["--no-defaults", `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${join(folder, "pid")}`];
  const stopServer = serve(server, [...own, ...settings, ...sizes, ...user]);
  const client = ["--no-defaults", `--socket=${socket}`, "--user=root", "--batch", "--skip-column-names"];
  const run = (text: string, database = "bench") => output("mariadb", [...client, database], text);
  const stop = async () => {
    await stopServer();
    remove(folder);
  };
  try {
    await eventually(() => run("SELECT 1", "mysql"));
    await run("CREATE DATABASE bench", "mysql");
    await run(`CREATE TABLE incident (sys_id char(32) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
        sys_updated_on datetime NOT NULL, filler varchar(700)) ENGINE=InnoDB;
      INSERT INTO incident SELECT md5(seq), '2026-01-01' + INTERVAL seq DIV ${PER_SECOND} SECOND, '${FILLER}'
        FROM seq_0_to_${ROWS - 1} ORDER BY md5(seq);
      CREATE INDEX by_update ON incident (sys_updated_on, sys_id); ANALYZE TABLE incident;`);
  } catch (failure) {
    await stop();
    throw failure;
  }
  const version = (await run("SELECT version()")).split("-")[0];
  return {
    name: `MariaDB ${version}`,
    async time(statements) {
      const times: number[] = [];
      // The server keeps the times of at most 100 statements.
      for (let from = 0; from < statements.length; from += 50) {
        const timed = statements
          .slice(from, from + 50)
          .map((statement) => `${statement};\n`)
          .join("");
        const settings = "SET profiling_history_size = 100; SET profiling = 1;\n";
        const shown = await run(`${settings}${timed}SET profiling = 0; SHOW PROFILES;`);
        const profiles = shown.matchAll(/^\d+\t([\d.]+)\tSELECT \* FROM incident/gm);
        for (const [, seconds] of profiles) times.push(Number(seconds) * 1000);
      }
      return times;
    },
    ids: async (statement) =>
      (await run(statement))
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0] ?? ""),
    stop,
  };
}
