/** A broker's renewal without Cloudflare: storage in memory that survives the object, and a token endpoint that the test answers. */
import type { Store } from "sysparm";
import type { ObtainedToken } from "sysparm/durable-object";
import { SealedStorage } from "../../../www/glue/src/durable-object/sealed-storage.ts";
import { Sealing } from "../../../www/glue/src/durable-object/sealing.ts";
import { TokenRenewal } from "../../../www/glue/src/durable-object/token-renewal.ts";

export const KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;

/** One token request that waits for its reply. */
export interface PendingRequest {
  readonly credentialVersion: number;
  readonly store: Store;
  grant(token: string, lifetimeMs?: number): void;
  fail(error: unknown): void;
}

export class FakeObject {
  readonly texts = new Map<string, unknown>();
  alarmAt: number | null = null;
  /** Runs before each write, so that a test can end the object between two. */
  beforeWrite: (name: string) => void | Promise<void> = () => undefined;
  readonly requests: PendingRequest[] = [];
  readonly states: string[] = [];
  #life = 0;

  /** The object as it starts: what was in memory is gone, what was stored is there. */
  start(): TokenRenewal {
    this.#life += 1;
    const life = this.#life;
    const alive = () => life === this.#life;
    const never = new Promise<never>(() => undefined);
    const write = async (name: string, run: () => void) => {
      await this.beforeWrite(name);
      if (!alive()) return never;
      run();
    };
    const storage = {
      get: async <T>(name: string) => this.texts.get(name) as T | undefined,
      put: (name: string, value: unknown) => write(name, () => this.texts.set(name, value)),
      delete: async (names: string[]) => names.filter((name) => this.texts.delete(name)).length,
      list: async ({ prefix }: { prefix: string }) =>
        new Map([...this.texts].filter(([name]) => name.startsWith(prefix))),
      setAlarm: async (at: number) => {
        this.alarmAt = at;
      },
      deleteAlarm: async () => {
        this.alarmAt = null;
      },
    };
    return new TokenRenewal(new SealedStorage(storage, Sealing.fromText(KEYS), "object"), {
      obtain: ({ credentialVersion, store }) =>
        new Promise<ObtainedToken>((resolve) => {
          const end = (obtained: ObtainedToken) => (alive() ? resolve(obtained) : undefined);
          this.requests.push({
            credentialVersion,
            store: store(credentialVersion),
            grant: (token, lifetimeMs = 1_800_000) =>
              end({ credentialVersion, token, expiresAt: Date.now() + lifetimeMs }),
            fail: (error) => end({ credentialVersion, error }),
          });
        }),
      stateChanged: (state) => this.states.push(state),
    });
  }

  /** The next token request. */
  async request(): Promise<PendingRequest> {
    for (let waited = 0; waited < 5_000; waited += 1) {
      const request = this.requests.shift();
      if (request) return request;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error("no token request came");
  }
}

/** The stored text of `connect()`. */
export function storedTokens(access: string, refresh: string): string {
  const now = Date.now();
  return ["sysparm-tokens 1", now, now + 1_800_000, access, refresh].join("\n");
}
