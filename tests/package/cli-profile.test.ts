/** Profiles of the program `sysparm`, and where their secrets come from. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Interrupted } from "../../www/glue/src/cli/command.js";
import { connected } from "../../www/glue/src/cli/connected.js";
import { profileFile } from "../../www/glue/src/cli/profile/file.js";
import { nodeWorld } from "../../www/glue/src/cli/world.js";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { emptyHome, sysparm } from "./cli-world.js";

let instance: PracticeInstance;
let home: string;
before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  home = emptyHome();
});
after(async () => {
  await instance?.stop();
  rmSync(home, { recursive: true, force: true });
});

const add = (name: string, ...more: string[]) => {
  return ["profile", "add", name, "--url", instance.url, "--client-id", "practice-client", ...more];
};
const SECRET = "practice-secret";

test("profile is added, listed, shown, tried and removed", async () => {
  const added = await sysparm(add("dev-2"), { home });
  assert.equal(added.errors, "");
  assert.match(added.output, /SYSPARM_DEV_2_CLIENT_SECRET/);
  const file = join(home, ".config/sysparm/profiles.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const shown = { url: instance.url, signIn: { kind: "client_credentials", clientId: "practice-client" } };
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { version: 1, profiles: { "dev-2": shown } });
  assert.deepEqual(readdirSync(join(home, ".config/sysparm")), ["profiles.json"]);

  const { errors, code } = await sysparm(add("dev-2"), { home });
  assert.match(errors, /^Profile `dev-2` is there already/);
  assert.equal(code, 2);
  const basic = ["--sign-in", "basic", "--username", "practice.agent", "--write", "--release", "zurich"];
  await sysparm(["profile", "add", "dev-2", "--replace", "--url", `${instance.url}/now/nav`, ...basic], { home });
  const changed = JSON.parse((await sysparm(["profile", "show", "dev-2"], { home })).output);
  const signIn = { kind: "basic", username: "practice.agent" };
  assert.deepEqual(changed, { url: instance.url, signIn, write: true, release: "zurich" });
  const listed = await sysparm(["profile", "list"], { home });
  assert.equal(listed.output, `dev-2  ${instance.url}  basic  may write\n`);
  assert.deepEqual(JSON.parse((await sysparm(["profile", "list", "--json"], { home })).output), { "dev-2": changed });

  const answers = { "password of profile dev-2: ": "practice-agent-password" };
  const tried = await sysparm(["profile", "test", "dev-2"], { home, answers });
  assert.equal(tried.output, `${instance.url}: signed in; sys_user may be read.\n`);
  const refused = { "password of profile dev-2: ": "not-the-password" };
  const failed = await sysparm(["profile", "test", "dev-2"], { home, answers: refused });
  assert.match(failed.errors, /answered 401/);
  assert.ok(!failed.errors.includes("not-the-password"));
  assert.equal(failed.code, 3);

  await sysparm(["profile", "remove", "dev-2"], { home });
  assert.match((await sysparm(["profile", "test", "dev-2"], { home })).errors, /^Unknown profile `dev-2`/);
});

test("secret comes from the profile's variable or a command", async () => {
  await sysparm(add("here"), { home });
  const own = { SYSPARM_HERE_CLIENT_SECRET: SECRET };
  const table = ["types", "--table", "sys_user"];
  assert.equal((await sysparm([...table, "--profile", "here"], { home, environment: own })).code, 0);
  const named = { ...own, SYSPARM_PROFILE: "here" };
  assert.equal((await sysparm(table, { home, environment: named })).code, 0);

  const foreign = { SYSPARM_CLIENT_SECRET: SECRET };
  const without = await sysparm([...table, "--profile", "here"], { home, environment: foreign });
  assert.match(without.errors, /^Missing client secret of profile `here`\. Set SYSPARM_HERE_CLIENT_SECRET or/);
  assert.equal(without.code, 2);

  const command = (text: string) => ({ home, environment: { SYSPARM_SECRET_COMMAND: text } });
  const asked = 'test "$SYSPARM_PROFILE/$SYSPARM_SECRET" = here/client-secret && printf "practice-%s\\nnote\\n" secret';
  assert.equal((await sysparm(["profile", "test", "here"], command(asked))).code, 0);
  const ended = await sysparm(["profile", "test", "here"], command("exit 4"));
  assert.match(ended.errors, /`SYSPARM_SECRET_COMMAND`: the command ended with 4 for client secret of profile `here`/);
  assert.equal(ended.code, 2);
});

test("keychain keeps secrets, which are in no argument", async () => {
  // Stands for secret-tool: it notes its arguments, and keeps what it reads in a file.
  const folder = join(home, "bin");
  mkdirSync(folder);
  const program = `#!/bin/sh
echo "$@" >> "${folder}/arguments"
case "$1" in
  store) cat > "${folder}/kept" ;;
  lookup) cat "${folder}/kept" ;;
  clear) test -e "${folder}/locked" && exit 1; rm -f "${folder}/kept" ;;
esac
`;
  writeFileSync(join(folder, "secret-tool"), program, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  try {
    const answers = { "client secret of profile kept: ": SECRET };
    const on = { home, platform: "linux" };
    assert.equal((await sysparm(add("kept", "--keychain"), { ...on, answers })).code, 0);
    assert.equal((await sysparm(["profile", "test", "kept"], on)).code, 0);
    assert.ok(!readFileSync(join(home, ".config/sysparm/profiles.json"), "utf8").includes(SECRET));
    await sysparm(["profile", "remove", "kept"], on);
    assert.deepEqual(readdirSync(folder).sort(), ["arguments", "secret-tool"]);
    const given = readFileSync(join(folder, "arguments"), "utf8");
    assert.match(
      given,
      /^store --label=sysparm kept\/client-secret service sysparm account kept\/client-secret\nlookup /,
    );
    assert.ok(!given.includes(SECRET));

    // A profile of another way leaves no secret of the old one.
    await sysparm(add("kept", "--keychain"), { ...on, answers });
    const basic = [
      "profile",
      "add",
      "kept",
      "--replace",
      "--url",
      instance.url,
      "--sign-in",
      "basic",
      "--username",
      "u",
    ];
    assert.equal((await sysparm(basic, on)).errors, "");
    assert.deepEqual(readdirSync(folder).sort(), ["arguments", "secret-tool"]);

    // One that cannot be removed is named, and the profile goes.
    await sysparm(add("kept", "--keychain", "--replace"), { ...on, answers });
    writeFileSync(join(folder, "locked"), "");
    const locked = await sysparm(["profile", "remove", "kept"], on);
    assert.match(locked.errors, /^warning: a secret of kept may still be in the keychain: .* kept\/client-secret/);
    assert.equal(locked.code, 0);
    rmSync(join(folder, "locked"));
    await sysparm(add("kept", "--keychain"), { ...on, answers });
    process.env.PATH = home;
    const missing = await sysparm(["profile", "remove", "kept"], on);
    assert.match(missing.errors, /^warning: .*Missing program `secret-tool`.* account kept\/client-secret\.$/m);
    assert.equal((await sysparm(["profile", "list"], on)).output.includes("kept"), false);
  } finally {
    process.env.PATH = path;
  }
});

test("profile that does not say so writes nothing", async () => {
  await sysparm(add("reads"), { home });
  await sysparm(add("writes", "--write"), { home });
  const environment = { SYSPARM_READS_CLIENT_SECRET: SECRET, SYSPARM_WRITES_CLIENT_SECRET: SECRET };
  const world = { ...nodeWorld(), home, environment };
  const create = (profile: string) =>
    connected({ profile }, world, (it) => it.table("incident").create({ short_description: "printer on fire" }));
  const before = (await instance.journal()).length;
  await assert.rejects(create("reads"), { message: /^POST \/api\/now\/table\/incident was not sent: .* read-only/ });
  assert.deepEqual(
    (await instance.journal()).slice(before).map(({ method, path }) => `${method} ${path}`),
    ["POST /oauth_token.do"],
  );
  assert.equal((await create("writes")).short_description, "printer on fire");
});

test("Ctrl-C before the instance is open sends nothing", async () => {
  const interrupt = new AbortController();
  const environment = { SYSPARM_URL: instance.url, SYSPARM_USERNAME: "practice.agent", SYSPARM_PASSWORD: "p" };
  const world = { ...nodeWorld(), home, environment, signal: interrupt.signal };
  interrupt.abort();
  const before = (await instance.journal()).length;
  await assert.rejects(
    connected({}, world, (it) => it.table("incident").list({ limit: 1 })),
    Interrupted,
  );
  assert.equal((await instance.journal()).length, before);
});

test("file that others may read, or that holds more, is refused", async () => {
  const own = emptyHome();
  await sysparm(add("dev"), { home: own });
  const file = join(own, ".config/sysparm/profiles.json");
  const said = async () => {
    const { errors, code } = await sysparm(["profile", "list"], { home: own });
    assert.equal(code, 2);
    return errors;
  };
  chmodSync(file, 0o640);
  const others = "other users of this machine may read or change it";
  assert.ok((await said()).endsWith(`${others}. Run: chmod 600 "${file}"\n`));
  chmodSync(file, 0o600);
  const changed = (change: object) => {
    const dev = { url: instance.url, signIn: { kind: "basic", username: "u" }, ...change };
    writeFileSync(file, JSON.stringify({ version: 1, profiles: { dev } }));
  };
  changed({ password: "hunter2" });
  const held = await said();
  assert.match(held, /profile `dev`: it has `password`, .* Remove it: secrets are never kept in this file/);
  assert.ok(!held.includes("hunter2"));
  changed({ url: "http://dev12345.service-now.com" });
  assert.match(await said(), /its `url` is no address with https/);
  changed({ signIn: { kind: "basic" } });
  assert.match(await said(), /its `signIn\.username` is no text/);
  writeFileSync(file, "{");
  assert.match(await said(), /it is not valid JSON/);
  rmSync(own, { recursive: true });
});

test("file of profiles that cannot be written ends with 3", async () => {
  const own = emptyHome();
  symlinkSync(join(own, "none", "there"), join(own, ".config"));
  const { code, errors } = await sysparm(add("dev"), { home: own, platform: "linux" });
  assert.match(errors, /^File `.*profiles\.json` was not written: E\w+: .*\. Make it a file that you may write\.\n$/);
  assert.equal(code, 3);
  rmSync(own, { recursive: true });
});

test("options of another way of signing in are refused", async () => {
  const refused: [given: string[], said: RegExp][] = [
    [["profile", "add", "Dev"], /Invalid argument `Dev`/],
    [["profile", "add", "dev"], /Missing option `--url`/],
    [["profile", "add", "dev", "--url", "http://dev12345.service-now.com"], /Invalid option `--url`/],
    [["profile", "add", "dev", "--url", "https://u:p@dev12345.service-now.com"], /Invalid option `--url`/],
    [["profile", "add", "dev", "--url", instance.url], /Missing option `--client-id`/],
    [add("dev", "--sign-in", "basic"), /Invalid option `--client-id`: the sign-in basic has none/],
    [add("dev", "--sign-in", "saml"), /Invalid option `--sign-in`: saml/],
    [["profile", "forget", "dev"], /Unknown command `profile forget`/],
  ];
  for (const [given, said] of refused) {
    const { errors, code } = await sysparm(given, { home });
    assert.match(errors, said);
    assert.equal(code, 2);
  }
});

test("file of profiles is where the system keeps settings", () => {
  const where = (platform: string, environment: Record<string, string>) =>
    profileFile({ platform, environment, home: "/home/ada" });
  assert.equal(where("linux", {}), "/home/ada/.config/sysparm/profiles.json");
  assert.equal(where("darwin", { XDG_CONFIG_HOME: "/etc/ada" }), "/etc/ada/sysparm/profiles.json");
  assert.equal(where("win32", { APPDATA: "/ada/Roaming" }), "/ada/Roaming/sysparm/profiles.json");
});
