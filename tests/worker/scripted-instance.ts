/**
 * A scripted instance on loopback: it issues tokens, records every request as received, and replies as each test says. For tests
 * of timing and faults; ordinary behaviour is tested against the practice instance.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Arrived {
  method: string;
  /** Path and query string, byte for byte. */
  target: string;
  headers: IncomingMessage["headers"];
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ScriptedInstance {
  url: string;
  arrived: Arrived[];
  /** How everything but the token endpoint is answered. */
  answer: Answer;
  /** How the token endpoint is answered. */
  answerToken: Answer;
  stop(): Promise<void>;
}

export async function scriptedInstance(answer: Answer = json(200, { result: [] })): Promise<ScriptedInstance> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    arrived.push({ method: request.method ?? "", target: request.url ?? "", headers: request.headers });
    request.resume();
    if (request.url === "/oauth_token.do") instance.answerToken(request, response);
    else instance.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const instance: ScriptedInstance = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    answer,
    answerToken: json(200, {
      access_token: "scripted-token",
      token_type: "Bearer",
      expires_in: 1799,
      scope: "useraccount",
    }),
    async stop() {
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await stopped;
    },
  };
  return instance;
}

/** A JSON reply. */
export function json(status: number, body: unknown, headers: Record<string, string | string[]> = {}): Answer {
  return whole(status, "application/json;charset=UTF-8", JSON.stringify(body), headers);
}

/** A reply that is a web page. */
export function page(status: number, html: string): Answer {
  return whole(status, "text/html;charset=UTF-8", html, {});
}

function whole(status: number, type: string, text: string, headers: Record<string, string | string[]>): Answer {
  const body = Buffer.from(text);
  return (_, response) =>
    response.writeHead(status, { "content-type": type, "content-length": body.length, ...headers }).end(body);
}
