/** Sends a request line exactly as written. `fetch` cannot, because it normalises the URL. */

import { connect } from "node:net";

export interface RawReply {
  status: number;
  text: string;
}

export async function rawRequest(
  url: string,
  requestLine: string,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const lines = Object.entries({ host: new URL(url).host, connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const text = await rawText(url, `${requestLine} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/** Sends text as bytes and returns all that comes back until the connection ends, or until nothing has come for `idleMs`. */
export function rawText(url: string, text: string, idleMs = 0): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.end(Buffer.from(text, "latin1")));
    if (idleMs > 0) socket.setTimeout(idleMs, () => socket.destroy());
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error) => (idleMs > 0 ? socket.destroy() : reject(error)));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}
