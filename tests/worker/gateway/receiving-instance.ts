/** Writes through `passThrough` to an instance that is a server of this process: it keeps what it receives, and answers as a test says. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { passThrough } from "../../../www/worker/src/gateway/pass-through.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { destination, EVERYTHING, type TestDestination, timing } from "./destination.ts";

export interface Received {
  method: string;
  target: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export const received: Received[] = [];
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
/** What the instance answers with. */
export const instance: { answer: Answer } = { answer: () => {} };
const server = createServer(async (request, response) => {
  const entry: Received = {
    method: request.method ?? "",
    target: request.url ?? "",
    headers: request.headers,
    body: "",
  };
  received.push(entry);
  request.on("error", () => {});
  try {
    for await (const chunk of request) entry.body += chunk;
  } catch {
    return;
  }
  instance.answer(request, response);
});

export const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

export const REFUSED_TOKEN = reply(401, {
  error: { message: "User Not Authenticated", detail: "Required to provide Auth information" },
  status: "failure",
});

/** Begins to listen. */
export async function startInstance(): Promise<void> {
  await once(server.listen(0, "127.0.0.1"), "listening");
}

/** Forgets what was received, and answers that a record was created. */
export function resetInstance(): void {
  received.splice(0);
  instance.answer = reply(201, { result: { sys_id: "a" } });
}

export function stopInstance(): void {
  server.closeAllConnections();
  server.close();
}

/** The instance for a caller with this policy. */
export function toInstance(policy: Policy = EVERYTHING): TestDestination {
  return destination(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, policy);
}

export interface Written {
  method?: string;
  target?: string;
  body?: string | ReadableStream;
  headers?: Record<string, string>;
}

/** A stream of this text, in pieces. */
export function streamOf(text: string, pieces = 4): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const size = Math.ceil(bytes.length / pieces);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

export async function write(written: Written, to = toInstance()): Promise<Response> {
  const { method = "POST", target = "/api/now/table/incident", body, headers = {} } = written;
  const length = typeof body === "string" ? { "content-length": String(Buffer.byteLength(body)) } : {};
  const init = { method, headers: { "content-type": "application/json", ...length, ...headers }, duplex: "half" };
  const request = new Request(`https://worker.example${target}`, body === undefined ? init : { ...init, body });
  return passThrough(request, target, to, timing());
}

export const RECORD = '{"short_description":"disk full"}';
