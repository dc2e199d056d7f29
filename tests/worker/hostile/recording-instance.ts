/** An instance that records whatever arrives, and answers in ways that a gateway must not pass on. */

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** How everything but the token endpoint is answered. */
export type AnswerKind = "data" | "redirect" | "cookie" | "refusal" | "page";

export const ANSWER_KINDS: readonly AnswerKind[] = ["data", "redirect", "cookie", "refusal", "page"];

export interface RecordingInstance {
  readonly url: string;
  readonly arrived: Arrived[];
  answer: AnswerKind;
  /** Where its redirects lead. */
  elsewhere: string;
  stop(): Promise<void>;
}

/** `name` is in its token and its data: `token-of-alpha`, `data-of-alpha`. */
export async function recordingInstance(name: string): Promise<RecordingInstance> {
  const server = createServer(async (request, response) => {
    const arrived = await received(request);
    if (arrived.target === "/oauth_token.do") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ access_token: `token-of-${name}`, token_type: "Bearer", expires_in: 1799 }));
      return;
    }
    instance.arrived.push(arrived);
    const secrets = { "set-cookie": `glide_user=session-of-${name}`, "x-usertoken-response": `session-of-${name}` };
    switch (instance.answer) {
      case "data":
        return response.writeHead(200, { "content-type": "application/json" }).end(`{"result":"data-of-${name}"}`);
      case "cookie":
        response.writeHead(200, { "content-type": "application/json", ...secrets });
        return response.end(`{"result":"data-of-${name}"}`);
      case "redirect":
        return response.writeHead(302, { location: `${instance.elsewhere}${arrived.target}`, ...secrets }).end();
      case "refusal":
        // As an instance that repeats the request in its message.
        response.writeHead(401, { "content-type": "application/json", ...secrets });
        return response.end(JSON.stringify({ error: { message: String(request.headers.authorization), detail: "" } }));
      case "page":
        response.writeHead(500, { "content-type": "text/html", ...secrets });
        return response.end(`<html>${request.headers.authorization}</html>`);
    }
  });
  // What no HTTP parser accepts has arrived, too.
  server.on("clientError", (_, socket) => {
    instance.arrived.push({ method: "malformed", target: "", headers: [], body: "" });
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const instance: RecordingInstance = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: [],
    answer: "data",
    elsewhere: "",
    async stop() {
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await stopped;
    },
  };
  return instance;
}

async function received(request: IncomingMessage): Promise<Arrived> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // The worker has ended the request. What has arrived of it counts.
  }
  const { method = "", url: target = "", rawHeaders } = request;
  const headers = rawHeaders.flatMap((text, index) =>
    index % 2 === 0 ? [[text.toLowerCase(), rawHeaders[index + 1] ?? ""] as const] : [],
  );
  return { method, target, headers, body: Buffer.concat(chunks).toString("latin1") };
}
