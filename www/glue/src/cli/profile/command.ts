/** `sysparm profile`: instances by name, with the way of signing in to each, and without its secrets. */

import { type Command, type CommandGroup, type GivenOptions, givenText, UsageError, type World } from "../command.js";
import { connected } from "../connected.js";
import { jsonText } from "../json-text.js";
import { forgetSecrets } from "../secrets/forget.js";
import { keychainOf } from "../secrets/keychain.js";
import { accountOf } from "../secrets/secret.js";
import { inWords, type SignInValues, type SignInWay, variableOf, WAYS } from "../sign-in.js";
import {
  asStored,
  originOf,
  type Profile,
  profileFile,
  readProfile,
  readProfiles,
  writeProfiles,
  wrongName,
} from "./file.js";

const NAME = { name: "name", description: "the profile's name: small letters, digits and -" };
/** Characters of a value in the list. */
const MOST_SHOWN = 120;

const add: Command = {
  summary: "add a profile: an address, and how to sign in; it only reads unless --write is given",
  example: "npx sysparm profile add dev --url https://dev12345.service-now.com --client-id 0a1b2c --keychain",
  positionals: [NAME],
  options: {
    url: { value: "address", description: "the instance's address" },
    "sign-in": { value: "kind", description: "client_credentials by default", values: WAYS.map(({ kind }) => kind) },
    "client-id": { value: "id", description: "of client_credentials and password" },
    username: { value: "name", description: "of password and basic" },
    scope: { value: "scopes", description: "of client_credentials and password, where the token needs one" },
    release: { value: "name", description: "the instance's release, such as zurich: fixes then use its menu words" },
    write: { description: "allow requests that write" },
    keychain: { description: "ask for the secrets, and keep them in the keychain of this machine" },
    replace: { description: "replace a profile of this name" },
  },
  async run(given, world) {
    const name = String(given.name);
    const wrong = wrongName(name);
    if (wrong) throw new UsageError(`Invalid argument \`${name}\`: ${wrong}`);
    const profile = profileOf(given);
    const profiles = await readProfiles(world);
    const old = profiles.get(name);
    if (old && !given.replace)
      throw new UsageError(`Profile \`${name}\` is there already. Pass --replace to replace it.`);
    if (profile.keychain) await keepSecrets(name, profile.way, world);
    await writeProfiles(profiles.set(name, profile), world);
    const kept = profile.keychain ? profile.way.secrets : [];
    if (old?.keychain) await forgetSecrets(name, old.way.secrets, kept, world);
    world.print(`Profile ${name} is in ${profileFile(world)}.\n`);
    const names = profile.way.secrets.map((secret) => variableOf(secret, name));
    const hint = `Its secret is asked for, or taken from ${names.join(" and ")}, or from SYSPARM_SECRET_COMMAND`;
    world.print(profile.keychain ? "" : `${hint}.\n`);
    world.print(`Try it: npx sysparm profile test ${name}\n`);
    return 0;
  },
};

const list: Command = {
  summary: "list the profiles",
  example: "npx sysparm profile list",
  options: { json: { description: "as JSON" } },
  async run({ json }, world) {
    const profiles = [...(await readProfiles(world))].sort(([one], [other]) => (one < other ? -1 : 1));
    if (json) {
      const shown = Object.fromEntries(profiles.map(([name, profile]) => [name, asStored(profile)]));
      world.print(`${jsonText(shown, 2)}\n`);
      return 0;
    }
    if (profiles.length === 0) world.complain("there is no profile yet: npx sysparm profile add --help");
    for (const [name, { url, way, mayWrite }] of profiles)
      world.print(`${name}  ${url.slice(0, MOST_SHOWN)}  ${way.kind}  ${mayWrite ? "may write" : "read-only"}\n`);
    return 0;
  },
};

const show: Command = {
  summary: "print a profile as JSON; it holds no secret",
  example: "npx sysparm profile show dev",
  positionals: [NAME],
  options: {},
  async run(given, world) {
    world.print(`${jsonText(asStored(await readProfile(String(given.name), world)), 2)}\n`);
    return 0;
  },
};

const remove: Command = {
  summary: "remove a profile, and its secrets from the keychain",
  example: "npx sysparm profile remove dev",
  positionals: [NAME],
  options: {},
  async run(given, world) {
    const name = String(given.name);
    const { keychain, way } = await readProfile(name, world);
    const profiles = await readProfiles(world);
    profiles.delete(name);
    if (keychain) await forgetSecrets(name, way.secrets, [], world);
    await writeProfiles(profiles, world);
    return 0;
  },
};

const test: Command = {
  summary: "sign in with a profile and read one record",
  example: "npx sysparm profile test dev",
  positionals: [NAME],
  options: { table: { value: "name", description: "the table to read; sys_user by default" } },
  async run(given, world) {
    const table = givenText(given, "table") ?? "sys_user";
    await connected({ profile: String(given.name) }, world, async (instance) => {
      world.progress(`signing in to ${instance.url}`);
      const { rows } = await instance
        .table(table)
        .list({ fields: ["sys_id"], limit: 1, pageSize: 1, signal: world.signal });
      const found = rows.length > 0 ? "may be read" : "answers, with no record that this user may read";
      world.print(`${instance.url}: signed in; ${table} ${found}.\n`);
    });
    return 0;
  },
};

export const profile: CommandGroup = {
  summary: "instances by name: add, list, show, remove, test; secrets are never in the file",
  commands: { add, list, show, remove, test },
};

/** @throws UsageError for an option that is missing, wrong, or of another way of signing in */
function profileOf(given: GivenOptions): Profile {
  const kind = givenText(given, "sign-in") ?? "client_credentials";
  const way = WAYS.find((one) => one.kind === kind);
  if (!way) throw new Error(`no way of signing in is ${kind}`);
  const address = givenText(given, "url");
  const url = originOf(address);
  const advice = "Pass the instance's address: --url https://dev12345.service-now.com";
  if (address === undefined) throw new UsageError(`Missing option \`--url\`. ${advice}`);
  if (url === undefined)
    throw new UsageError(
      `Invalid option \`--url\`: it does not begin with https://, or has a user name or password. ${advice}`,
    );
  const fields: Record<string, string> = {};
  for (const name of ["clientId", "username", "scope"] as const) {
    const option = inWords(name).replace(" ", "-");
    const value = givenText(given, option);
    const isNeeded = way.fields.includes(name);
    if (isNeeded && value === undefined)
      throw new UsageError(`Missing option \`--${option}\`. The sign-in ${kind} needs it.`);
    if (value !== undefined && !isNeeded && !way.mayHave.includes(name))
      throw new UsageError(`Invalid option \`--${option}\`: the sign-in ${kind} has none. Leave it out.`);
    if (value !== undefined) fields[name] = value;
  }
  const { write, keychain } = given;
  const release = givenText(given, "release");
  return { url, way, fields: fields as SignInValues, mayWrite: write === true, keychain: keychain === true, release };
}

async function keepSecrets(name: string, way: SignInWay, world: World): Promise<void> {
  const chain = keychainOf(world.platform, world.signal);
  for (const secret of way.secrets) {
    const variable = variableOf(secret, name);
    const value = world.environment[variable] || (await world.askSecret(`${inWords(secret)} of profile ${name}: `));
    if (!value) throw new UsageError(`Missing ${inWords(secret)}. Run it in a terminal, or set ${variable}.`);
    await chain.write(accountOf(name, secret), value);
  }
}
