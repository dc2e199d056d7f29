/** The cost of other libraries for each request, with the same fetch that answers from memory. `overheads()` measures cockatiel with a time limit. */
import { pathToFileURL } from "node:url";
import { installedPeers } from "../peers/installed.ts";
import { type Cockatiel, type Policy, policies } from "./cockatiel.ts";
import { inTurns, type Pairs, requests } from "./loops.ts";

type Ky = (url: string, options: object) => Promise<Response>;

interface Axios {
  request(options: object): Promise<{ status: number }>;
}

/** undefined if the registry cannot be reached. */
export async function measurePeers(rounds: number): Promise<Record<string, Pairs> | undefined> {
  const require = installedPeers();
  if (!require) return undefined;
  const { url, init, memory, times } = requests();
  const bare = times(() => memory(url, init));
  const ky = ((await import(pathToFileURL(require.resolve("ky")).href)) as { default: Ky }).default;
  const axios = require("axios") as Axios;
  const { unlimited } = policies(require("cockatiel") as Cockatiel);
  const options = { url, ...init, adapter: "fetch", responseType: "stream", env: { fetch: memory, Request, Response } };
  const all = {
    ky: times(() => ky(url, { ...init, fetch: memory })),
    axios: times(() => axios.request(options)),
    "cockatiel, retry and breaker": times(() => unlimited.execute(() => memory(url, init))),
  };
  const measured: Record<string, Pairs> = {};
  for (const [name, run] of Object.entries(all)) measured[name] = await inTurns(rounds, run, bare);
  return measured;
}

/** cockatiel with a time limit; undefined if the registry cannot be reached. */
export function limitedPolicy(): Policy | undefined {
  const require = installedPeers();
  return require && policies(require("cockatiel") as Cockatiel).limited;
}
