/** The keychain of the machine, through the program that the system has for it. */
import { Buffer } from "node:buffer";
import { UsageError } from "../command.js";
import { runProgram } from "./program.js";

/** Keeps secrets by an account: "dev/client-secret". */
export interface Keychain {
  /** Undefined where there is none. */
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  /** "refused": the program did not remove it, and does not show it either. It says nothing of a secret that is not there. */
  remove(account: string): Promise<"removed" | "refused" | "left">;
}

const SERVICE = "sysparm";

/** @throws UsageError on a system without one */
export function keychainOf(platform: string, signal: AbortSignal): Keychain {
  if (platform === "darwin") return macKeychain(signal);
  if (platform === "linux") return secretService(signal);
  throw new UsageError(
    "Missing keychain: the program knows those of macOS and Linux. Set SYSPARM_SECRET_COMMAND to a command that prints the secret.",
  );
}

/** The Secret Service of the desktop, through `secret-tool` of libsecret, which takes the secret from its input. */
function secretService(signal: AbortSignal): Keychain {
  const advice = "Install it (libsecret-tools), or set SYSPARM_SECRET_COMMAND to a command that prints the secret";
  const run = (verb: string, account: string, input?: string, isQuiet = false) => {
    const label = verb === "store" ? [`--label=sysparm ${account}`] : [];
    const given = [verb, ...label, "service", SERVICE, "account", account];
    return runProgram("secret-tool", given, { input, isQuiet, signal, advice });
  };
  return {
    async read(account) {
      const { code, output } = await run("lookup", account);
      return code === 0 && output !== "" ? output : undefined;
    },
    async write(account, secret) {
      const { code } = await run("store", account, secret);
      if (code !== 0) throw new Error("The keychain did not take the secret. Unlock it, and try again.");
    },
    async remove(account) {
      const { code } = await run("clear", account, undefined, true);
      const found = await run("lookup", account, undefined, true);
      if (found.code === 0 && found.output !== "") return "left";
      return code === 0 ? "removed" : "refused";
    },
  };
}

/** The login keychain, through `security`. Its arguments would show the secret, so the command is given through its input. */
function macKeychain(signal: AbortSignal): Keychain {
  const run = (given: string[], input?: string, isQuiet = false) => {
    return runProgram("/usr/bin/security", given, { input, isQuiet, signal, advice: "Set SYSPARM_SECRET_COMMAND" });
  };
  return {
    async read(account) {
      const { code, output } = await run(["find-generic-password", "-s", SERVICE, "-a", account, "-w"]);
      return code === 0 ? output.replace(/\n$/, "") : undefined;
    },
    async write(account, secret) {
      // Of other characters `-w` prints the hexadecimal form, which nobody can tell from a secret of such digits.
      if (!/^[\x20-\x7e]+$/.test(secret))
        throw new UsageError(
          "The secret has characters outside ASCII, which `security` does not give back. Use another source.",
        );
      const bytes = Buffer.from(secret).toString("hex");
      const { code } = await run(["-i"], `add-generic-password -U -s ${SERVICE} -a ${account} -X ${bytes}\n`);
      if (code !== 0) throw new Error("The keychain did not take the secret. Unlock it, and try again.");
    },
    async remove(account) {
      const item = ["-s", SERVICE, "-a", account];
      const { code } = await run(["delete-generic-password", ...item], undefined, true);
      // Without -w nothing secret is printed.
      const found = await run(["find-generic-password", ...item], undefined, true);
      if (found.code === 0) return "left";
      return code === 0 ? "removed" : "refused";
    },
  };
}
