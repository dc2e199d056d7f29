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
  /** Of 100 requests 99 were faster; in microseconds. */
  late: number;
  count: number;
}

/** undefined if the registry cannot be reached. */
export function undici(): Undici | undefined {
  return installedPeers()?.("undici");
}

const FIELDS = "sysparm_fields=number,short_description,sys_id&sysparm_limit=100&sysparm_exclude_reference_link=true";

/** How many addresses are requested in turn: a worker that remembers answers about one address gains nothing. */
const ADDRESSES = 4_096;

/** Requests for so long, with `atOnce` under way. */
export class Callers {
  readonly #pool: Pool;
  readonly #atOnce: number;
  readonly #headers: Record<string, string>;
  #next = 0;

  constructor({ Pool }: Undici, url: string, atOnce: number, headers: Record<string, string>) {
    this.#pool = new Pool(url, { connections: atOnce, pipelining: 1 });
    this.#atOnce = atOnce;
    this.#headers = headers;
  }

  /** Readings of one table, each with another query. */
  async call(table: string, length: number): Promise<Served> {
    const durations: number[] = [];
    const began = performance.now();
    const caller = async () => {
      for (let now = began; now - began < length; ) {
        this.#next = (this.#next + 1) % ADDRESSES;
        const path = `${table}?sysparm_query=active%3Dtrue%5EnumberSTARTSWITHINC${this.#next}%5EORDERBYsys_id&${FIELDS}`;
        const { statusCode, body } = await this.#pool.request({ path, method: "GET", headers: this.#headers });
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
    const at = (part: number) => (durations[Math.floor(durations.length * part)] ?? Number.NaN) * 1000;
    return { rate: (durations.length / took) * 1000, middle: at(0.5), late: at(0.99), count: durations.length };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
