/** Runs a program that gives or takes a secret. */
import { spawn } from "node:child_process";
import { UsageError } from "../command.js";

/** A keychain may ask the person to unlock it. */
const LONGEST_MS = 120_000;
/** A longer one is no secret. */
const MOST_CHARACTERS = 100_000;

export interface ProgramOptions {
  /** What it reads; nothing without it. */
  input?: string | undefined;
  /** Added to this process's environment. */
  environment?: Readonly<Record<string, string>>;
  /** Runs `program` as a line of the shell. */
  isShell?: boolean;
  /** Keeps its standard error from being shown. */
  isQuiet?: boolean;
  signal: AbortSignal;
  /** What to do where there is no such program, without a full stop. */
  advice: string;
}

/** Its exit code and standard output. Its standard error is shown unless `isQuiet`. @throws UsageError where there is no such program */
export function runProgram(
  program: string,
  given: readonly string[],
  { input, environment, isShell = false, isQuiet = false, signal, advice }: ProgramOptions,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, {
      env: { ...process.env, ...environment },
      shell: isShell,
      stdio: ["pipe", "pipe", isQuiet ? "ignore" : "inherit"],
      timeout: LONGEST_MS,
      signal,
      windowsHide: true,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > MOST_CHARACTERS) child.kill();
    });
    // It need not read what it is given.
    child.stdin.on("error", () => undefined).end(input ?? "");
    child.on("error", (thrown: NodeJS.ErrnoException) => {
      const isMissing = thrown.code === "ENOENT";
      reject(isMissing ? new UsageError(`Missing program \`${program}\`. ${advice}.`) : thrown);
    });
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}
