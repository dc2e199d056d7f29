/** Where the secret of a profile comes from: an environment variable, a command, the keychain, or the person at the terminal. */
import { UsageError, type World } from "../command.js";
import { inWords, type SecretOfWay, variableOf } from "../sign-in.js";
import { keychainOf } from "./keychain.js";
import { runProgram } from "./program.js";

/** The account of a secret in a keychain. */
export function accountOf(profile: string, secret: SecretOfWay): string {
  return `${profile}/${inWords(secret).replaceAll(" ", "-")}`;
}

/**
 * A secret of a profile. The variables of a connection without a profile do not count: they may be those of another instance.
 * @throws UsageError where it cannot be had
 */
export async function secretOf(
  profile: string,
  secret: SecretOfWay,
  isInKeychain: boolean,
  world: World,
): Promise<string> {
  const variable = variableOf(secret, profile);
  const found =
    world.environment[variable] ||
    (await fromCommand(profile, secret, world)) ||
    (isInKeychain ? await keychainOf(world.platform, world.signal).read(accountOf(profile, secret)) : undefined) ||
    (await world.askSecret(`${inWords(secret)} of profile ${profile}: `));
  if (found) return found;
  const kept = isInKeychain
    ? " It is not in the keychain: add the profile again with --replace --keychain, or set"
    : " Set";
  throw new UsageError(
    `Missing ${inWords(secret)} of profile \`${profile}\`.${kept} ${variable} or SYSPARM_SECRET_COMMAND, or run it in a terminal.`,
  );
}

/** The first line that the command prints. It finds in its environment what is asked for. */
async function fromCommand(profile: string, secret: SecretOfWay, world: World): Promise<string | undefined> {
  const command = world.environment.SYSPARM_SECRET_COMMAND;
  if (!command) return undefined;
  const environment = {
    SYSPARM_PROFILE: profile,
    SYSPARM_SECRET: accountOf(profile, secret).slice(profile.length + 1),
  };
  const { code, output } = await runProgram(command, [], {
    ...{ environment, isShell: true, signal: world.signal },
    advice: "Set SYSPARM_SECRET_COMMAND to a command that prints the secret",
  });
  const [line = ""] = output.split(/\r?\n/);
  if (code === 0 && line !== "") return line;
  const what = code === 0 ? "printed nothing" : `ended with ${code}`;
  throw new UsageError(
    `Invalid environment variable \`SYSPARM_SECRET_COMMAND\`: the command ${what} for ${inWords(secret)} of profile \`${profile}\`. Correct it.`,
  );
}
