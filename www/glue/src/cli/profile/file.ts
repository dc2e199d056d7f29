/** The file of profiles: JSON that only its owner may read, and that holds no secret. */
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError, type World } from "../command.js";
import { notWritten, replaceFile } from "../output-file.js";
import { type FieldOfWay, type SignInValues, type SignInWay, WAYS } from "../sign-in.js";

/** An instance, and how to sign in to it. */
export interface Profile {
  /** The instance's origin. */
  url: string;
  way: SignInWay;
  /** What is no secret: client id, user name, scope. */
  fields: SignInValues;
  /** Anything but reading is refused without it. */
  mayWrite: boolean;
  /** Whether its secrets are in the keychain of this machine. */
  keychain: boolean;
  release?: string | undefined;
}

/** As it stands in the file. */
interface Stored {
  url: string;
  signIn: { kind: string } & Partial<Record<FieldOfWay, string>>;
  write?: true;
  secrets?: "keychain";
  release?: string;
}

const ONLY_OWNER = 0o600;
const OTHERS = 0o077;

/** Where it is: in `$XDG_CONFIG_HOME` or `~/.config`, on Windows in `%APPDATA%`. */
export function profileFile({ environment, platform, home }: Pick<World, "environment" | "platform" | "home">): string {
  const { APPDATA, XDG_CONFIG_HOME } = environment;
  if (platform === "win32") return join(APPDATA || join(home, "AppData/Roaming"), "sysparm", "profiles.json");
  return join(XDG_CONFIG_HOME || join(home, ".config"), "sysparm", "profiles.json");
}

/** Every profile by its name; none where there is no file. @throws UsageError for a file that cannot be used */
export async function readProfiles(world: World): Promise<Map<string, Profile>> {
  const file = profileFile(world);
  const text = await readOwn(file, world.platform);
  const profiles = new Map<string, Profile>();
  if (text === undefined) return profiles;
  const invalid = (why: string) => new UsageError(`Invalid file \`${file}\`: ${why}`);
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    throw invalid("it is not valid JSON. Correct it, or remove it and add the profiles again.");
  }
  const { version, profiles: named } = (stored ?? {}) as { version?: unknown; profiles?: unknown };
  if (version !== 1) throw invalid("its `version` is not 1. Use the release of sysparm that wrote it.");
  for (const [name, value] of Object.entries((named ?? {}) as object)) {
    const why = wrongName(name) ?? wrongProfile(value);
    if (why) throw invalid(`profile \`${name}\`: ${why}`);
    profiles.set(name, loaded(value as Stored));
  }
  return profiles;
}

/** One profile. @throws UsageError with the names that there are */
export async function readProfile(name: string, world: World): Promise<Profile> {
  const profiles = await readProfiles(world);
  const found = profiles.get(name);
  if (found) return found;
  const names = [...profiles.keys()].sort();
  const advice = names.length > 0 ? `Profiles: ${names.join(", ")}.` : "There is none yet: sysparm profile add --help";
  throw new UsageError(`Unknown profile \`${name}\`. ${advice}`);
}

/** Replaces the file, whole. */
export async function writeProfiles(profiles: ReadonlyMap<string, Profile>, world: World): Promise<void> {
  const file = profileFile(world);
  const named = Object.fromEntries([...profiles].map(([name, profile]) => [name, asStored(profile)]));
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, `${JSON.stringify({ version: 1, profiles: named }, null, 2)}\n`, ONLY_OWNER);
  } catch (thrown) {
    throw notWritten(`File \`${file}\``, thrown, "Make it a file that you may write");
  }
}

/** A profile as the file has it. */
export function asStored({ url, way, fields, mayWrite, keychain, release }: Profile): Stored {
  return {
    url,
    signIn: { kind: way.kind, ...fields },
    ...(mayWrite ? { write: true } : {}),
    ...(keychain ? { secrets: "keychain" } : {}),
    ...(release ? { release } : {}),
  };
}

/** What is wrong with a profile's name, and what to do. */
export function wrongName(name: string): string | undefined {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) return undefined;
  return "it is no name for a profile. Take small letters, digits and -, with a letter first.";
}

/** The origin of an address. Undefined for one that no instance can have: credentials are sent to it. */
export function originOf(address: unknown): string | undefined {
  if (typeof address !== "string" || !URL.canParse(address)) return undefined;
  const { protocol, hostname, origin, username, password } = new URL(address);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
  if (username || password || !(protocol === "https:" || (protocol === "http:" && isLoopback))) return undefined;
  return origin;
}

async function readOwn(file: string, platform: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    // Windows has no such mode, and says that everybody may read.
    if (platform !== "win32" && (mode & OTHERS) !== 0)
      throw new Error(`other users of this machine may read or change it. Run: chmod 600 "${file}"`);
    return await readFile(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`Invalid file \`${file}\`: ${(thrown as Error).message}`);
  }
}

/** A name that is not expected may be a secret that somebody wrote there. */
function wrongProfile(value: unknown): string | undefined {
  const { url, signIn, write, secrets, release, ...others } = (value ?? {}) as Record<string, unknown>;
  const { kind, ...fields } = (signIn ?? {}) as Record<string, unknown>;
  const way = WAYS.find((one) => one.kind === kind);
  if (originOf(url) === undefined) return "its `url` is no address with https://. Correct it.";
  const kinds = WAYS.map((one) => one.kind).join(", ");
  if (!way) return `its \`signIn.kind\` is none of ${kinds}. Correct it.`;
  const unknown =
    Object.keys(others)[0] ??
    Object.keys(fields).find((name) => ![...way.fields, ...way.mayHave].some((one) => one === name));
  if (unknown !== undefined)
    return `it has \`${unknown}\`, which no profile of this kind has. Remove it: secrets are never kept in this file.`;
  const wrong = Object.entries(fields).find(([, text]) => typeof text !== "string" || text === "")?.[0];
  const missing = way.fields.find((name) => fields[name] === undefined);
  if (wrong ?? missing) return `its \`signIn.${wrong ?? missing}\` is no text. Correct it.`;
  if (write !== undefined && typeof write !== "boolean") return "its `write` is neither true nor false. Correct it.";
  if (secrets !== undefined && secrets !== "keychain") return 'its `secrets` is not "keychain". Correct it.';
  if (release !== undefined && typeof release !== "string") return "its `release` is no text. Correct it.";
  return undefined;
}

function loaded({ url, signIn: { kind, ...fields }, write, secrets, release }: Stored): Profile {
  const way = WAYS.find((one) => one.kind === kind) as SignInWay;
  const address = originOf(url) as string;
  return { url: address, way, fields, mayWrite: write === true, keychain: secrets === "keychain", release };
}
