/** The worker in workerd, for one instance, with one caller key that the tests know. */

export { type Envelope, envelopeOf } from "./envelope.ts";

import { hashOfKey, type RunningWorker, serveWorker } from "../../www/worker/serve.ts";

export const KEY = "key-of-the-tests-4b1f0c9e";
export const CLIENT_SECRET = "practice-secret";
export const CONSOLE = "http://127.0.0.1:4173";

/** All but the instance's address. */
export const BINDINGS = {
  CLIENT_ID: "practice-client",
  CLIENT_SECRET,
  CALLER_KEYS: JSON.stringify([
    { name: "another caller", sha256: hashOfKey("another key") },
    { name: "tests", sha256: hashOfKey(KEY) },
  ]),
  ALLOWED_ORIGINS: `https://console.example.com, ${CONSOLE}`,
};

/** Starts the worker; `changes` replaces single bindings. */
export async function workerFor(instanceUrl: string, changes: Record<string, string> = {}): Promise<RunningWorker> {
  return serveWorker({ bindings: { ...BINDINGS, INSTANCE_URL: instanceUrl, ...changes } });
}

/** A call with the tests' key. */
export function call(worker: RunningWorker, target: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${KEY}`);
  return fetch(worker.url + target, { ...init, headers });
}
