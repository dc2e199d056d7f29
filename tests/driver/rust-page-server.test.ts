/** The server of `examples/rust-page`. Needs no build of the page. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";

const SERVER = resolve(import.meta.dirname, "../../examples/rust-page/server.mjs");

let instance: PracticeInstance;
const servers: ChildProcess[] = [];
const unbuilt = mkdtempSync(join(tmpdir(), "sysparm-rust-page-"));

before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--hidden", "0", "--quiet");
});

after(async () => {
  for (const server of servers) server.kill();
  await instance?.stop();
  rmSync(unbuilt, { recursive: true, force: true });
});

/** What the process writes to standard error goes to `complained`. */
async function started(
  secret: string,
  file = SERVER,
  complained = (_text: string): void => undefined,
): Promise<string> {
  const env = {
    ...process.env,
    SYSPARM_URL: instance.url,
    SYSPARM_CLIENT_ID: CLIENT_ID,
    SYSPARM_CLIENT_SECRET: secret,
  };
  const server = spawn(process.execPath, [file, "0"], { env, stdio: ["ignore", "pipe", "pipe"] });
  servers.push(server);
  server.stderr.setEncoding("utf8").on("data", complained);
  const [line] = await once(server.stdout, "data");
  return String(line).trim();
}

test("server of the page in Rust supplies a token that works", async () => {
  const address = await started(CLIENT_SECRET);
  const reply = await fetch(`${address}/token`, { method: "POST" });
  const { token, expiresAt } = (await reply.json()) as { token: string; expiresAt: number };
  assert.ok(expiresAt > Date.now() && expiresAt < Date.now() + 86_400_000, `${expiresAt}`);
  const headers = { authorization: `Bearer ${token}` };
  const rows = await fetch(`${instance.url}/api/now/table/incident?sysparm_limit=1`, { headers });
  assert.equal(rows.status, 200);
  const page = await (await fetch(address)).text();
  assert.ok(page.includes(`name="instance" content="${instance.url}"`), page);
});

test("server of the page in Rust hands out nothing else", async () => {
  const address = await started(CLIENT_SECRET);
  for (const path of ["token", "server.mjs", "Cargo.toml", "..%2fREADME.md", "constructor"]) {
    assert.equal((await fetch(`${address}/${path}`)).status, 404, path);
  }
});

test("server of the page in Rust keeps why a token is refused", async () => {
  const reply = await fetch(`${await started("wrong")}/token`, { method: "POST" });
  assert.equal(reply.status, 502);
  assert.equal(await reply.text(), "");
});

test("server of the page in Rust names variables that are missing", async () => {
  const env = { PATH: process.env.PATH, SYSPARM_URL: instance.url, SYSPARM_CLIENT_ID: "" };
  const server = spawn(process.execPath, [SERVER, "0"], { env, stdio: ["ignore", "ignore", "pipe"] });
  servers.push(server);
  let errors = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [status] = await once(server, "close");
  assert.match(errors, /^Missing environment variable: SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET\. Set it to /);
  assert.equal(status, 1);
});

test("server of the page in Rust says that the page is not built", async () => {
  const file = join(unbuilt, "server.mjs");
  copyFileSync(SERVER, file);
  let errors = "";
  const address = await started(CLIENT_SECRET, file, (text) => {
    errors += text;
  });
  assert.equal((await fetch(`${address}/rust_page_bg.wasm`)).status, 502);
  while (!errors.includes("\n")) await new Promise((wake) => setTimeout(wake, 10));
  assert.match(
    errors,
    /^rust_page_bg\.wasm cannot be read\. Build the page with cargo and wasm-bindgen: examples\/README\.md/,
  );
});
