/** The failures that a practice instance can show, as its control interface lists them. */
import { signal } from "@preact/signals";
import * as v from "valibot";
import { isLoopback } from "../connection/practice";

export interface Scenario {
  name: string;
  /** What a caller sees. */
  symptom: string;
}

const listSchema = v.object({ scenarios: v.array(v.object({ name: v.string(), symptom: v.string() })) });

export type Scenarios = ReturnType<typeof createScenarios>;

export function createScenarios(send: typeof fetch = fetch) {
  const list = signal<Scenario[]>([]);
  /** The scenario that each practice instance shows, by its address. */
  const begun = signal<ReadonlyMap<string, string>>(new Map());
  const problem = signal("");

  async function call(address: string, path: string, body?: unknown): Promise<unknown> {
    if (!isLoopback(address)) throw new Error("Only a practice instance on this machine has scenarios.");
    const init = body === undefined ? {} : { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) };
    const options = { ...init, signal: AbortSignal.timeout(LONGEST_WAIT_MS) };
    const reply = await send(`${address}/__practice/${path}`, options).catch(() => {
      throw new Error(`No practice instance answers at ${address}. Start it with: make instance`);
    });
    if (!reply.ok) throw new Error(`The practice instance answered with status ${reply.status}.`);
    return reply.json();
  }

  async function attempt(run: () => Promise<void>): Promise<boolean> {
    problem.value = "";
    try {
      await run();
      return true;
    } catch (thrown) {
      problem.value = thrown instanceof Error ? thrown.message : String(thrown);
      return false;
    }
  }

  /** `address` is the origin of a practice instance. Says in `problem` what went wrong. */
  const load = (address: string) =>
    attempt(async () => {
      list.value = v.parse(listSchema, await call(address, "scenarios")).scenarios;
    });

  /** Resets the practice instance and begins a scenario. */
  const begin = (address: string, name: string) =>
    attempt(async () => {
      await call(address, "scenario", { name });
      begun.value = new Map([...begun.value, [address, name]]);
    });

  /** Puts the practice instance back in order. */
  const end = (address: string) =>
    attempt(async () => {
      await call(address, "reset", {});
      begun.value = new Map([...begun.value].filter(([other]) => other !== address));
    });

  /** The scenario that was begun last at an address; empty after a reset. */
  const begunAt = (address: string): string => begun.value.get(address) ?? "";

  return { list, begunAt, problem, load, begin, end };
}

const LONGEST_WAIT_MS = 5_000;
const JSON_TYPE = { "Content-Type": "application/json" };
