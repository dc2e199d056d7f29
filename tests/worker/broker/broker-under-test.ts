/** The broker in workerd, with its storage on disk, and a token endpoint that counts the requests of each tenant. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningWorker, serveWorker } from "../../../www/worker/serve.ts";
import type { CredentialAnswer } from "../../../www/worker/src/broker/rpc.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";

export const SEALING_KEYS = `k1:${Buffer.alloc(32, 5).toString("base64")}`;
const OBJECTS = [
  { binding: "TOKEN_BROKER", className: "TokenBroker" },
  { binding: "TENANT_REGISTRY", className: "TenantRegistry" },
];
export const CLIENT_CREDENTIALS = { grant: "client_credentials", clientId: "{tenant}", clientSecret: "secret" };

export interface BrokerOptions {
  instanceUrl: string;
  /** By tenant, or for all of them; client credentials by default. */
  auth?: object;
  storage?: string;
  sealingKeys?: string;
}

export class BrokerUnderTest {
  readonly worker: RunningWorker;

  private constructor(worker: RunningWorker) {
    this.worker = worker;
  }

  static async start({ instanceUrl, auth, storage, sealingKeys }: BrokerOptions): Promise<BrokerUnderTest> {
    const worker = await serveWorker({
      entry: fileURLToPath(new URL("broker-worker.mjs", import.meta.url)),
      objects: OBJECTS,
      bindings: {
        INSTANCE_URL: instanceUrl,
        SEALING_KEYS: sealingKeys ?? SEALING_KEYS,
        AUTH: JSON.stringify(auth ?? CLIENT_CREDENTIALS),
      },
      ...(storage !== undefined && { storage }),
    });
    return new BrokerUnderTest(worker);
  }

  /** Asks for a tenant's credential, as an isolate does. */
  ask(tenant: string, question: object = {}): Promise<CredentialAnswer> {
    return this.#post({ tenant, question }) as Promise<CredentialAnswer>;
  }

  call(tenant: string, call: string, more: object = {}): Promise<unknown> {
    return this.#post({ tenant, call, ...more });
  }

  async #post(body: object): Promise<unknown> {
    const reply = await fetch(this.worker.url, { method: "POST", body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  /** As a crash or a kernel ends it. */
  async kill(): Promise<void> {
    process.kill(this.worker.processId, "SIGKILL");
    await this.worker.ended;
  }
}

export interface CountingInstance extends ScriptedInstance {
  /** Token requests by client id. */
  readonly counts: Map<string, number>;
  /** Of the tokens granted from now on, in seconds. */
  lifetime: number;
  /** Before each reply of the token endpoint. */
  delayMs: () => number;
  total(): number;
}

/** Grants every client a new token. */
export async function countingInstance(): Promise<CountingInstance> {
  const scripted = await scriptedInstance();
  const counts = new Map<string, number>();
  const instance: CountingInstance = Object.assign(scripted, {
    counts,
    lifetime: 1799,
    delayMs: () => 0,
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  });
  let granted = 0;
  instance.answerToken = (request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const client = new URLSearchParams(body).get("client_id") ?? "";
      counts.set(client, (counts.get(client) ?? 0) + 1);
      granted += 1;
      const reply = { access_token: `${client}-${granted}`, token_type: "Bearer", expires_in: instance.lifetime };
      setTimeout(() => json(200, reply)(request, response), instance.delayMs());
    });
  };
  return instance;
}

/** A folder that is removed after the test. */
export async function temporaryFolder(t: { after(run: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sysparm-broker-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
