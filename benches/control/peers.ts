/**
 * The cost of other libraries for each request, with the same fetch that answers from memory: ky, axios, and cockatiel with a retry
 * policy and a circuit breaker, once without and once with a time limit. Every request of sysparm has a time limit.
 */
import { pathToFileURL } from "node:url";
import { installedPeers } from "../peers/installed.ts";
import { inTurns, type Pairs, requests } from "./loops.ts";

type Ky = (url: string, options: object) => Promise<Response>;

interface Axios {
  request(options: object): Promise<{ status: number }>;
}

interface Policy {
  execute(run: (context: { signal: AbortSignal }) => Promise<Response>): Promise<Response>;
}

interface Cockatiel {
  retry(handled: unknown, options: object): Policy;
  circuitBreaker(handled: unknown, options: object): Policy;
  timeout(ms: number, strategy: string): Policy;
  wrap(...policies: Policy[]): Policy;
  ConsecutiveBreaker: new (failures: number) => unknown;
  handleAll: unknown;
}

/** undefined if the registry cannot be reached. */
export async function measurePeers(rounds: number): Promise<Record<string, Pairs> | undefined> {
  const require = installedPeers();
  if (!require) return undefined;
  const { url, init, memory, times } = requests();
  const bare = times(() => memory(url, init));
  const ky = ((await import(pathToFileURL(require.resolve("ky")).href)) as { default: Ky }).default;
  const axios = require("axios") as Axios;
  const { retry, circuitBreaker, timeout, wrap, ConsecutiveBreaker, handleAll } = require("cockatiel") as Cockatiel;
  const retries = retry(handleAll, { maxAttempts: 4 });
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
  const two = wrap(retries, breaker);
  const three = wrap(retries, breaker, timeout(70_000, "aggressive"));
  const options = { url, ...init, adapter: "fetch", responseType: "stream", env: { fetch: memory, Request, Response } };
  const all = {
    ky: times(() => ky(url, { ...init, fetch: memory })),
    axios: times(() => axios.request(options)),
    "cockatiel, retry and breaker": times(() => two.execute(() => memory(url, init))),
    "cockatiel, with a time limit too": times(() => three.execute(({ signal }) => memory(url, { ...init, signal }))),
  };
  const measured: Record<string, Pairs> = {};
  for (const [name, run] of Object.entries(all)) measured[name] = await inTurns(rounds, run, bare);
  return measured;
}
