/** Sends a request line exactly as written. `fetch` cannot, because it normalises the URL. */

import { connect } from "node:net";

export interface RawReply {
  status: number;
  text: string;
}

export function rawRequest(url: string, requestLine: string, headers: Record<string, string> = {}): Promise<RawReply> {
  const { hostname, port, host } = new URL(url);
  const lines = Object.entries({ host, connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.end(Buffer.from(`${requestLine} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"));
    });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
  });
}
