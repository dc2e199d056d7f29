/** Address and credentials: of a profile, or from environment variables. Arguments of a program are visible to other users of a machine. */
import { type GivenOptions, givenText, UsageError, type World } from "./command.js";
import { originOf, type Profile, readProfile } from "./profile/file.js";
import { secretOf } from "./secrets/secret.js";
import { type OfferedAuth, type SecretOfWay, type SignInValues, variableOf, WAYS } from "./sign-in.js";

/** Of every command that connects. */
export const CONNECTION_OPTIONS = {
  profile: { value: "profile", description: "the profile to connect with; SYSPARM_PROFILE or SYSPARM_URL without it" },
};

/** Where a command connects to, and as whom. */
export interface Connection {
  /** That of the profile; of a connection without one the host of the instance. */
  name: string;
  url: string;
  /** The way of signing in, as `--sign-in` names it. */
  signIn: string;
  clientId?: string | undefined;
  auth: OfferedAuth;
  /** Whether anything but reading is allowed. */
  mayWrite: boolean;
  release?: string | undefined;
}

/** The environment variables, for the help. */
export const ENVIRONMENT = `Environment:
  SYSPARM_PROFILE  the profile to connect with (sysparm profile --help), or
  SYSPARM_URL      the instance's address: https://dev12345.service-now.com
  and one of:
${WAYS.map(({ fields, secrets }) => `  ${variables(fields, secrets).join(", ")}`).join("\n")}
`;

/** Whether the environment variables name an instance or a profile. */
export function hasConnection({ SYSPARM_PROFILE, SYSPARM_URL }: World["environment"]): boolean {
  return Boolean(SYSPARM_PROFILE || SYSPARM_URL);
}

/** What `--profile` or the environment names. @throws UsageError that says what is missing or invalid */
export async function connectionOf(given: GivenOptions, world: World): Promise<Connection> {
  const { environment } = world;
  const name = givenText(given, "profile") ?? (environment.SYSPARM_PROFILE || undefined);
  return name === undefined ? ofEnvironment(environment) : ofProfile(name, await readProfile(name, world), world);
}

/** With every secret that the profile needs. */
async function ofProfile(name: string, profile: Profile, world: World): Promise<Connection> {
  const secrets: Partial<Record<SecretOfWay, string>> = {};
  for (const secret of profile.way.secrets) secrets[secret] = await secretOf(name, secret, profile.keychain, world);
  const auth = profile.way.auth({ ...profile.fields, ...secrets });
  const { url, way, fields, mayWrite, release } = profile;
  return { name, url, signIn: way.kind, clientId: fields.clientId, auth, mayWrite, release };
}

function ofEnvironment(environment: World["environment"]): Connection {
  const address = environment.SYSPARM_URL;
  const advice = "Set it to the instance's address: https://dev12345.service-now.com";
  if (!address) {
    const missing = "Missing environment variable `SYSPARM_URL`";
    throw new UsageError(`${missing}. ${advice}, or pass a profile: --profile <name>`);
  }
  // The value is not quoted: it may hold a password.
  const url = originOf(address);
  if (url === undefined) {
    const wrong = "it does not begin with https://, or has a user name or password";
    throw new UsageError(`Invalid environment variable \`SYSPARM_URL\`: ${wrong}. ${advice}`);
  }
  const way = WAYS.find(({ fields, secrets }) => variables(fields, secrets).every((name) => environment[name]));
  if (!way) throw new UsageError(`Missing credentials. Set environment variables.\n\n${ENVIRONMENT}`);
  const values: SignInValues = Object.fromEntries(
    [...way.fields, ...way.secrets].map((name) => [name, environment[variableOf(name)]]),
  );
  const { host } = new URL(url);
  return { name: host, url, signIn: way.kind, clientId: values.clientId, auth: way.auth(values), mayWrite: false };
}

function variables(...names: (readonly Parameters<typeof variableOf>[0][])[]): string[] {
  return names.flat().map((name) => variableOf(name));
}
