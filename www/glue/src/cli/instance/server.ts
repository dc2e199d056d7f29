/** An HTTP server in front of a practice instance in memory. */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PracticeInstance } from "sysparm/testing";
import { UsageError } from "../command.js";

export interface PracticeServer {
  /** `http://127.0.0.1:8787` */
  url: string;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

/** Bytes of a request's body. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Headers of one connection; `fetch` sets its own, and the body comes decoded. */
const OF_CONNECTION = ["connection", "content-length", "expect", "host", "keep-alive", "transfer-encoding", "upgrade"];
/** Files come back as they were sent. */
const FILE = /^\/api\/now\/(v\d+\/)?attachment\/\w+\/file$/;

/** Listens on 127.0.0.1 alone. @throws UsageError for a port that is taken or may not be used */
export async function servePractice(practice: PracticeInstance, port: number): Promise<PracticeServer> {
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((settle, refuse) => {
    server.once("error", (thrown) => {
      refuse(new UsageError(`Invalid option \`--port\`: ${thrown.message}. Pass another, or 0 for a free one.`));
    });
    server.listen(port, "127.0.0.1", settle);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The instance in memory has another address.
  const { host } = new URL(practice.url);
  const ownAddress = (text: string) => text.replaceAll(`https://${host}`, url).replaceAll(`http://${host}`, url);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return void response.writeHead(413).end();
    const ended = new AbortController();
    response.on("close", () => ended.abort());
    const headers = new Headers();
    for (const [name, values] of Object.entries(request.headersDistinct))
      for (const value of OF_CONNECTION.includes(name) ? [] : (values ?? [])) headers.append(name, value);
    const target = new URL(request.url ?? "/", practice.url);
    const reply = await practice.fetch(target, {
      ...{ headers, method: request.method ?? "GET", redirect: "manual", signal: ended.signal },
      body: body.length > 0 ? body : null,
    });
    const given = Buffer.from(await reply.arrayBuffer());
    const isText = /json|xml|^text\//.test(reply.headers.get("content-type") ?? "") && !FILE.test(target.pathname);
    const sent = isText ? Buffer.from(ownAddress(given.toString("utf8"))) : given;
    for (const [name, value] of reply.headers)
      if (!OF_CONNECTION.includes(name) && name !== "set-cookie") response.setHeader(name, ownAddress(value));
    const cookies = reply.headers.getSetCookie();
    // A browser keeps no Secure cookie of plain http.
    if (cookies.length > 0)
      response.setHeader(
        "set-cookie",
        cookies.map((cookie) => cookie.replace(/;\s*Secure/i, "")),
      );
    response.writeHead(reply.status);
    response.end(request.method === "HEAD" ? undefined : sent);
  }

  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part as Uint8Array);
    bytes += (part as Uint8Array).length;
    if (bytes > MOST_BYTES) return undefined;
  }
  return new Uint8Array(Buffer.concat(parts));
}
