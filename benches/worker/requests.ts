/**
 * The callers: undici, the client that Node's own developers maintain. It is used without its `fetch`, so that it takes a tenth of the
 * processor time of a worker, keeps as many requests under way as wanted, and each request can be timed in microseconds.
 */
import { installedPeers } from "../peers/installed.ts";

interface Options {
  path: string;
  method: string;
  headers: Record<string, string>;
}

interface Reply {
  statusCode: number;
  body: { dump(limit: { limit: number }): Promise<void> };
}

interface Pool {
  request(options: Options): Promise<Reply>;
  close(): Promise<void>;
}

export interface Undici {
  Pool: new (origin: string, options: { connections: number; pipelining: number }) => Pool;
}

export interface Served {
  /** Requests a second. */
  rate: number;
  /** The median of their durations in microseconds. */
  middle: number;
  count: number;
}

/** undefined if the registry cannot be reached. */
export function undici(): Undici | undefined {
  return installedPeers()?.("undici");
}

/** Requests for so long, with `atOnce` under way. */
export class Callers {
  readonly #pool: Pool;
  readonly #atOnce: number;
  readonly #headers: Record<string, string>;

  constructor({ Pool }: Undici, url: string, atOnce: number, headers: Record<string, string>) {
    this.#pool = new Pool(url, { connections: atOnce, pipelining: 1 });
    this.#atOnce = atOnce;
    this.#headers = headers;
  }

  async call(path: string, length: number): Promise<Served> {
    const durations: number[] = [];
    const options = { path, method: "GET", headers: this.#headers };
    const began = performance.now();
    const caller = async () => {
      for (let now = began; now - began < length; ) {
        const { statusCode, body } = await this.#pool.request(options);
        await body.dump({ limit: Number.MAX_SAFE_INTEGER });
        if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}`);
        const ended = performance.now();
        durations.push(ended - now);
        now = ended;
      }
    };
    await Promise.all(Array.from({ length: this.#atOnce }, caller));
    const took = performance.now() - began;
    durations.sort((one, other) => one - other);
    const middle = (durations[durations.length >> 1] ?? Number.NaN) * 1000;
    return { rate: (durations.length / took) * 1000, middle, count: durations.length };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
