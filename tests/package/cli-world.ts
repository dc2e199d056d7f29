/** Runs commands of the program `sysparm` in this process, with surroundings of the test's own. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError, type World } from "../../www/glue/src/cli/command.js";
import { runSysparm } from "../../www/glue/src/cli/sysparm.js";

export interface Surroundings {
  environment?: Record<string, string>;
  /** Texts of files; "-" is standard input. */
  files?: Record<string, string>;
  /** What the person types, by the question. */
  answers?: Record<string, string>;
  home?: string;
  platform?: string;
  interrupt?: AbortController;
  /** Hears of what is printed, as it is. */
  printed?: (text: string) => void;
}

export interface Ran {
  code: number;
  output: string;
  errors: string;
  /** Lines of progress. */
  progress: string[];
}

export function emptyHome(): string {
  return mkdtempSync(join(tmpdir(), "sysparm-home-"));
}

export async function sysparm(given: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { environment = {}, files = {}, answers = {}, home = "/nowhere", platform = process.platform } = surroundings;
  const ran: Ran = { code: -1, output: "", errors: "", progress: [] };
  const world: World = {
    ...{ environment, home, platform },
    version: () => "0.0.0",
    signal: (surroundings.interrupt ?? new AbortController()).signal,
    print(text) {
      ran.output += text;
      surroundings.printed?.(text);
    },
    drained: async () => undefined,
    complain(text) {
      ran.errors += `${text}\n`;
    },
    progress: (text) => void ran.progress.push(text),
    async read(file) {
      const text = files[file];
      if (text === undefined) throw new UsageError(`Invalid file \`${file}\``);
      return text;
    },
    askSecret: async (question) => answers[question],
  };
  ran.code = await runSysparm(given, world);
  return ran;
}
