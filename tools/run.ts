/**
 * `make run`: starts two practice instances that differ, an edge worker in front of both, and the console, all on loopback. Stops all together.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { preview } from "vite";
import { hashOfKey } from "../www/worker/serve.ts";

/** As `make run` builds it, in Cargo's target folder. */
const INSTANCE = `${process.env.CARGO_TARGET_DIR ?? "target"}/debug/sysparm-instance`;
const PORT = Number(process.env.PORT ?? "8787");
const children: ChildProcess[] = [];
const storage = mkdtempSync(join(tmpdir(), "sysparm-run-"));

/** The tenants of the worker: their names, the options of their instances, and what their callers may read. */
const TENANTS = [
  {
    id: "acme",
    client: { clientId: "practice-client", clientSecret: "practice-secret" },
    options: ["--port", String(PORT), "--hidden", "0.04"].concat(
      process.env.DATA ? ["--data", process.env.DATA] : ["--rows", process.env.ROWS ?? "10000"],
    ),
    policy: { unrestricted: ["GET"] },
  },
  {
    id: "globex",
    client: { clientId: "globex-client", clientSecret: "globex-secret" },
    options: ["--port", String(PORT === 0 ? 0 : PORT + 1), "--rows", "2500", "--seed", "11", "--release", "xanadu"],
    policy: { tables: { incident: {} } },
  },
] as const;

/** Starts a program and waits for the address in its first line. */
function start(command: string, options: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(command, options, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code ?? "a signal"}`)));
    createInterface(child.stdout).once("line", (line) => resolve(line.split(" on ")[1] ?? ""));
    child.stdout.resume();
  });
}

function stop(): void {
  for (const child of children) child.kill("SIGTERM");
  rmSync(storage, { recursive: true, force: true });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop();
    process.exit(0);
  });
}

/** Registers a tenant as an operator does. Returns the key of its one caller. */
async function register(
  worker: string,
  adminKey: string,
  tenant: (typeof TENANTS)[number],
  facts: { instanceUrl: string; origin: string },
) {
  const key = randomBytes(24).toString("base64url");
  const record = {
    id: tenant.id,
    instanceUrl: facts.instanceUrl,
    auth: { grant: "client_credentials", ...tenant.client },
    allowedOrigins: [facts.origin],
    policies: { console: tenant.policy },
    callers: [{ name: "console", policy: "console", key: { sha256: hashOfKey(key) } }],
  };
  const reply = await fetch(`${worker}/admin/tenants/${tenant.id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(record),
  });
  if (!reply.ok) throw new Error(`The worker did not register ${tenant.id}: ${reply.status} ${await reply.text()}`);
  return key;
}

try {
  const page = await preview({ root: "www/console", logLevel: "error", preview: { host: "127.0.0.1", port: 5180 } });
  const origin = page.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
  const instances: string[] = [];
  for (const { client, options } of TENANTS) {
    const { clientId, clientSecret } = client;
    instances.push(await start(INSTANCE, [...options, "--client-id", clientId, "--client-secret", clientSecret]));
  }
  const adminKey = randomBytes(24).toString("base64url");
  const worker = await start("node", ["--import", "tsx", "www/worker/serve.ts", "--storage", storage], {
    SYSPARM_ADMIN_KEY: adminKey,
    SYSPARM_SEALING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  });
  const lines = await Promise.all(
    TENANTS.map(async (tenant, index) => {
      const instanceUrl = instances[index] ?? "";
      const key = await register(worker, adminKey, tenant, { instanceUrl, origin });
      const instance = `practice instance  ${instanceUrl}   client: ${tenant.client.clientId}   client secret: ${tenant.client.clientSecret}`;
      return [instance, `tenant             ${worker}/${tenant.id}/api/now/...   API key: ${key}`];
    }),
  );
  const tenants = TENANTS.map(({ id }) => id).join(",");
  const fragment = new URLSearchParams({ practice: instances[0] ?? "", worker, tenants });
  console.log(`
console            ${origin}/#${fragment}
${lines.flat().join("\n")}
edge worker        ${worker}   admin key: ${adminKey}

Open the console: it connects to the first practice instance. To read through the worker, open "Environments", choose "Add an environment" and
"Through the worker", and type the worker's address, a tenant's name (acme, globex) and its API key. Ctrl-C ends all.
`);
} catch (reason) {
  stop();
  console.error(reason instanceof Error ? reason.message : reason);
  process.exit(1);
}
